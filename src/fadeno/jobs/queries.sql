-- name: open_lanes
-- Make lanes known where they are not yet.
INSERT INTO jobs.lane (lane, next_at)
SELECT unnest(%(lanes)s::text[]), %(now)s
ON CONFLICT (lane) DO NOTHING

-- name: extend_strands
-- Count more jobs onto strands, in one order of locks; a held strand is waited for, so none is lost at its end.
INSERT INTO jobs.strand AS s (lane, order_key, next_at, open_jobs)
SELECT lane, order_key, next_at, jobs
FROM unnest(%(lanes)s::text[], %(orders)s::text[], %(next_ats)s::timestamptz[], %(jobs)s::integer[])
     AS n (lane, order_key, next_at, jobs)
ORDER BY lane, order_key
ON CONFLICT (lane, order_key) DO UPDATE SET open_jobs = s.open_jobs + excluded.open_jobs

-- name: add_jobs
-- Put jobs, in the order given.
INSERT INTO jobs.outbox (lane, order_key, kind, due_at, put_at, body)
SELECT lane, order_key, kind, due_at, %(now)s, body
FROM unnest(%(lanes)s::text[], %(orders)s::text[], %(kinds)s::text[], %(due_ats)s::timestamptz[], %(bodies)s::jsonb[])
     WITH ORDINALITY AS n (lane, order_key, kind, due_at, body, place)
ORDER BY place

-- name: claim
-- Take due strands, a few per lane so that none starves; a failing lane is tried with one.
WITH lane AS (
    SELECT l.lane,
           CASE WHEN l.failures > 0 THEN 1 ELSE %(per_lane)s END
           - (SELECT count(*) FROM jobs.strand t
              WHERE t.lane = l.lane AND t.token IS NOT NULL AND t.next_at > %(now)s) AS seats
    FROM jobs.lane l
    WHERE NOT l.paused AND l.next_at <= %(now)s
    ORDER BY random()
), due AS (
    SELECT s.lane, s.order_key
    FROM lane CROSS JOIN LATERAL (
        SELECT t.lane, t.order_key FROM jobs.strand t
        WHERE t.lane = lane.lane AND t.next_at <= %(now)s
        ORDER BY t.next_at LIMIT greatest(lane.seats, 0)
        FOR UPDATE SKIP LOCKED
    ) s
    LIMIT %(limit)s
), taken AS (
    UPDATE jobs.strand s SET token = %(token)s, next_at = %(lost_at)s
    FROM due WHERE s.lane = due.lane AND s.order_key = due.order_key
    RETURNING s.lane, s.order_key
)
SELECT o.id, o.lane, o.order_key AS "order", o.kind, o.body, o.attempts, o.put_at, o.tried_at,
       l.failures AS lane_failures, %(token)s::uuid AS token
FROM taken JOIN jobs.lane l ON l.lane = taken.lane CROSS JOIN LATERAL (
    SELECT id, lane, order_key, kind, body, attempts, put_at, tried_at FROM jobs.outbox j
    WHERE j.lane = taken.lane AND j.order_key = taken.order_key AND j.state = 'open'
    ORDER BY j.id LIMIT 1
) o

-- name: hold
-- Lock the strand of a job, if it is still in this worker's hands.
SELECT open_jobs FROM jobs.strand
WHERE lane = %(lane)s AND order_key = %(order)s AND token = %(token)s
FOR UPDATE

-- name: finish_job
-- Forget a job that is done and lock its strand; how many are left in it. Nothing if the lease was lost.
WITH held AS (
    UPDATE jobs.strand SET open_jobs = open_jobs - 1
    WHERE lane = %(lane)s AND order_key = %(order)s AND token = %(token)s
    RETURNING open_jobs
), gone AS (
    DELETE FROM jobs.outbox WHERE id = %(id)s AND EXISTS (SELECT FROM held)
)
SELECT open_jobs FROM held

-- name: fail_job
-- Keep a job that was given up, with the reason, and lock its strand; how many are left in it.
WITH held AS (
    UPDATE jobs.strand SET open_jobs = open_jobs - 1
    WHERE lane = %(lane)s AND order_key = %(order)s AND token = %(token)s
    RETURNING open_jobs
), kept AS (
    UPDATE jobs.outbox SET state = 'failed', attempts = attempts + 1, reason = %(reason)s
    WHERE id = %(id)s AND EXISTS (SELECT FROM held)
)
SELECT open_jobs FROM held

