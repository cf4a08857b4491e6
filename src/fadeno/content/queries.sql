-- name: calendars
-- Every calendar with what its place says, the main one first.
SELECT c.id, c.name, c.place_id, p.name AS place_name, c.hours AS own_hours, c.is_main, c.answer_within_min,
       coalesce(c.hours, p.hours, '') AS hours, coalesce(c.zone, p.zone, '') AS zone,
       coalesce(c.country, p.country, '') AS country, c.region, c.on_holidays, c.special_days
FROM content.calendar c LEFT JOIN commerce.place p ON p.id = c.place_id
ORDER BY c.is_main DESC, c.name, c.id

-- name: calendar
-- One calendar with what its place says.
SELECT c.id, c.name, c.place_id, p.name AS place_name, c.hours AS own_hours, c.is_main, c.answer_within_min,
       coalesce(c.hours, p.hours, '') AS hours, coalesce(c.zone, p.zone, '') AS zone,
       coalesce(c.country, p.country, '') AS country, c.region, c.on_holidays, c.special_days
FROM content.calendar c LEFT JOIN commerce.place p ON p.id = c.place_id
WHERE c.id = %(id)s

-- name: said_here
-- What was said of a calendar itself, held until the end of the transaction.
SELECT id, name, place_id, hours, zone, country, region, on_holidays, special_days, answer_within_min, is_main
FROM content.calendar WHERE id = %(id)s FOR UPDATE

-- name: unmark_main
-- No calendar is the main one.
UPDATE content.calendar SET is_main = false WHERE is_main

-- name: has_main
-- Whether there is a main calendar.
SELECT true FROM content.calendar WHERE is_main

-- name: keep_calendar
-- A new calendar, or another word of one.
INSERT INTO content.calendar (id, name, place_id, hours, zone, country, region, on_holidays, special_days,
                              answer_within_min, is_main, changed_at)
VALUES (%(id)s, %(name)s, %(place_id)s, %(hours)s, %(zone)s, %(country)s, %(region)s, %(on_holidays)s,
        %(special_days)s, %(answer_within_min)s, %(is_main)s, %(now)s)
ON CONFLICT (id) DO UPDATE SET (name, hours, zone, country, region, on_holidays, special_days,
                                answer_within_min, is_main, changed_at)
    = (excluded.name, excluded.hours, excluded.zone, excluded.country, excluded.region, excluded.on_holidays,
       excluded.special_days, excluded.answer_within_min, excluded.is_main, excluded.changed_at)

-- name: name_taken
-- Whether another calendar has that name or that place.
SELECT true FROM content.calendar WHERE id <> %(id)s AND (name = %(name)s OR place_id = %(place_id)s)

-- name: remove_calendar
-- A calendar no more.
DELETE FROM content.calendar WHERE id = %(id)s

-- name: hold_names
-- Nobody else names anything of this kind until the end of the transaction: what is not taken stays so.
SELECT pg_advisory_xact_lock(hashtextextended('content ' || %(kind)s, 0))

-- name: texts
-- Every text somebody said here, the more special ones of a kind first.
SELECT t.id, t.kind, t.channel, t.calendar_id, c.name AS calendar_name, t.texts, t.version, t.changed_at
FROM content.text t LEFT JOIN content.calendar c ON c.id = t.calendar_id
ORDER BY t.kind, t.calendar_id IS NULL, c.name, t.channel = '', t.channel

-- name: texts_of
-- What is said of a kind, on a channel and by a calendar, from the most special on.
SELECT id, kind, channel, calendar_id, NULL AS calendar_name, texts, version, changed_at FROM content.text
WHERE kind = %(kind)s AND channel IN ('', %(channel)s)
  AND (calendar_id IS NULL OR calendar_id = %(calendar_id)s)
ORDER BY calendar_id IS NULL, channel = ''

-- name: keep_text
-- A text as it is from now on.
INSERT INTO content.text (id, kind, channel, calendar_id, texts, version, changed_at)
VALUES (%(id)s, %(kind)s, %(channel)s, %(calendar_id)s, %(texts)s, 1, %(now)s)
ON CONFLICT (kind, channel, calendar_id) DO UPDATE
    SET (texts, version, changed_at) = (excluded.texts, content.text.version + 1, excluded.changed_at)
RETURNING id, version

-- name: add_text_version
-- What a text says from now on.
INSERT INTO content.text_version (text_id, version, texts, said_by, said_at)
VALUES (%(id)s, %(version)s, %(texts)s, %(said_by)s, %(now)s)

-- name: text_versions
-- What a text said, the latest first.
SELECT version, texts, said_by, said_at FROM content.text_version WHERE text_id = %(id)s
ORDER BY version DESC LIMIT 100

-- name: saved_answers
-- Everybody's saved answers and those of one member, the most used first.
SELECT id, shortcut, name, owner_id, areas, texts, version, use_count, used_at, changed_at FROM content.saved_answer
WHERE removed_at IS NULL AND (owner_id IS NULL OR owner_id = %(member_id)s)
ORDER BY use_count DESC, shortcut, id LIMIT %(limit)s

-- name: saved_answer
-- One saved answer, held until the end of the transaction.
SELECT id, shortcut, name, owner_id, areas, texts, version, use_count, used_at, changed_at FROM content.saved_answer
WHERE id = %(id)s AND removed_at IS NULL FOR UPDATE

-- name: shortcut_taken
-- Whether another saved answer of the same owner has that shortcut.
SELECT true FROM content.saved_answer
WHERE id <> %(id)s AND shortcut = %(shortcut)s AND owner_id IS NOT DISTINCT FROM %(owner_id)s AND removed_at IS NULL

-- name: keep_answer
-- A new saved answer, or another word of one.
INSERT INTO content.saved_answer (id, shortcut, name, owner_id, areas, texts, version, changed_at)
VALUES (%(id)s, %(shortcut)s, %(name)s, %(owner_id)s, %(areas)s, %(texts)s, %(version)s, %(now)s)
ON CONFLICT (id) DO UPDATE SET (shortcut, name, areas, texts, version, changed_at)
    = (excluded.shortcut, excluded.name, excluded.areas, excluded.texts, excluded.version, excluded.changed_at)

-- name: add_answer_version
-- What a saved answer says from now on.
INSERT INTO content.answer_version (answer_id, version, name, texts, said_by, said_at)
VALUES (%(id)s, %(version)s, %(name)s, %(texts)s, %(said_by)s, %(now)s)

-- name: answer_versions
-- What a saved answer said, the latest first.
SELECT version, name, texts, said_by, said_at FROM content.answer_version WHERE answer_id = %(id)s
ORDER BY version DESC LIMIT 100

-- name: remove_answer
-- A saved answer no more; what it said is still known.
UPDATE content.saved_answer SET removed_at = %(now)s WHERE id = %(id)s

-- name: note_used
-- A saved answer was used once more.
UPDATE content.saved_answer SET use_count = use_count + 1, used_at = %(now)s WHERE id = %(id)s
