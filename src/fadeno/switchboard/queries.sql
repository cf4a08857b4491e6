-- name: add_account
-- Make an account; nothing where the name is taken.
INSERT INTO switchboard.account (id, channel, name, address, source_id, area, language, options, secrets, made_by, made_at)
VALUES (%(id)s, %(channel)s, %(name)s, %(address)s, %(source_id)s, %(area)s, %(language)s, %(options)s,
        %(secrets)s, %(made_by)s, %(now)s)
ON CONFLICT (name) DO NOTHING RETURNING id

-- name: accounts
-- Every account, by name.
SELECT id, channel, name, address, source_id, is_on, is_test, area, language, options, cursor, health, health_at,
       health_words, made_by, made_at
FROM switchboard.account ORDER BY name

-- name: account
-- One account.
SELECT id, channel, name, address, source_id, is_on, is_test, area, language, options, cursor, health, health_at,
       health_words, made_by, made_at
FROM switchboard.account WHERE id = %(id)s

-- name: account_named
-- One account by its name.
SELECT id, channel, name, address, source_id, is_on, is_test, area, language, options, cursor, health, health_at,
       health_words, made_by, made_at
FROM switchboard.account WHERE name = %(name)s

-- name: hold_account
-- Hold an account that is to be changed.
SELECT id FROM switchboard.account WHERE id = %(id)s FOR NO KEY UPDATE

-- name: sealed
-- The sealed secrets of an account.
SELECT secrets FROM switchboard.account WHERE id = %(id)s

-- name: change_account
-- Set what a member may change.
UPDATE switchboard.account
SET address = %(address)s, is_on = %(is_on)s, is_test = %(is_test)s, area = %(area)s, language = %(language)s,
    options = %(options)s, secrets = %(secrets)s
WHERE id = %(id)s

-- name: set_cursor
-- Note how far an account was read.
UPDATE switchboard.account SET cursor = %(cursor)s WHERE id = %(id)s

-- name: set_health_in
-- Note how reading an account fares, where that is news or was noted long ago; it works where both ways do.
UPDATE switchboard.account SET fault_in = %(fault)s, health_at = %(now)s,
    health = CASE WHEN %(fault)s = '' AND fault_out = '' THEN 'works' ELSE 'fails' END,
    health_words = left(concat_ws('; ', nullif(%(fault)s, ''), nullif(fault_out, '')), 500)
WHERE id = %(id)s AND (fault_in <> %(fault)s OR health = 'unknown' OR health_at IS NULL OR health_at < %(before)s)

-- name: set_health_out
-- Note how sending by an account fares, where that is news or was noted long ago; it works where both ways do.
UPDATE switchboard.account SET fault_out = %(fault)s, health_at = %(now)s,
    health = CASE WHEN %(fault)s = '' AND fault_in = '' THEN 'works' ELSE 'fails' END,
    health_words = left(concat_ws('; ', nullif(fault_in, ''), nullif(%(fault)s, '')), 500)
WHERE id = %(id)s AND (fault_out <> %(fault)s OR health = 'unknown' OR health_at IS NULL OR health_at < %(before)s)

-- name: mailboxes
-- Accounts that are read by us, with what tells that their settings changed.
SELECT id, options, secrets FROM switchboard.account
WHERE is_on AND coalesce(options ->> 'imap_host', '') <> '' ORDER BY id

-- name: take_reading
-- Take the duty of reading an account, held by this connection until it ends; false where another holds it.
SELECT pg_try_advisory_lock(hashtextextended(%(id)s::text, 1100))

-- name: leave_reading
-- Leave that duty to others.
SELECT pg_advisory_unlock(hashtextextended(%(id)s::text, 1100))

-- name: put_failed_parcel
-- Put down what can't be taken, once, so that it is seen; nothing where it is here already.
INSERT INTO switchboard.parcel (id, account_id, key, received_at, day, sealed, state, reason, detail, settled_at)
VALUES (%(id)s, %(account_id)s, %(key)s, %(now)s, %(day)s, %(sealed)s, 'failed', %(reason)s, %(detail)s, %(now)s)
ON CONFLICT (account_id, key) DO NOTHING RETURNING id

-- name: set_secrets
-- Keep what an account signs in with, as its provider renewed it.
UPDATE switchboard.account SET secrets = %(secrets)s WHERE id = %(id)s

-- name: put_parcel
-- Put a body down, once; nothing where it is here already.
INSERT INTO switchboard.parcel (id, account_id, key, received_at, day, sealed)
VALUES (%(id)s, %(account_id)s, %(key)s, %(now)s, %(day)s, %(sealed)s)
ON CONFLICT (account_id, key) DO NOTHING RETURNING id

