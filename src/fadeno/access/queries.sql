-- name: lock_members
-- Let nobody else add, remove or re-role a member until this transaction ends.
LOCK TABLE access.member IN SHARE ROW EXCLUSIVE MODE

-- name: has_members
-- Whether anybody is a member yet.
SELECT EXISTS (SELECT 1 FROM access.member WHERE removed_at IS NULL)

-- name: count_admins
-- Administrators there are.
SELECT count(*) FROM access.member WHERE role = 'admin' AND removed_at IS NULL

-- name: add_member
-- A new member; nothing where the e-mail is taken.
INSERT INTO access.member (id, email, email_key, name, role, password_hash, created_at)
VALUES (%(id)s, %(email)s, %(email_key)s, %(name)s, %(role)s, %(password_hash)s, %(now)s)
ON CONFLICT (email_key) WHERE removed_at IS NULL DO NOTHING

-- name: credentials
-- What signing in needs to know of an e-mail.
SELECT id, name, role, password_hash, totp_on
FROM access.member
WHERE email_key = %(email_key)s AND removed_at IS NULL

-- name: credentials_by_id
-- What a check of the password needs to know of a member.
SELECT id, name, role, email_key, password_hash, totp_on
FROM access.member
WHERE id = %(id)s AND removed_at IS NULL

-- name: members
-- Who works here, with when they were last seen.
SELECT m.id, m.email, m.name, m.role, m.totp_on, m.zone, m.density, m.theme, m.language, m.single_keys,
    m.begin_closed, m.created_at, m.removed_at,
    (SELECT max(s.seen_at) FROM access.session s WHERE s.member_id = m.id AND NOT s.waiting) AS seen_at
FROM access.member m
WHERE m.removed_at IS NULL

-- name: member
-- One member by id, removed ones too.
SELECT m.id, m.email, m.name, m.role, m.totp_on, m.zone, m.density, m.theme, m.language, m.single_keys,
    m.begin_closed, m.created_at, m.removed_at,
    (SELECT max(s.seen_at) FROM access.session s WHERE s.member_id = m.id AND NOT s.waiting) AS seen_at
FROM access.member m
WHERE m.id = %(id)s

-- name: member_by_email
-- One present member by e-mail.
SELECT m.id, m.email, m.name, m.role, m.totp_on, m.zone, m.density, m.theme, m.language, m.single_keys,
    m.begin_closed, m.created_at, m.removed_at,
    NULL::timestamptz AS seen_at
FROM access.member m
WHERE m.email_key = %(email_key)s AND m.removed_at IS NULL

-- name: set_role
-- Give a member another role.
UPDATE access.member SET role = %(role)s WHERE id = %(id)s AND removed_at IS NULL

-- name: set_password
-- Give a member another password.
UPDATE access.member SET password_hash = %(password_hash)s WHERE id = %(id)s AND removed_at IS NULL

-- name: set_preferences
-- How a member wants to see fadeno.
UPDATE access.member
SET name = %(name)s, zone = %(zone)s, density = %(density)s, theme = %(theme)s, language = %(language)s,
    single_keys = %(single_keys)s, begin_closed = %(begin_closed)s
WHERE id = %(id)s AND removed_at IS NULL

-- name: remove_member
-- Take a member out; the row stays so that the audit trail keeps its name.
UPDATE access.member
SET removed_at = %(now)s, password_hash = '', totp_sealed = NULL, totp_on = false
WHERE id = %(id)s AND removed_at IS NULL

-- name: keep_totp
-- Keep a new secret of one-time codes, not in use until a code of it was shown.
UPDATE access.member
SET totp_sealed = %(sealed)s
WHERE id = %(id)s AND removed_at IS NULL AND NOT totp_on

-- name: totp
-- The sealed secret of one-time codes of a member.
SELECT totp_sealed, totp_on, totp_step FROM access.member WHERE id = %(id)s AND removed_at IS NULL

-- name: take_totp_step
-- Use up the codes up to a step; nothing if that step was used before.
UPDATE access.member SET totp_step = %(step)s WHERE id = %(id)s AND removed_at IS NULL AND totp_step < %(step)s

-- name: totp_on
-- Ask this member for a one-time code from now on.
UPDATE access.member SET totp_on = true WHERE id = %(id)s AND totp_sealed IS NOT NULL AND NOT totp_on

-- name: totp_off
-- Forget the secret of one-time codes. The used step stays.
UPDATE access.member SET totp_on = false, totp_sealed = NULL WHERE id = %(id)s

-- name: forget_recovery_codes
-- Forget all recovery codes of a member.
DELETE FROM access.recovery_code WHERE member_id = %(member_id)s

