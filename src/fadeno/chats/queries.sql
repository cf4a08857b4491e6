-- name: note_chat
-- Keep a chat with what is newly known of it; what was proven stays.
INSERT INTO chats.chat AS c (id, account_id, address_id, mail_id, mail_proven, person_id, language, page, begun_at, looked_at)
VALUES (%(id)s, %(account_id)s, %(address_id)s, %(mail_id)s, %(mail_proven)s, %(person_id)s, %(language)s, %(page)s,
        %(now)s, %(now)s)
ON CONFLICT (id) DO UPDATE
SET mail_id = CASE WHEN c.mail_proven AND NOT excluded.mail_proven THEN c.mail_id
                   ELSE coalesce(excluded.mail_id, c.mail_id) END,
    mail_proven = c.mail_proven OR excluded.mail_proven,
    person_id = coalesce(excluded.person_id, c.person_id),
    language = CASE WHEN excluded.language = '' THEN c.language ELSE excluded.language END,
    page = CASE WHEN excluded.page = '' THEN c.page ELSE excluded.page END,
    looked_at = excluded.looked_at

-- name: chat
-- One chat.
SELECT id, account_id, address_id, mail_id, mail_proven, person_id, language, page, begun_at, looked_at
FROM chats.chat WHERE id = %(id)s

-- name: look
-- Note that a widget asked, where that was noted some time ago.
UPDATE chats.chat SET looked_at = %(now)s WHERE id = %(id)s AND looked_at < %(before)s

-- name: prove_mail
-- Note that whoever chats reads the mailbox of an address.
UPDATE chats.chat SET mail_id = %(mail_id)s, mail_proven = true WHERE id = %(id)s

-- name: sees
-- The addresses whose words somebody sees who has proven some: these, what is attested to be of the same person, and
-- chats whose customer gave one of them: by signing in, or as where answers shall go.
WITH own AS (
    SELECT unnest(%(proven)s::uuid[]) AS id
), attested AS (
    SELECT id FROM own
    UNION
    SELECT CASE WHEN l.a = own.id THEN l.b ELSE l.a END
    FROM own
    JOIN customers.link l ON own.id IN (l.a, l.b)
    JOIN customers.address other ON other.id = CASE WHEN l.a = own.id THEN l.b ELSE l.a END
    JOIN customers.grouping mine ON mine.address_id = own.id
    JOIN customers.grouping theirs ON theirs.address_id = other.id
    WHERE l.strength >= 3 AND l.retracted_by IS NULL AND l.reason IS NULL AND mine.customer_id = theirs.customer_id
      AND other.proven >= 3 AND NOT other.shared AND other.blocked IS NULL
)
SELECT id FROM attested
UNION
SELECT c.address_id FROM attested JOIN chats.chat c ON c.mail_id = attested.id
UNION
SELECT c.address_id FROM attested JOIN chats.chat c ON c.person_id = attested.id

-- name: last_said
-- The last that was said through some addresses before a place, the latest first.
SELECT id, position, case_id, said_at, direction = 'out' AS is_ours, channel, address_id, author_name, is_automatic,
       subject, text, language, provider_id, state, attachments
FROM conversations.message
WHERE address_id = ANY(%(address_ids)s::uuid[]) AND position < %(before)s::bigint AND direction <> 'note'
  AND state <> 'cancelled' AND (direction = 'in' OR undo_until <= %(now)s) AND erased_at IS NULL
ORDER BY position DESC LIMIT %(limit)s

-- name: next_said_at
-- When the next answer can no longer be held back, and is seen.
SELECT min(undo_until) FROM conversations.message
WHERE address_id = ANY(%(address_ids)s::uuid[]) AND direction = 'out' AND state = 'queued' AND undo_until > %(now)s

-- name: waiting
-- Which of these answers went to some addresses and are not known to be read.
SELECT id FROM conversations.message
WHERE id = ANY(%(ids)s::uuid[]) AND address_id = ANY(%(address_ids)s::uuid[]) AND direction = 'out'
  AND state IN ('queued', 'sent', 'unknown', 'delivered', 'failed') AND undo_until <= %(now)s