-- name: put_read_parcel
-- Put a body down that is understood in the same transaction, once; nothing where it is here already.
INSERT INTO switchboard.parcel (id, account_id, key, received_at, day, sealed, state, letters, settled_at)
VALUES (%(id)s, %(account_id)s, %(key)s, %(now)s, %(day)s, %(sealed)s, 'read', 1, %(now)s)
ON CONFLICT (account_id, key) DO NOTHING RETURNING id

-- name: content
-- A body that is to be understood.
SELECT account_id, received_at, day, sealed FROM switchboard.parcel WHERE id = %(id)s AND state IN ('waiting', 'failed')

-- name: settle
-- Say what became of a parcel.
UPDATE switchboard.parcel
SET state = %(state)s, reason = %(reason)s, detail = %(detail)s, letters = %(letters)s, settled_at = %(now)s
WHERE id = %(id)s

-- name: parcels
-- Parcels of an account in a state, the newest first.
SELECT id, account_id, received_at, state, reason, detail, letters, settled_at
FROM switchboard.parcel
WHERE account_id = %(account_id)s AND state = %(state)s AND id < %(before)s ORDER BY id DESC LIMIT %(limit)s

-- name: traffic
-- What passes over accounts, and what does not get through.
SELECT a.id,
       (SELECT p.received_at FROM switchboard.parcel p WHERE p.account_id = a.id ORDER BY p.id DESC LIMIT 1) AS last_in_at,
       (SELECT count(*) FROM switchboard.parcel p WHERE p.account_id = a.id AND p.state = 'waiting') AS waiting_in,
       (SELECT count(*) FROM switchboard.parcel p WHERE p.account_id = a.id AND p.state = 'failed') AS failed_in,
       (SELECT coalesce(sum(s.open_jobs), 0)::bigint FROM jobs.strand s WHERE s.lane = a.lane) AS waiting_out,
       (SELECT count(*) FROM jobs.outbox o WHERE o.lane = a.lane AND o.state = 'failed') AS failed_out,
       l.failing_since, l.next_at
FROM unnest(%(ids)s::uuid[], %(lanes)s::text[]) AS a (id, lane) LEFT JOIN jobs.lane l ON l.lane = a.lane

-- name: fail_to_wait
-- Let failed parcels wait again; those that did.
UPDATE switchboard.parcel SET state = 'waiting', reason = '', detail = '', settled_at = NULL
WHERE id = ANY(%(ids)s) AND state = 'failed' RETURNING id, account_id

-- name: dismiss
-- Put failed parcels aside.
UPDATE switchboard.parcel SET state = 'dismissed', settled_at = %(now)s
WHERE id = ANY(%(ids)s) AND state = 'failed' RETURNING id

-- name: failed_after
-- The next failed parcels whose body is still there.
SELECT id FROM switchboard.parcel
WHERE state = 'failed' AND id > %(after)s AND length(sealed) > 0 ORDER BY id LIMIT %(limit)s

-- name: empty_failed
-- Take the bodies out of failed parcels; what they are known by stays.
UPDATE switchboard.parcel SET sealed = '', state = 'dismissed', detail = '', settled_at = %(now)s
WHERE id = ANY(%(ids)s) AND state = 'failed'

-- name: empty_parcels
-- Empty bodies of days whose key is gone, some at a time; the keys by which they are known stay.
UPDATE switchboard.parcel SET sealed = '' WHERE id IN (
    SELECT id FROM switchboard.parcel WHERE day < %(before)s AND length(sealed) > 0 LIMIT %(limit)s
)

-- name: begin_leaving
-- Note that a message is about to leave; nothing where somebody began before.
INSERT INTO switchboard.leaving (message_id, account_id, begun_at) VALUES (%(message_id)s, %(account_id)s, %(now)s)
ON CONFLICT (message_id) DO NOTHING RETURNING message_id

-- name: end_leaving
-- Forget that a message was leaving: what became of it is known.
DELETE FROM switchboard.leaving WHERE message_id = %(message_id)s

-- name: count_parcels
-- How many parcels there are.
SELECT count(*) FROM switchboard.parcel

-- name: stuck
-- Parcels that wait though no job is there to understand them, which must not be.
SELECT p.id FROM switchboard.parcel p
WHERE p.state = 'waiting' AND NOT EXISTS (
    SELECT FROM jobs.outbox o WHERE o.lane = 'in:' || p.account_id AND o.body ->> 'parcel' = p.id::text
) LIMIT %(limit)s