-- name: add_recovery_codes
-- Keep the digests of new recovery codes.
INSERT INTO access.recovery_code (member_id, hash) SELECT %(member_id)s, unnest(%(hashes)s::bytea[])

-- name: take_recovery_code
-- Use up a recovery code; nothing if it isn't one or was used.
UPDATE access.recovery_code SET used_at = %(now)s
WHERE member_id = %(member_id)s AND hash = %(hash)s AND used_at IS NULL

-- name: recovery_codes_left
-- Recovery codes of a member not used yet.
SELECT count(*) FROM access.recovery_code WHERE member_id = %(member_id)s AND used_at IS NULL

-- name: add_session
-- A browser signed in, or waiting for the one-time code.
INSERT INTO access.session (id, member_id, token_hash, waiting, made_at, seen_at, ends_at, address, agent)
VALUES (%(id)s, %(member_id)s, %(token_hash)s, %(waiting)s, %(now)s, %(now)s, %(ends_at)s, %(address)s, %(agent)s)

-- name: session_actor
-- Whose session a token is, if it is good.
SELECT s.id AS session_id, s.seen_at, m.id, m.name, m.role, m.language
FROM access.session s
JOIN access.member m ON m.id = s.member_id
WHERE s.token_hash = %(token_hash)s AND NOT s.waiting AND s.revoked_at IS NULL AND s.ends_at > %(now)s
    AND s.seen_at > %(idle_since)s AND m.removed_at IS NULL

-- name: touch_session
-- Note that a session was seen, unless another request is just noting it.
UPDATE access.session SET seen_at = %(now)s
WHERE id = (SELECT id FROM access.session WHERE id = %(id)s FOR UPDATE SKIP LOCKED)

-- name: waiting_member
-- Whose half-open session a token is.
SELECT s.id AS session_id, m.id, m.name, m.role
FROM access.session s
JOIN access.member m ON m.id = s.member_id
WHERE s.token_hash = %(token_hash)s AND s.waiting AND s.revoked_at IS NULL AND s.ends_at > %(now)s
    AND m.removed_at IS NULL

-- name: sessions
-- Where a member is signed in, latest first.
SELECT id, made_at, seen_at, ends_at, address, agent
FROM access.session
WHERE member_id = %(member_id)s AND NOT waiting AND revoked_at IS NULL AND ends_at > %(now)s
    AND seen_at > %(idle_since)s
ORDER BY seen_at DESC, id DESC

-- name: revoke_session
-- End one session of a member.
UPDATE access.session SET revoked_at = %(now)s
WHERE id = %(id)s AND member_id = %(member_id)s AND revoked_at IS NULL

-- name: revoke_sessions
-- End all sessions of a member but one.
UPDATE access.session SET revoked_at = %(now)s
WHERE member_id = %(member_id)s AND revoked_at IS NULL AND id IS DISTINCT FROM %(but)s::uuid

-- name: revoke_waiting
-- End one half-open session.
UPDATE access.session SET revoked_at = %(now)s WHERE id = %(id)s AND revoked_at IS NULL

-- name: add_device
-- Remember a browser a member signed in from.
INSERT INTO access.device (token_hash, member_id, made_at) VALUES (%(token_hash)s, %(member_id)s, %(now)s)
ON CONFLICT (token_hash, member_id) DO UPDATE SET made_at = excluded.made_at

-- name: device_of
-- Whether a member signed in from this browser before.
SELECT d.token_hash
FROM access.device d
JOIN access.member m ON m.id = d.member_id
WHERE d.token_hash = %(token_hash)s AND m.email_key = %(email_key)s AND m.removed_at IS NULL AND d.made_at > %(since)s

-- name: forget_devices
-- Forget every browser of a member.
DELETE FROM access.device WHERE member_id = %(member_id)s

-- name: attempts
-- What is known of these buckets, each made if it is new, locked in one order.
INSERT INTO access.attempt (bucket, failures, last_at, blocked_to)
SELECT bucket, 0, %(now)s, '-infinity' FROM unnest(%(buckets)s::bytea[]) AS given (bucket) ORDER BY bucket
ON CONFLICT (bucket) DO UPDATE SET failures = attempt.failures
RETURNING bucket, failures, last_at, 
    -- PostgreSQL 15 can't take -infinity from a time, so it is asked first.
    (CASE WHEN blocked_to > %(now)s THEN extract(epoch FROM blocked_to - %(now)s) ELSE 0 END)::float8 AS wait_s

-- name: count_attempt
-- Write the new state of one bucket.
UPDATE access.attempt SET failures = %(failures)s, last_at = %(now)s, blocked_to = %(blocked_to)s
WHERE bucket = %(bucket)s

