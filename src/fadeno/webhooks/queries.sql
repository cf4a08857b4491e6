-- name: add
-- Make a subscription.
INSERT INTO webhooks.subscription (id, name, url, kinds, secret, position, made_by, made_at)
VALUES (%(id)s, %(name)s, %(url)s, %(kinds)s, %(secret)s, %(position)s, %(made_by)s, %(now)s)

-- name: subscriptions
-- Every subscription, oldest first.
SELECT id, name, url, kinds, state, reason, position, failing_since, delivered_at, made_by, made_at
FROM webhooks.subscription ORDER BY id

-- name: subscription
-- One subscription.
SELECT id, name, url, kinds, state, reason, position, failing_since, delivered_at, made_by, made_at
FROM webhooks.subscription WHERE id = %(id)s

-- name: subscription_to_change
-- One subscription, locked.
SELECT id, name, url, kinds, state, reason, position, failing_since, delivered_at, made_by, made_at
FROM webhooks.subscription WHERE id = %(id)s FOR NO KEY UPDATE

-- name: sealed
-- The sealed secrets of a subscription.
SELECT secret, old_secret, old_secret_until FROM webhooks.subscription WHERE id = %(id)s

-- name: change
-- Change what a member may change; a new state clears what was known of failures.
UPDATE webhooks.subscription
SET name = %(name)s, url = %(url)s, kinds = %(kinds)s, state = %(state)s, reason = %(reason)s,
    failing_since = CASE WHEN state = %(state)s THEN failing_since END
WHERE id = %(id)s

-- name: rotate
-- A new secret; the one before signs beside it for a while.
UPDATE webhooks.subscription SET old_secret = secret, old_secret_until = %(until)s, secret = %(secret)s
WHERE id = %(id)s

-- name: delete
-- Forget a subscription and its attempts.
DELETE FROM webhooks.subscription WHERE id = %(id)s

-- name: behind
-- Subscriptions that have something to hear, locked against a replay meanwhile.
SELECT id, name, url, kinds, state, reason, position, failing_since, delivered_at, made_by, made_at
FROM webhooks.subscription WHERE state = 'on' AND position < %(last)s
ORDER BY id FOR NO KEY UPDATE

-- name: stream_part
-- Wanted events of a stretch of the live stream, in its order.
SELECT r.position - cardinality(r.event_ids) + u.ordinality AS position, e.id, e.customer_id
FROM events.run r
CROSS JOIN LATERAL unnest(r.event_ids) WITH ORDINALITY AS u (id, ordinality)
JOIN events.event e ON e.id = u.id
WHERE r.position > %(after)s
  AND r.position <= coalesce((SELECT min(x.position) FROM events.run x WHERE x.position >= %(upto)s), %(upto)s)
  AND r.position - cardinality(r.event_ids) + u.ordinality > %(after)s
  AND r.position - cardinality(r.event_ids) + u.ordinality <= %(upto)s
  AND (cardinality(%(kinds)s::text[]) = 0 OR e.kind = ANY(%(kinds)s::text[])
       OR e.kind || ':' || e.name = ANY(%(kinds)s::text[]))
ORDER BY 1

-- name: move
-- Everything up to a position is in the outbox.
UPDATE webhooks.subscription SET position = %(position)s WHERE id = %(id)s

-- name: lowest_open
-- The first position that waits in a lane of the outbox.
SELECT min((body->>'position')::bigint) FROM jobs.outbox WHERE lane = %(lane)s AND state = 'open'

-- name: position_at
-- The end of the live stream as it was at a moment.
SELECT coalesce((SELECT position FROM events.run WHERE made_at < %(moment)s ORDER BY position DESC LIMIT 1), 0)::bigint

-- name: told_event
-- One event as it is told to one subscription, with what is needed to sign and send it.
SELECT w.url, w.secret, w.old_secret, w.old_secret_until,
       e.id, e.source_id, s.name AS source, e.channel, e.kind, e.name, e.address_id, e.customer_id,
       e.occurred_at, e.received_at, e.body
FROM webhooks.subscription w
CROSS JOIN events.event e LEFT JOIN sources.source s ON s.id = e.source_id
WHERE w.id = %(subscription_id)s AND e.id = %(event_id)s

-- name: add_attempt
-- Note one try.
INSERT INTO webhooks.attempt
    (id, subscription_id, message_id, position, made_at, number, outcome, status, duration_ms, error)
VALUES (%(id)s, %(subscription_id)s, %(message_id)s, %(position)s, %(now)s, %(number)s, %(outcome)s,
        %(status)s, %(duration_ms)s, %(error)s)

-- name: attempts
-- Tries of a subscription, newest first.
SELECT id, message_id, position, made_at, number, outcome, status, duration_ms, error
FROM webhooks.attempt
WHERE subscription_id = %(id)s AND (%(before)s::uuid IS NULL OR id < %(before)s)
ORDER BY id DESC LIMIT %(limit)s

-- name: it_works
-- Note a success.
UPDATE webhooks.subscription SET delivered_at = %(now)s, failing_since = NULL WHERE id = %(id)s

-- name: it_fails
-- Note since when an endpoint fails.
UPDATE webhooks.subscription SET failing_since = %(now)s WHERE id = %(id)s AND failing_since IS NULL

-- name: disable
-- Switch an endpoint off, with the reason; not one that was switched on anew, or did well, since it was judged.
UPDATE webhooks.subscription SET state = 'disabled', reason = %(reason)s
WHERE id = %(id)s AND state = 'on' AND failing_since IS NOT DISTINCT FROM %(failing_since)s

-- name: trim
-- Forget old tries and secrets that no longer sign.
WITH forgotten AS (
    UPDATE webhooks.subscription SET old_secret = NULL, old_secret_until = NULL WHERE old_secret_until < %(now)s
)
DELETE FROM webhooks.attempt WHERE id < %(first_kept)s

-- name: ahead
-- Subscriptions that claim to have heard what is not on the stream, or wait for what they have not heard of.
SELECT w.id, w.name FROM webhooks.subscription w
WHERE w.position > %(last)s OR EXISTS (
    SELECT FROM jobs.outbox o
    WHERE o.lane = 'webhook:' || w.id AND (o.body->>'position')::bigint > w.position)
