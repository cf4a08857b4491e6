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

-- name: keep_chat
-- Keep a chat in which something was said, where that is news or was noted some time ago.
INSERT INTO chats.chat AS c (id, account_id, address_id, person_id, language, page, begun_at, looked_at)
SELECT %(id)s, %(account_id)s, a.id, %(person_id)s, %(language)s, %(page)s, %(now)s, %(now)s
FROM customers.address a WHERE a.kind = %(kind)s AND a.value = %(value)s
ON CONFLICT (id) DO UPDATE
SET person_id = coalesce(excluded.person_id, c.person_id), language = excluded.language, page = excluded.page,
    looked_at = excluded.looked_at
WHERE c.looked_at < %(before)s OR c.page <> excluded.page OR c.language <> excluded.language

-- name: chat
-- One chat.
SELECT id, account_id, address_id, mail_id, mail_proven, person_id, language, page, begun_at, looked_at
FROM chats.chat WHERE id = %(id)s

-- name: look
-- Note that a widget asked, where that was noted some time ago.
UPDATE chats.chat SET looked_at = %(now)s WHERE id = %(id)s AND looked_at < %(before)s

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
-- The last that was said through some addresses before a place, and what answered by mail in their chats; latest first.
WITH seen AS (
    (SELECT m.id, m.position FROM conversations.message m
     WHERE m.address_id = ANY(%(address_ids)s::uuid[]) AND m.position < %(before)s::bigint AND m.direction <> 'note'
       AND m.state <> 'cancelled' AND (m.direction = 'in' OR m.undo_until <= %(now)s) AND m.erased_at IS NULL
       AND NOT EXISTS (SELECT FROM chats.sent_on s WHERE s.as_id = m.id)
       AND NOT EXISTS (SELECT FROM conversations.onward o WHERE o.as_id = m.id)
     ORDER BY m.position DESC LIMIT %(limit)s)
    UNION
    (SELECT m.id, m.position FROM chats.reply r JOIN conversations.message m ON m.id = r.message_id
     WHERE r.address_id = ANY(%(address_ids)s::uuid[]) AND m.position < %(before)s::bigint AND m.erased_at IS NULL
     ORDER BY m.position DESC LIMIT %(limit)s)
)
SELECT m.id, m.position, m.case_id, m.said_at, m.direction = 'out' AS is_ours, m.channel, m.address_id, m.author_name,
       m.is_automatic, m.subject, m.text, m.language, m.provider_id, m.state, m.attachments
FROM seen JOIN conversations.message m ON m.id = seen.id
ORDER BY seen.position DESC LIMIT %(limit)s

-- name: add_reply
-- Have a mail seen in the chats whose answers were sent on to its sender in the same case.
INSERT INTO chats.reply (message_id, address_id)
SELECT DISTINCT ON (heard.id) heard.id, answer.address_id
FROM conversations.message heard
JOIN conversations.message mail ON mail.case_id = heard.case_id AND mail.address_id = heard.address_id
JOIN chats.sent_on s ON s.as_id = mail.id
JOIN conversations.message answer ON answer.id = s.message_id
WHERE heard.id = %(message_id)s
ORDER BY heard.id, mail.position DESC
ON CONFLICT (message_id) DO NOTHING

-- name: next_said_at
-- When the next answer can no longer be held back, and is seen.
SELECT min(undo_until) FROM conversations.message
WHERE address_id = ANY(%(address_ids)s::uuid[]) AND direction = 'out' AND state = 'queued' AND undo_until > %(now)s

-- name: waiting
-- Which of these answers went to some addresses and are not known to be read.
SELECT id FROM conversations.message
WHERE id = ANY(%(ids)s::uuid[]) AND address_id = ANY(%(address_ids)s::uuid[]) AND direction = 'out'
  AND state IN ('queued', 'sent', 'unknown', 'delivered', 'failed') AND undo_until <= %(now)s

-- name: address
-- What an address is, and who it is of.
SELECT a.kind, a.value, g.customer_id
FROM customers.address a JOIN customers.grouping g ON g.address_id = a.id WHERE a.id = %(id)s

-- name: add_pass
-- Make a link that is to be mailed to an address.
INSERT INTO chats.pass (id, address_id, chat_id, made_at, expires_at)
VALUES (%(id)s, %(address_id)s, %(chat_id)s, %(now)s, %(expires_at)s)

-- name: mailed_pass
-- One mailed link.
SELECT id, address_id, chat_id, made_at, expires_at, revoked_at FROM chats.pass WHERE id = %(id)s

-- name: count_asked
-- How often a link was asked for an address since a moment.
SELECT count(*) FROM chats.asked WHERE address_id = %(address_id)s AND asked_at > %(since)s

-- name: note_asked
-- Note that a link was asked for an address.
INSERT INTO chats.asked (address_id, asked_at) VALUES (%(address_id)s, %(now)s)