-- name: uncount_attempt
-- Take back one counted failure.
UPDATE access.attempt SET failures = greatest(failures - 1, 0), blocked_to = '-infinity' WHERE bucket = %(bucket)s

-- name: forget_attempts
-- Forget the failures of these buckets.
DELETE FROM access.attempt WHERE bucket = ANY(%(buckets)s::bytea[])

-- name: trim_attempts
-- Forget buckets that are quiet.
DELETE FROM access.attempt WHERE last_at < %(before)s

-- name: trim_sessions
-- Forget sessions long ended.
DELETE FROM access.session WHERE ends_at < %(before)s

-- name: trim_devices
-- Forget browsers not signed in from for long.
DELETE FROM access.device WHERE made_at < %(before)s

-- name: add_invitation
-- A link by which a person becomes a member.
INSERT INTO access.invitation (id, token_hash, email, role, made_by, made_at, ends_at)
VALUES (%(id)s, %(token_hash)s, %(email)s, %(role)s, %(made_by)s, %(now)s, %(ends_at)s)

-- name: invitations
-- Invitations that can still be accepted.
SELECT id, email, role, made_by, made_at, ends_at
FROM access.invitation
WHERE used_at IS NULL AND revoked_at IS NULL AND ends_at > %(now)s AND (%(after)s::uuid IS NULL OR id < %(after)s)
ORDER BY id DESC
LIMIT %(limit)s

-- name: invitation
-- The invitation a link stands for, if it is good.
SELECT id, email, role, made_by, made_at, ends_at
FROM access.invitation
WHERE token_hash = %(token_hash)s AND used_at IS NULL AND revoked_at IS NULL AND ends_at > %(now)s

-- name: take_invitation
-- Use an invitation up; nothing if somebody was quicker.
UPDATE access.invitation SET used_at = %(now)s
WHERE token_hash = %(token_hash)s AND used_at IS NULL AND revoked_at IS NULL AND ends_at > %(now)s
RETURNING id, email, role, made_by, made_at, ends_at

-- name: revoke_invitation
-- Withdraw an invitation.
UPDATE access.invitation SET revoked_at = %(now)s WHERE id = %(id)s AND used_at IS NULL AND revoked_at IS NULL

-- name: revoke_invitations
-- Withdraw what was sent to an e-mail before.
UPDATE access.invitation SET revoked_at = %(now)s
WHERE lower(email) = lower(%(email)s) AND used_at IS NULL AND revoked_at IS NULL

-- name: add_reset
-- A link by which a member sets a new password.
INSERT INTO access.reset (id, token_hash, member_id, made_by, made_at, ends_at)
VALUES (%(id)s, %(token_hash)s, %(member_id)s, %(made_by)s, %(now)s, %(ends_at)s)

-- name: reset_member
-- Whose reset link this is, if it is good.
SELECT m.id, m.email, m.name, m.role
FROM access.reset r
JOIN access.member m ON m.id = r.member_id
WHERE r.token_hash = %(token_hash)s AND r.used_at IS NULL AND r.ends_at > %(now)s AND m.removed_at IS NULL

-- name: take_reset
-- Use a reset link up; nothing if somebody was quicker.
UPDATE access.reset SET used_at = %(now)s
WHERE token_hash = %(token_hash)s AND used_at IS NULL AND ends_at > %(now)s

-- name: end_resets
-- Withdraw all reset links of a member.
UPDATE access.reset SET used_at = %(now)s WHERE member_id = %(member_id)s AND used_at IS NULL

-- name: add_key
-- A new key of a machine.
INSERT INTO access.key (id, name, prefix, hash, scope, source_id, made_by, made_at)
VALUES (%(id)s, %(name)s, %(prefix)s, %(hash)s, %(scope)s, %(source_id)s, %(made_by)s, %(now)s)

-- name: key_actor
-- Whose key this is, if it is good.
SELECT id, name, scope, source_id, used_on FROM access.key WHERE hash = %(hash)s AND revoked_at IS NULL

-- name: key_by_id
-- A key, if it is good.
SELECT id, name, scope, source_id FROM access.key WHERE id = %(id)s AND revoked_at IS NULL

-- name: touch_key
-- Note the day a key was used, unless another request is just noting it.
UPDATE access.key SET used_on = %(today)s
WHERE id = (SELECT id FROM access.key WHERE id = %(id)s FOR UPDATE SKIP LOCKED)

-- name: keys
-- Keys of machines, latest first, revoked ones too.
SELECT id, name, prefix, scope, source_id, made_by, made_at, revoked_at, used_on
FROM access.key
WHERE %(after)s::uuid IS NULL OR id < %(after)s
ORDER BY id DESC
LIMIT %(limit)s::bigint