-- name: step_strand
-- Give a strand back; the next in order is due at once or when it said. Sees what was put until it was locked.
UPDATE jobs.strand s SET token = NULL, next_at = (
    SELECT greatest(o.due_at, %(now)s) FROM jobs.outbox o
    WHERE o.lane = s.lane AND o.order_key = s.order_key AND o.state = 'open' ORDER BY o.id LIMIT 1)
WHERE s.lane = %(lane)s AND s.order_key = %(order)s

-- name: end_strand
-- Forget a strand without jobs.
DELETE FROM jobs.strand WHERE lane = %(lane)s AND order_key = %(order)s

-- name: wait_strand
-- Give a strand back, to be tried later.
UPDATE jobs.strand SET token = NULL, next_at = %(next_at)s WHERE lane = %(lane)s AND order_key = %(order)s

-- name: count_attempt
-- Note that a job was tried in vain.
UPDATE jobs.outbox SET attempts = attempts + 1, reason = %(reason)s, tried_at = coalesce(tried_at, %(now)s)
WHERE id = %(id)s

-- name: lane_to_fail
-- A lane's record, locked, before one more failure is noted.
SELECT lane, next_at, failures, failing_since, paused FROM jobs.lane WHERE lane = %(lane)s FOR UPDATE

-- name: lane_fails
-- Let a whole lane wait.
UPDATE jobs.lane SET failures = %(failures)s, next_at = greatest(next_at, %(next_at)s),
                     failing_since = coalesce(failing_since, %(now)s)
WHERE lane = %(lane)s

-- name: lane_works
-- A lane that failed works again; the time it asked us to wait still counts.
UPDATE jobs.lane SET failures = 0, failing_since = NULL WHERE lane = %(lane)s AND failures > 0

-- name: pause_lane
-- Nothing of this lane is tried until it is opened again.
INSERT INTO jobs.lane (lane, next_at, paused) VALUES (%(lane)s, %(now)s, true)
ON CONFLICT (lane) DO UPDATE SET paused = true

-- name: open_lane
-- Try this lane again, at once.
INSERT INTO jobs.lane (lane, next_at) VALUES (%(lane)s, %(now)s)
ON CONFLICT (lane) DO UPDATE SET paused = false, failures = 0, failing_since = NULL, next_at = excluded.next_at

-- name: hurry_strands
-- Try everything of a lane that only waits for another try at once, as if for the first time.
WITH waiting AS (
    SELECT s.lane, s.order_key FROM jobs.strand s
    WHERE s.lane = %(lane)s AND s.token IS NULL AND s.next_at > %(now)s AND EXISTS (
        SELECT FROM jobs.outbox o
        WHERE o.lane = s.lane AND o.order_key = s.order_key AND o.state = 'open' AND o.attempts > 0)
    FOR UPDATE SKIP LOCKED
), anew AS (
    UPDATE jobs.outbox o SET attempts = 0, tried_at = NULL
    FROM waiting w WHERE o.lane = w.lane AND o.order_key = w.order_key AND o.state = 'open' AND o.attempts > 0
)
UPDATE jobs.strand s SET next_at = %(now)s
FROM waiting w WHERE s.lane = w.lane AND s.order_key = w.order_key

-- name: drop_jobs
-- Forget every job of a lane.
DELETE FROM jobs.outbox WHERE lane = %(lane)s

-- name: drop_strands
-- Forget every strand of a lane; a worker that holds one will find it gone.
WITH held AS (
    SELECT lane, order_key FROM jobs.strand WHERE lane = %(lane)s ORDER BY lane, order_key FOR UPDATE
)
DELETE FROM jobs.strand s USING held h WHERE s.lane = h.lane AND s.order_key = h.order_key

-- name: drop_lane
-- Forget a lane.
DELETE FROM jobs.lane WHERE lane = %(lane)s

-- name: lane_state
-- How a lane fares.
SELECT lane, next_at, failures, failing_since, paused FROM jobs.lane WHERE lane = %(lane)s

