-- name: calendars
-- Every calendar with what its place says, the main one first.
SELECT c.id, c.name, c.place_id, p.name AS place_name, c.hours AS own_hours, c.is_main, c.answer_within_min,
       coalesce(c.hours, p.hours, '') AS hours, coalesce(c.zone, p.zone, '') AS zone,
       coalesce(c.country, p.country, '') AS country, c.region, c.on_holidays, c.special_days, c.texts
FROM content.calendar c LEFT JOIN commerce.place p ON p.id = c.place_id
ORDER BY c.is_main DESC, c.name, c.id

-- name: calendar
-- One calendar with what its place says.
SELECT c.id, c.name, c.place_id, p.name AS place_name, c.hours AS own_hours, c.is_main, c.answer_within_min,
       coalesce(c.hours, p.hours, '') AS hours, coalesce(c.zone, p.zone, '') AS zone,
       coalesce(c.country, p.country, '') AS country, c.region, c.on_holidays, c.special_days, c.texts
FROM content.calendar c LEFT JOIN commerce.place p ON p.id = c.place_id
WHERE c.id = %(id)s

-- name: said_here
-- What was said of a calendar itself, held until the end of the transaction.
SELECT id, name, place_id, hours, zone, country, region, on_holidays, special_days, texts, answer_within_min, is_main
FROM content.calendar WHERE id = %(id)s FOR UPDATE

-- name: unmark_main
-- No calendar is the main one.
UPDATE content.calendar SET is_main = false WHERE is_main

-- name: has_main
-- Whether there is a main calendar.
SELECT true FROM content.calendar WHERE is_main

-- name: keep_calendar
-- A new calendar, or another word of one; no row where the name or the place is taken.
INSERT INTO content.calendar (id, name, place_id, hours, zone, country, region, on_holidays, special_days, texts,
                              answer_within_min, is_main, changed_at)
VALUES (%(id)s, %(name)s, %(place_id)s, %(hours)s, %(zone)s, %(country)s, %(region)s, %(on_holidays)s,
        %(special_days)s, %(texts)s, %(answer_within_min)s, %(is_main)s, %(now)s)
ON CONFLICT (id) DO UPDATE SET (name, hours, zone, country, region, on_holidays, special_days, texts,
                                answer_within_min, is_main, changed_at)
    = (excluded.name, excluded.hours, excluded.zone, excluded.country, excluded.region, excluded.on_holidays,
       excluded.special_days, excluded.texts, excluded.answer_within_min, excluded.is_main, excluded.changed_at)

-- name: name_taken
-- Whether another calendar has that name or that place.
SELECT true FROM content.calendar WHERE id <> %(id)s AND (name = %(name)s OR place_id = %(place_id)s)

-- name: remove_calendar
-- A calendar no more.
DELETE FROM content.calendar WHERE id = %(id)s