-- name: keys_like
-- Keys that go by a name or by their readable part.
SELECT id, name, prefix, scope, source_id, made_by, made_at, revoked_at, used_on
FROM access.key
WHERE revoked_at IS NULL AND (name = %(word)s OR prefix = %(word)s OR id::text = %(word)s)
ORDER BY id DESC

-- name: revoke_key
-- Refuse a key from now on.
UPDATE access.key SET revoked_at = %(now)s WHERE id = %(id)s AND revoked_at IS NULL

-- name: note
-- One line of the audit trail; nothing if the same reading stands there already.
INSERT INTO access.audit
    (id, made_at, actor_kind, actor_id, actor_name, verb, object_kind, object_id, detail, once, words)
VALUES (%(id)s, %(now)s, %(actor_kind)s, %(actor_id)s, %(actor_name)s, %(verb)s, %(object_kind)s, %(object_id)s,
    %(detail)s, %(once)s, array_to_tsvector(%(words)s::text[]))
ON CONFLICT (once) DO NOTHING

-- name: entries
-- The audit trail, latest first, narrowed by what was asked.
SELECT id, made_at, actor_kind, actor_id, actor_name, verb, object_kind, object_id, detail
FROM access.audit
WHERE (%(before)s::uuid IS NULL OR id < %(before)s)
    AND (%(from_id)s::uuid IS NULL OR id >= %(from_id)s)
    AND (%(to_id)s::uuid IS NULL OR id < %(to_id)s)
    AND (%(actor_id)s::uuid IS NULL OR actor_id = %(actor_id)s)
    AND (%(verb)s::text IS NULL OR verb = %(verb)s)
    AND (%(object_kind)s::text IS NULL OR object_kind = %(object_kind)s)
    AND (%(object_id)s::text IS NULL OR object_id = %(object_id)s)
    AND (%(words)s::text IS NULL OR words @@ %(words)s::tsquery)
ORDER BY id DESC
LIMIT %(limit)s

-- name: seen_lately
-- What somebody looked at, the latest first.
SELECT object_id FROM access.audit
WHERE actor_id = %(actor_id)s AND verb = 'see' AND object_kind = %(kind)s
ORDER BY id DESC
LIMIT %(among)s

-- name: audit_verbs
-- The verbs that stand in the trail, each found by one step in the index.
WITH RECURSIVE found AS (
    (SELECT verb FROM access.audit ORDER BY verb LIMIT 1)
    UNION ALL
    SELECT (SELECT a.verb FROM access.audit a WHERE a.verb > found.verb ORDER BY a.verb LIMIT 1)
    FROM found
    WHERE found.verb IS NOT NULL
)
SELECT verb FROM found WHERE verb IS NOT NULL

-- name: saved_filters
-- A member's filters of a list, and those shared with all, by name.
SELECT f.id, f.member_id, m.name AS made_by, f.name, f.asked, f.is_shared
FROM access.saved_filter f
JOIN access.member m ON m.id = f.member_id
WHERE f.list = %(list)s AND (f.member_id = %(member_id)s OR f.is_shared AND m.removed_at IS NULL)
ORDER BY f.name, f.id
LIMIT %(most)s

-- name: save_filter
-- Keep a filter under a name, in place of the one that had it.
INSERT INTO access.saved_filter (id, member_id, list, name, asked, is_shared, made_at)
SELECT %(id)s, %(member_id)s, %(list)s, %(name)s, %(asked)s, %(is_shared)s, %(now)s
WHERE (SELECT count(*) FROM access.saved_filter WHERE member_id = %(member_id)s) < %(most)s
ON CONFLICT (member_id, list, name) DO UPDATE SET asked = excluded.asked, is_shared = excluded.is_shared

-- name: forget_namesake
-- Forget another filter of a member that has a name one of theirs is to have.
DELETE FROM access.saved_filter o USING access.saved_filter f
WHERE f.id = %(id)s AND f.member_id = %(member_id)s AND o.member_id = f.member_id AND o.list = f.list
  AND o.name = %(name)s AND o.id <> f.id

-- name: rename_filter
-- Call one's own filter otherwise, and share it or not.
UPDATE access.saved_filter SET name = %(name)s, is_shared = %(is_shared)s WHERE id = %(id)s AND member_id = %(member_id)s

-- name: forget_filter
-- Forget a filter: one's own, or with `any` a shared one.
DELETE FROM access.saved_filter
WHERE id = %(id)s AND (member_id = %(member_id)s OR is_shared AND %(any)s)