-- name: backlog
-- Open and given-up jobs of a lane, and since when the oldest waits.
SELECT (SELECT coalesce(sum(open_jobs), 0) FROM jobs.strand WHERE lane = %(lane)s) AS open,
       (SELECT count(*) FROM jobs.outbox WHERE lane = %(lane)s AND state = 'failed') AS failed,
       (SELECT min(put_at) FROM jobs.outbox WHERE lane = %(lane)s AND state = 'open') AS oldest_at

-- name: stock
-- Jobs by kind and state, and those that may be tried now.
SELECT o.kind, count(*) FILTER (WHERE o.state = 'failed') AS dead,
       count(*) FILTER (WHERE o.state = 'open') AS open,
       count(*) FILTER (WHERE o.state = 'open' AND s.next_at <= %(now)s AND l.next_at <= %(now)s AND NOT l.paused) AS due
FROM jobs.outbox o
LEFT JOIN jobs.strand s ON s.lane = o.lane AND s.order_key = o.order_key
LEFT JOIN jobs.lane l ON l.lane = o.lane
GROUP BY o.kind ORDER BY o.kind

-- name: listed
-- Jobs in a state, the latest first, each with when it is tried next and how its lane fares.
SELECT o.id, o.lane, o.order_key AS "order", o.kind, o.state, o.attempts, o.due_at, o.put_at, o.tried_at, o.body,
       coalesce(o.reason, '') AS reason, greatest(s.next_at, l.next_at, o.due_at) AS next_at,
       coalesce(l.paused, false) AS is_paused, coalesce(l.failures, 0) AS lane_failures
FROM jobs.outbox o
LEFT JOIN jobs.strand s ON s.lane = o.lane AND s.order_key = o.order_key
LEFT JOIN jobs.lane l ON l.lane = o.lane
WHERE o.state = %(state)s AND o.id < %(before)s AND (%(kind)s = '' OR o.kind = %(kind)s)
  AND (%(lane)s = '' OR o.lane = %(lane)s)
ORDER BY o.id DESC LIMIT %(limit)s

-- name: reopen
-- Have jobs done that were given up.
UPDATE jobs.outbox SET state = 'open', attempts = 0, tried_at = NULL, due_at = %(now)s
WHERE id = ANY(%(ids)s::bigint[]) AND state = 'failed' RETURNING lane, order_key AS "order"

-- name: trim_failed
-- Forget given-up jobs that are old.
DELETE FROM jobs.outbox WHERE state = 'failed' AND put_at < %(before)s

-- name: hasten_timer
-- Try a timer that failed sooner than its rhythm says.
UPDATE jobs.timer SET next_run = least(next_run, %(next_at)s) WHERE entrypoint = %(name)s

-- name: try_guard
-- Be the only one at work on this timer until the transaction ends.
SELECT pg_try_advisory_xact_lock(hashtextextended(%(name)s, 7))

-- name: know_timers
-- New timers are due at once; known ones not later than their rhythm says now.
INSERT INTO jobs.timer AS t (expression, entrypoint, next_run)
SELECT %(expression)s, name, %(now)s FROM unnest(%(names)s::text[]) AS name
ON CONFLICT (expression, entrypoint) DO UPDATE SET next_run = least(t.next_run, (
    SELECT %(now)s + n.every_s * interval '1 second'
    FROM unnest(%(names)s::text[], %(rhythms)s::float8[]) AS n (name, every_s) WHERE n.name = t.entrypoint))

-- name: strands_wrong
-- Strands that do not stand for the jobs that are open: a job without one would wait for ever.
SELECT coalesce(s.lane, o.lane) AS lane, coalesce(s.order_key, o.order_key) AS order_key,
       coalesce(s.open_jobs, 0) AS counted, coalesce(o.jobs, 0) AS jobs
FROM jobs.strand s FULL JOIN (
    SELECT lane, order_key, count(*) AS jobs FROM jobs.outbox WHERE state = 'open' GROUP BY lane, order_key
) o ON o.lane = s.lane AND o.order_key = s.order_key
WHERE s.open_jobs IS DISTINCT FROM o.jobs
ORDER BY 1, 2 LIMIT 20

-- name: count_open
-- Open jobs.
SELECT count(*) FROM jobs.outbox WHERE state = 'open'