-- name: drop_asked
-- Forget who asked for a link some time ago.
DELETE FROM chats.asked WHERE asked_at < %(before)s

-- name: revoke_passes
-- Let every link mailed to an address open nothing any more.
UPDATE chats.pass SET revoked_at = %(now)s WHERE address_id = %(address_id)s AND revoked_at IS NULL

-- name: drop_passes
-- Forget links long over, some at a time.
DELETE FROM chats.pass WHERE id IN (SELECT id FROM chats.pass WHERE expires_at < %(before)s LIMIT %(limit)s)

-- name: unread
-- Answers in chats nobody read or looks at, whose customer gave a mail address: to be sent on there, once.
WITH late AS (
    SELECT id, address_id FROM conversations.message
    WHERE direction = 'out' AND state IN ('sent', 'unknown') AND sent_at > %(since)s
    UNION ALL
    SELECT m.id, m.address_id
    FROM chats.chat c JOIN conversations.message m ON m.address_id = c.address_id
    WHERE c.mail_id IS NOT NULL AND c.looked_at > %(since)s AND c.looked_at < %(looked_before)s
      AND m.direction = 'out' AND m.state = 'delivered' AND m.said_at > %(since)s
)
SELECT m.id AS message_id, m.case_id, c.id AS chat_id, c.account_id, c.mail_id, c.language, m.text, m.attachments
FROM late
JOIN chats.chat c ON c.address_id = late.address_id
JOIN conversations.message m ON m.id = late.id
WHERE c.mail_id IS NOT NULL AND c.looked_at < %(looked_before)s AND NOT m.is_automatic
  AND m.undo_until < %(before)s AND m.erased_at IS NULL
  AND NOT EXISTS (SELECT FROM chats.sent_on s WHERE s.message_id = m.id)
  AND NOT EXISTS (SELECT FROM conversations.onward o WHERE o.message_id = m.id AND o.as_id IS NOT NULL)
ORDER BY m.position LIMIT %(limit)s

-- name: note_sent_on
-- Note that answers were sent on, or could not be.
INSERT INTO chats.sent_on (message_id, as_id, sent_at)
SELECT u.id, %(as_id)s, %(now)s FROM unnest(%(message_ids)s::uuid[]) AS u (id)
ON CONFLICT (message_id) DO NOTHING

-- name: were_sent_on
-- Which of these answers were sent on.
SELECT message_id AS id FROM chats.sent_on WHERE message_id = ANY(%(message_ids)s::uuid[]) AND as_id IS NOT NULL

-- name: forget_chats
-- Forget the chats and links of some addresses.
DELETE FROM chats.chat WHERE address_id = ANY(%(address_ids)s::uuid[]) OR mail_id = ANY(%(address_ids)s::uuid[])

-- name: forget_passes
-- Forget the links mailed to some addresses.
DELETE FROM chats.pass WHERE address_id = ANY(%(address_ids)s::uuid[])

-- name: forget_replies
-- Forget which mails were seen in the chats of some addresses.
DELETE FROM chats.reply WHERE address_id = ANY(%(address_ids)s::uuid[])

-- name: addresses_of
-- The addresses of a customer.
SELECT g.address_id AS id FROM customers.grouping g WHERE g.customer_id = %(customer_id)s

-- name: chats_of
-- The chats of a customer, and what is kept of them.
SELECT c.id, c.language, c.page, c.begun_at, c.looked_at, c.mail_proven
FROM customers.grouping g JOIN chats.chat c ON c.address_id = g.address_id
WHERE g.customer_id = %(customer_id)s ORDER BY c.begun_at

-- name: chats_in
-- The chats that are written from in a case.
SELECT DISTINCT c.id FROM conversations.message m JOIN chats.chat c ON c.address_id = m.address_id
WHERE m.case_id = %(case_id)s AND m.direction = 'in'

-- name: to_rate
-- A case that was solved lately by somebody of us and not rated since, in an area that asks.
SELECT c.id FROM conversations.case c JOIN conversations.area a ON a.key = c.area AND a.asks_rating <> 'nowhere'
WHERE c.id = %(case_id)s AND c.state = 'solved' AND c.merged_into IS NULL AND c.solved_at > %(since)s
  AND (c.rated_at IS NULL OR c.rated_at < c.solved_at)
  AND EXISTS (SELECT FROM conversations.message m
              WHERE m.case_id = c.id AND m.direction = 'out' AND NOT m.is_automatic AND m.state <> 'cancelled')

-- name: may_rate
-- Whether a viewer sees a message of a case.
SELECT EXISTS (
    SELECT FROM conversations.message m
    WHERE m.case_id = %(case_id)s AND m.address_id = ANY(%(address_ids)s::uuid[])
)
