-- name: add_keys
-- Keep message keys; gives back those known before. Keys come sorted, so that writers don't deadlock.
WITH added AS (
    INSERT INTO intake.message_key (key, day)
    SELECT k, %(day)s FROM unnest(%(keys)s::uuid[]) AS k
    ON CONFLICT (key) DO NOTHING
    RETURNING key
)
SELECT encode(uuid_send(k), 'hex') AS key
FROM unnest(%(keys)s::uuid[]) AS k
WHERE (SELECT count(*) FROM added) < cardinality(%(keys)s::uuid[]) AND k NOT IN (SELECT key FROM added)

-- name: add_parcels
-- Raw bodies into the journal; they come as one, which is handed over many times faster than a list of them.
INSERT INTO intake.parcel (id, source_id, received_at, day, sealed)
SELECT p.id, p.source_id, p.received_at, %(day)s, substring(%(sealed)b::bytea FROM p.start FOR p.size)
FROM unnest(%(ids)s::uuid[], %(source_ids)s::int[], %(received)s::timestamptz[], %(starts)s::int[], %(sizes)s::int[])
     AS p (id, source_id, received_at, start, size)

-- name: add_account
-- One line of account for one source and one commit group.
INSERT INTO intake.account_delta
    (source_id, day, received, accepted, duplicate, quarantined, late, skewed, parcels, unreadable, refused, last_at)
VALUES (%(source_id)s, %(day)s, %(received)s, %(accepted)s, %(duplicate)s, %(quarantined)s, %(late)s, %(skewed)s,
        %(parcels)s, %(unreadable)s, %(refused)s, %(last_at)s)

-- name: add_quarantined
-- One event that could not be read.
INSERT INTO intake.quarantined (id, source_id, received_at, key, reason, detail, raw, envelope)
VALUES (%(id)s, %(source_id)s, %(received_at)s, %(key)s::uuid, %(reason)s, %(detail)s, %(raw)s, %(envelope)s)

-- name: accounts_by_source
-- What became of everything, by source.
SELECT source_id, sum(received)::bigint AS received, sum(accepted)::bigint AS accepted,
       sum(duplicate)::bigint AS duplicate, sum(quarantined)::bigint AS quarantined,
       sum(late)::bigint AS late, sum(skewed)::bigint AS skewed, sum(parcels)::bigint AS parcels,
       sum(unreadable)::bigint AS unreadable, sum(refused)::bigint AS refused, max(last_at) AS last_at
FROM intake.account_delta
WHERE %(source_id)s::int IS NULL OR source_id = %(source_id)s
GROUP BY source_id

-- name: quarantine
-- Events in quarantine, newest first.
SELECT id, source_id, received_at, reason, detail, state, settled_at, event_id
FROM intake.quarantined
WHERE (%(source_id)s::int IS NULL OR source_id = %(source_id)s)
  AND (%(state)s::text IS NULL OR state = %(state)s)
  AND (%(reason)s::text IS NULL OR reason = %(reason)s)
  AND (%(before)s::uuid IS NULL OR id < %(before)s)
ORDER BY id DESC
LIMIT %(limit)s

-- name: quarantine_counts
-- How many events wait, by source and reason.
SELECT source_id, reason, count(*) AS waiting
FROM intake.quarantined WHERE state = 'waiting' GROUP BY source_id, reason ORDER BY count(*) DESC

-- name: quarantined
-- One event in quarantine with its sealed content.
SELECT id, source_id, received_at, reason, detail, state, settled_at, event_id, encode(uuid_send(key), 'hex') AS key, raw, envelope
FROM intake.quarantined WHERE id = %(id)s

-- name: waiting_for_update
-- Events that wait, held against another hand.
SELECT id, source_id, received_at, reason, detail, state, settled_at, event_id, encode(uuid_send(key), 'hex') AS key, raw, envelope
FROM intake.quarantined
WHERE state = 'waiting' AND id = ANY(%(ids)s)
ORDER BY id
FOR UPDATE

