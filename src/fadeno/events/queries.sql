-- name: add_own
-- A few events of our own making.
INSERT INTO events.event
    (id, source_id, channel, kind, name, address_id, customer_id, occurred_at, received_at, body)
SELECT e.id, e.source_id, e.channel, e.kind, e.name, e.address_id, e.customer_id, e.occurred_at, e.received_at, e.body
FROM jsonb_to_recordset(%(events)s::jsonb)
     AS e (id uuid, source_id integer, channel text, kind text, name text, address_id uuid, customer_id uuid,
           occurred_at timestamptz, received_at timestamptz, body jsonb)

-- name: note_arrival
-- Tell the sequencer of one committed group.
INSERT INTO events.arrival (event_ids, customer_ids) VALUES (%(event_ids)s::uuid[], %(customer_ids)s::uuid[])

-- name: note_signs
-- Tell the sequencer of things committed that are no events.
INSERT INTO events.arrival (event_ids, customer_ids, topic, kind, about_id, member_id)
SELECT '{}', '{}', %(topic)s, %(kind)s, about_id, %(member_id)s FROM unnest(%(about_ids)s::uuid[]) AS n (about_id)

-- name: sequence
-- Give waiting groups and signs their positions on the live stream, in order of arrival, and tell the other processes.
WITH waiting AS (
    SELECT id FROM events.arrival ORDER BY id LIMIT %(limit)s
), taken AS (
    DELETE FROM events.arrival a USING waiting w WHERE a.id = w.id
    RETURNING a.id, a.event_ids, a.customer_ids, a.topic, a.kind, a.about_id, a.member_id
), placed AS (
    SELECT greatest((SELECT position FROM events.run ORDER BY position DESC LIMIT 1),
                    (SELECT position FROM events.sign ORDER BY position DESC LIMIT 1), 0)
           + sum(greatest(cardinality(event_ids), 1)) OVER (ORDER BY id) AS position,
           event_ids, customer_ids, topic, kind, about_id, member_id
    FROM taken
), kept AS (
    INSERT INTO events.run (position, event_ids, made_at)
    SELECT position, event_ids, %(now)s FROM placed WHERE topic IS NULL
), signed AS (
    INSERT INTO events.sign (position, topic, kind, about_id, member_id, made_at)
    SELECT position, topic, kind, about_id, member_id, %(now)s FROM placed WHERE topic IS NOT NULL
), told AS (
    SELECT pg_notify('fadeno_live', max(position)::bigint::text || CASE WHEN bool_and(topic IS NOT NULL) THEN ' signs' ELSE '' END)
    FROM placed HAVING count(*) > 0
)
SELECT p.position::bigint, p.customer_ids, p.topic, p.kind, p.about_id, p.member_id
FROM placed p CROSS JOIN told ORDER BY p.position

-- name: last_position
-- The end of the live stream.
SELECT greatest((SELECT position FROM events.run ORDER BY position DESC LIMIT 1),
                (SELECT position FROM events.sign ORDER BY position DESC LIMIT 1), 0)::bigint

-- name: signs_since
-- Signs after a position, in stream order.
SELECT position, topic, kind, about_id, member_id FROM events.sign
WHERE position > %(after)s ORDER BY position LIMIT %(limit)s

-- name: oldest_sign
-- The first sign that is kept, and when it was made.
SELECT position, made_at FROM events.sign ORDER BY position LIMIT 1

-- name: trim_signs
-- Forget old signs, but for the last of them: by it one knows that there were some.
DELETE FROM events.sign
WHERE position < (SELECT position FROM events.sign WHERE made_at < %(before)s ORDER BY position DESC LIMIT 1)

-- name: since
-- Events after a position, in stream order; the place is cut out first, so that long runs cost nothing.
WITH page AS (
    SELECT r.position - cardinality(r.event_ids) + u.ordinality AS position, u.id
    FROM (SELECT position, event_ids FROM events.run WHERE position > %(after)s ORDER BY position LIMIT %(limit)s) r
    CROSS JOIN LATERAL unnest(r.event_ids) WITH ORDINALITY AS u (id, ordinality)
    WHERE r.position - cardinality(r.event_ids) + u.ordinality > %(after)s
    ORDER BY 1
    LIMIT %(limit)s
)
SELECT p.position, e.id, e.source_id, e.channel, e.kind, e.name, e.address_id, e.customer_id,
       e.occurred_at, e.received_at, e.body
FROM page p
JOIN events.event e ON e.id = p.id
ORDER BY 1

-- name: restamp
-- Rewrite the cached customer of events after a merge or split.
UPDATE events.event e SET customer_id = n.customer_id
FROM unnest(%(ids)s::uuid[], %(customer_ids)s::uuid[]) AS n (id, customer_id)
WHERE e.id = n.id AND e.customer_id <> n.customer_id

-- name: blank
-- Empty the bodies of an erased customer's events; ids and counts stay.
UPDATE events.event SET body = '{"erased": true}', name = NULL, message_id = NULL
WHERE customer_id = ANY(%(customer_ids)s) AND address_id = ANY(%(address_ids)s)
  AND body <> '{"erased": true}'

-- name: partitions
-- The partitions of the log.
SELECT c.relname AS name
FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
WHERE i.inhparent = 'events.event'::regclass

-- name: listen
-- Hear of new positions given by another process.
LISTEN fadeno_live

-- name: listen_whispers
-- Hear what processes say to each other and nobody keeps.
LISTEN fadeno_whisper

-- name: whisper
-- Say something to all processes that nobody keeps.
SELECT pg_notify('fadeno_whisper', %(said)s)

-- name: unlisten
-- Hear no more: who gives the positions knows them.
UNLISTEN fadeno_live

-- name: take_sequencing
-- Try to become the one sequencer of this database.
SELECT pg_try_advisory_lock(%(lock)s)

-- name: make_partition
-- Add one partition of the log.
SELECT events.make_partition(%(name)s, %(first)s, %(after)s)

-- name: withdraw
-- Events that are said no more, because of this; those that were not so already come back.
UPDATE events.event SET withdrawn_by = %(by)s
WHERE id = ANY(%(ids)s::uuid[]) AND withdrawn_by IS DISTINCT FROM %(by)s
RETURNING id, source_id, address_id, other_address_ids, customer_id

-- name: supersede
-- Events in whose place newer word stands; those that were said until now come back.
UPDATE events.event SET withdrawn_by = id
WHERE id = ANY(%(ids)s::uuid[]) AND withdrawn_by IS NULL
RETURNING id, source_id, address_id, other_address_ids, customer_id

-- name: restore
-- Superseded events that are said again.
UPDATE events.event SET withdrawn_by = NULL
WHERE id = ANY(%(ids)s::uuid[]) AND withdrawn_by = id
RETURNING id, source_id, kind, address_id, other_address_ids, occurred_at, body