-- name: waiting_ids
-- The next events that wait.
SELECT id FROM intake.quarantined
WHERE state = 'waiting' AND (%(source_id)s::int IS NULL OR source_id = %(source_id)s)
  AND (%(reason)s::text IS NULL OR reason = %(reason)s) AND (%(after)s::uuid IS NULL OR id > %(after)s)
ORDER BY id
LIMIT %(limit)s

-- name: settle
-- An event leaves quarantine.
UPDATE intake.quarantined
SET state = %(state)s, settled_at = %(now)s, event_id = %(event_id)s,
    raw = CASE WHEN %(state)s = 'replayed' THEN ''::bytea ELSE raw END,
    envelope = CASE WHEN %(state)s = 'replayed' THEN '{}'::jsonb ELSE envelope END
WHERE id = ANY(%(ids)s) AND state = 'waiting'

-- name: wait_again
-- What was dismissed in one act waits as before.
UPDATE intake.quarantined SET state = 'waiting', settled_at = NULL
WHERE state = 'dismissed' AND settled_at = %(dismissed_at)s

-- name: readable_after
-- The next events in quarantine whose content is still there.
SELECT id, raw, envelope FROM intake.quarantined
WHERE state <> 'replayed' AND (%(after)s::uuid IS NULL OR id > %(after)s)
ORDER BY id
LIMIT %(limit)s

-- name: empty
-- Take the content out of events in quarantine; they stay counted.
UPDATE intake.quarantined q SET raw = n.raw, detail = '', envelope = '{}'
FROM unnest(%(ids)s::uuid[], %(raws)s::bytea[]) AS n (id, raw)
WHERE q.id = n.id

-- name: still_bad
-- The event was tried again and can't be read for this reason.
UPDATE intake.quarantined SET reason = %(reason)s, detail = %(detail)s WHERE id = %(id)s

-- name: add_day_key
-- The key of a day, unless another process was quicker.
INSERT INTO intake.day_key (day, sealed) VALUES (%(day)s, %(sealed)s) ON CONFLICT (day) DO NOTHING

-- name: day_key
-- The sealed key of a day.
SELECT sealed FROM intake.day_key WHERE day = %(day)s

-- name: parcel
-- One raw body, sealed.
SELECT day, sealed FROM intake.parcel WHERE id = %(id)s

-- name: destroy_keys
-- Keys older than the journal is kept; what they sealed is gone with them.
DELETE FROM intake.day_key WHERE day < %(before)s

-- name: drop_parcels
-- A small batch of unreadable journal rows.
DELETE FROM intake.parcel
WHERE id IN (SELECT id FROM intake.parcel WHERE id < %(before)s ORDER BY id LIMIT %(limit)s)

-- name: forget_keys
-- A small batch of message keys whose time is over.
DELETE FROM intake.message_key
WHERE key IN (SELECT key FROM intake.message_key WHERE day < %(before)s LIMIT %(limit)s)

-- name: fold_accounts
-- Fold the deltas of past days into one row per source and day.
WITH many AS (
    SELECT source_id, day FROM intake.account_delta WHERE day < %(before)s
    GROUP BY source_id, day HAVING count(*) > 1 LIMIT 50
), gone AS (
    DELETE FROM intake.account_delta d USING many m WHERE d.source_id = m.source_id AND d.day = m.day
    RETURNING d.source_id, d.day, d.received, d.accepted, d.duplicate, d.quarantined, d.late, d.skewed, d.parcels,
              d.unreadable, d.refused, d.last_at
)
INSERT INTO intake.account_delta
    (source_id, day, received, accepted, duplicate, quarantined, late, skewed, parcels, unreadable, refused, last_at)
SELECT source_id, day, sum(received), sum(accepted), sum(duplicate), sum(quarantined), sum(late), sum(skewed),
       sum(parcels), sum(unreadable), sum(refused), max(last_at)
FROM gone GROUP BY source_id, day

-- name: count_events
-- How many events of each source the log holds (for checking the accounts).
SELECT source_id, count(*) AS events FROM events.event GROUP BY source_id

-- name: count_waiting
-- How many events of each source wait or were dismissed in quarantine.
SELECT source_id, count(*) AS held FROM intake.quarantined WHERE state <> 'replayed' GROUP BY source_id
