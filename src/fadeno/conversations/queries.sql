-- name: hold_key
-- Let nobody else take in the same message at the same time; ends with the transaction.
SELECT pg_advisory_xact_lock(hashtextextended(%(key)s, 1014))

-- name: is_known
-- Whether an account already gave us a message of this id.
SELECT id, case_id FROM conversations.message WHERE account_id = %(account_id)s AND provider_id = %(provider_id)s

-- name: lock_cases
-- Take cases, in one order, until the end of the transaction.
SELECT id FROM conversations.case WHERE id = ANY(%(ids)s::uuid[]) ORDER BY id FOR NO KEY UPDATE

-- name: cases_by_id
-- Cases as they stand, each with whose it is now.
SELECT c.id, c.number, c.address_id, g.customer_id, c.title, c.matter_kind, c.matter_id, c.area, c.state, c.waits_until,
       c.owner_id, c.priority, c.tags, c.language, c.value_minor, c.currency, c.stage, c.expected_on, c.opened_at,
       c.first_due_at, c.next_due_at, c.resolve_due_at, c.resolve_since, c.resolve_left_s,
       nullif(c.due_at, 'infinity') AS due_at, c.warned_at, c.broken_at, c.waiting_since, c.first_answered_at, c.last_at, c.last_words, c.last_from, c.last_in, c.last_said,
       c.channels, c.message_count, c.solved_at, c.reopened_count, c.merged_into, c.version, c.stand, c.erased_at,
       c.rating, c.rating_words, c.rated_at, c.rating_asked_at, c.rating_held
FROM conversations.case c
LEFT JOIN customers.grouping g ON g.address_id = c.address_id
WHERE c.id = ANY(%(ids)s::uuid[])

-- name: case_numbered
-- The id of a case by its number.
SELECT id FROM conversations.case WHERE number = %(number)s

-- name: where_now
-- The case that has the messages of a case now, through every merge.
WITH RECURSIVE way (id, merged_into, steps) AS (
    SELECT id, merged_into, 0 FROM conversations.case WHERE id = %(id)s
    UNION ALL
    SELECT c.id, c.merged_into, way.steps + 1
    FROM way JOIN conversations.case c ON c.id = way.merged_into WHERE way.steps < 100
)
SELECT id FROM way WHERE merged_into IS NULL

-- name: referred
-- The cases in which messages of these ids stand, in the order of the ids.
SELECT m.case_id, min(p.n) AS n
FROM unnest(%(provider_ids)s::text[]) WITH ORDINALITY AS p (provider_id, n)
JOIN conversations.message m ON m.provider_id = p.provider_id AND m.channel = %(channel)s
WHERE p.provider_id <> ''
GROUP BY m.case_id
ORDER BY 2

-- name: cases_of
-- Ids of a customer's cases by the present address map, the latest first, without those that went into others.
SELECT x.id, x.last_at
FROM customers.grouping me
JOIN customers.grouping g ON g.customer_id = me.customer_id
CROSS JOIN LATERAL (
    SELECT c.id, c.last_at FROM conversations.case c
    WHERE c.address_id = g.address_id AND (c.last_at, c.id) < (%(before_at)s::timestamptz, %(before_id)s::uuid)
      AND c.merged_into IS NULL
    ORDER BY c.last_at DESC, c.id DESC LIMIT %(limit)s
) x
WHERE me.address_id = %(customer_id)s
ORDER BY x.last_at DESC, x.id DESC
LIMIT %(limit)s

-- name: add_case
-- Open a case.
INSERT INTO conversations.case (id, address_id, title, matter_kind, matter_id, area, language, opened_at, last_at)
VALUES (%(id)s, %(address_id)s, %(title)s, %(matter_kind)s, %(matter_id)s, %(area)s, %(language)s, %(opened_at)s,
        %(opened_at)s)

-- name: write_case
-- Write a case as it stands now.
UPDATE conversations.case c
SET title = n.title, matter_kind = n.matter_kind, matter_id = n.matter_id, area = n.area, state = n.state,
    waits_until = n.waits_until, owner_id = n.owner_id,
    owner_was = CASE WHEN n.owner_id IS NULL THEN c.owner_was ELSE '' END, priority = n.priority, tags = n.tags, language = n.language,
    value_minor = n.value_minor, currency = n.currency, stage = n.stage, expected_on = n.expected_on,
    opened_at = n.opened_at, first_due_at = n.first_due_at, next_due_at = n.next_due_at,
    resolve_due_at = n.resolve_due_at, resolve_since = n.resolve_since, resolve_left_s = n.resolve_left_s,
    due_at = coalesce(n.due_at, 'infinity'), warned_at = n.warned_at, broken_at = n.broken_at, waiting_since = n.waiting_since, first_answered_at = n.first_answered_at,
    last_at = n.last_at, last_words = n.last_words, last_from = n.last_from, last_in = n.last_in,
    last_said = n.last_said, channels = n.channels, message_count = n.message_count, solved_at = n.solved_at,
    reopened_count = n.reopened_count, merged_into = n.merged_into, version = c.version + 1,
    marks = array_to_tsvector(%(marks)s::text[])
FROM jsonb_populate_record(NULL::conversations.case, %(row)s::jsonb) n
WHERE c.id = n.id

-- name: add_message
-- Keep a message; its place in the order of arrival.
INSERT INTO conversations.message
    (id, case_id, said_at, direction, channel, account_id, address_id, author_kind, author_id, author_name, proven,
     is_automatic, subject, text, has_original, has_html, language, provider_id, state, state_words, undo_until, sent_at,
     delivered_at, read_at, failed_at, seen_upto, attachments, mentions)
SELECT n.id, n.case_id, n.said_at, n.direction, n.channel, n.account_id, n.address_id, n.author_kind, n.author_id,
       n.author_name, n.proven, n.is_automatic, n.subject, n.text, n.has_original, n.has_html, n.language,
       n.provider_id, n.state, coalesce(n.state_words, ''), n.undo_until, n.sent_at, n.delivered_at, n.read_at, n.failed_at,
       n.seen_upto, n.attachments, n.mentions
FROM jsonb_populate_record(NULL::conversations.message, %(row)s::jsonb) n
RETURNING position

-- name: add_original
-- Keep what is not shown of a message at once.
INSERT INTO conversations.original (message_id, quoted, html) VALUES (%(message_id)s, %(quoted)s, %(html)s)

-- name: add_finding
-- Let a message be found by its words.
INSERT INTO conversations.finding (position, case_id, words)
VALUES (%(position)s, %(case_id)s, array_to_tsvector(%(words)s::text[]))

-- name: messages_by_id
-- These messages.
SELECT id, position, case_id, said_at, direction, channel, account_id, address_id, author_kind, author_id, author_name,
       proven, is_automatic, subject, text, has_original, has_html, language, provider_id, state, state_words, undo_until,
       sent_at, delivered_at, read_at, failed_at, seen_upto, attachments, mentions, erased_at
FROM conversations.message WHERE id = ANY(%(ids)s::uuid[])
ORDER BY said_at, position

-- name: stream
-- Messages of a case, the latest first, from a place on.
SELECT id, position, case_id, said_at, direction, channel, account_id, address_id, author_kind, author_id, author_name,
       proven, is_automatic, subject, text, has_original, has_html, language, provider_id, state, state_words, undo_until,
       sent_at, delivered_at, read_at, failed_at, seen_upto, attachments, mentions, erased_at
FROM conversations.message
WHERE case_id = %(case_id)s AND (said_at, position) < (%(before_at)s::timestamptz, %(before_position)s::bigint)
ORDER BY said_at DESC, position DESC
LIMIT %(limit)s

-- name: stream_after
-- Messages of a case after a place, the earliest first.
SELECT id, position, case_id, said_at, direction, channel, account_id, address_id, author_kind, author_id, author_name,
       proven, is_automatic, subject, text, has_original, has_html, language, provider_id, state, state_words, undo_until,
       sent_at, delivered_at, read_at, failed_at, seen_upto, attachments, mentions, erased_at
FROM conversations.message
WHERE case_id = %(case_id)s AND (said_at, position) > (%(after_at)s::timestamptz, %(after_position)s::bigint)
ORDER BY said_at, position
LIMIT %(limit)s

-- name: newer
-- How many messages of a case, from the customer or another of us, came after a position, and the last of them.
SELECT count(*) AS newer, coalesce(max(position), 0)::bigint AS last
FROM (
    SELECT position FROM conversations.message
    WHERE case_id = %(case_id)s AND position > %(position)s AND direction <> 'note' AND state <> 'cancelled'
      AND author_id IS DISTINCT FROM %(author_id)s
    ORDER BY position DESC LIMIT 1000
) x

-- name: last_heard
-- The last messages of the customer in a case, the latest first: what an answer answers.
SELECT id, channel, account_id, address_id, provider_id, subject, language, proven, said_at
FROM conversations.message
WHERE case_id = %(case_id)s AND direction = 'in' AND NOT is_automatic
ORDER BY position DESC
LIMIT %(limit)s

-- name: areas
-- Every area, with its targets.
SELECT key, name, calendar, first_s, next_s, resolve_s, is_routed, next_channel_s, reopen_days, is_next_taken,
       asks_rating
FROM conversations.area ORDER BY key

-- name: add_act
-- Keep what was done to a case, and how it stood before.
INSERT INTO conversations.act (id, case_id, other_id, made_at, actor_kind, actor_id, actor_name, verb, before, after)
VALUES (%(id)s, %(case_id)s, %(other_id)s, %(now)s, %(actor_kind)s, %(actor_id)s, %(actor_name)s, %(verb)s,
        %(before)s::jsonb, %(after)s::jsonb)

-- name: set_state
-- Note how a message that went out fares; a later word never takes an earlier state back.
UPDATE conversations.message
SET state = %(state)s, state_words = %(words)s,
    provider_id = CASE WHEN %(provider_id)s = '' THEN provider_id ELSE %(provider_id)s END,
    sent_at = CASE WHEN %(state)s IN ('sent', 'delivered', 'read') THEN coalesce(sent_at, %(at)s) ELSE sent_at END,
    delivered_at = CASE WHEN %(state)s IN ('delivered', 'read') THEN coalesce(delivered_at, %(at)s) ELSE delivered_at END,
    read_at = CASE WHEN %(state)s = 'read' THEN coalesce(read_at, %(at)s) ELSE read_at END,
    failed_at = CASE WHEN %(state)s = 'failed' THEN %(at)s END
WHERE id = %(id)s AND direction = 'out' AND state = ANY(%(from_states)s::text[])
RETURNING case_id

-- name: link
-- Say that a case has to do with an order or another case.
INSERT INTO conversations.linked (case_id, kind, other_id) VALUES (%(case_id)s, %(kind)s, %(other_id)s)
ON CONFLICT DO NOTHING

-- name: act_of_answer
-- What an answer did to its case.
SELECT id, case_id, other_id, made_at, actor_kind, actor_id, actor_name, verb, before, after, undone_at
FROM conversations.act WHERE case_id = %(case_id)s AND verb = 'answer' AND after ->> 'message' = %(message_id)s

-- name: answered_by_key
-- The answer of this key that somebody gave in a case already.
SELECT (after ->> 'message')::uuid FROM conversations.act
WHERE case_id = %(case_id)s AND verb = 'answer' AND actor_id IS NOT DISTINCT FROM %(actor_id)s
  AND after ->> 'key' = %(key)s AND undone_at IS NULL

-- name: undo_act
-- Note that something was taken back.
UPDATE conversations.act SET undone_at = %(now)s WHERE id = %(id)s AND undone_at IS NULL

-- name: cancel
-- Hold a message back.
UPDATE conversations.message SET state = 'cancelled' WHERE id = %(id)s

-- name: sayings
-- What the short of a case is made of, in the order it came.
SELECT position, said_at, direction, channel, author_kind, is_automatic, state = 'cancelled' AS is_cancelled,
       CASE WHEN text <> '' THEN left(text, 800) ELSE left(subject, 800) END AS words
FROM conversations.message WHERE case_id = %(case_id)s ORDER BY position

-- name: unlink
-- Say that a case has nothing to do with an order or another case.
DELETE FROM conversations.linked WHERE case_id = %(case_id)s AND kind = %(kind)s AND other_id = %(other_id)s

-- name: act
-- One act.
SELECT id, case_id, other_id, made_at, actor_kind, actor_id, actor_name, verb, before, after, undone_at
FROM conversations.act WHERE id = %(id)s

-- name: acts
-- What was done to a case, and to another one with it, the latest first.
(SELECT id, case_id, other_id, made_at, actor_kind, actor_id, actor_name, verb, before, after, undone_at
 FROM conversations.act WHERE case_id = %(case_id)s AND id < %(before)s ORDER BY id DESC LIMIT %(limit)s)
UNION
(SELECT id, case_id, other_id, made_at, actor_kind, actor_id, actor_name, verb, before, after, undone_at
 FROM conversations.act WHERE other_id = %(case_id)s AND id < %(before)s ORDER BY id DESC LIMIT %(limit)s)
ORDER BY id DESC LIMIT %(limit)s

-- name: move
-- Move messages of a case to another, and note which.
WITH moved AS (
    UPDATE conversations.message SET case_id = %(to_case)s
    WHERE case_id = %(from_case)s AND (%(message_ids)s::uuid[] IS NULL OR id = ANY(%(message_ids)s::uuid[]))
    RETURNING id
)
INSERT INTO conversations.move (act_id, message_id, from_case, to_case)
SELECT %(act_id)s, id, %(from_case)s, %(to_case)s FROM moved

-- name: move_back
-- Move what an act moved back to where it was, as far as it is still where the act brought it.
UPDATE conversations.message m SET case_id = v.from_case
FROM conversations.move v WHERE v.act_id = %(act_id)s AND m.id = v.message_id AND m.case_id = v.to_case

-- name: count_moves
-- How many messages an act moved.
SELECT count(*) FROM conversations.move WHERE act_id = %(act_id)s

-- name: count_messages
-- How many messages a case holds, notes too.
SELECT count(*) FROM conversations.message WHERE case_id = %(case_id)s

-- name: save_draft
-- Keep what a member has typed so far.
INSERT INTO conversations.draft (case_id, member_id, text, is_note, account_id, address_id, saved_at)
SELECT %(case_id)s, %(member_id)s, %(text)s, %(is_note)s, %(account_id)s, %(address_id)s, %(saved_at)s
ON CONFLICT (case_id, member_id) DO UPDATE
SET text = excluded.text, is_note = excluded.is_note, account_id = excluded.account_id,
    address_id = excluded.address_id, saved_at = excluded.saved_at

-- name: forget_draft
-- Forget what a member typed in a case, and in those that went into it.
WITH RECURSIVE gone (id) AS (
    SELECT %(case_id)s::uuid
    UNION
    SELECT c.id FROM gone JOIN conversations.case c ON c.merged_into = gone.id
)
DELETE FROM conversations.draft d USING gone WHERE d.case_id = gone.id AND d.member_id = %(member_id)s

-- name: draft
-- What a member has typed so far in a case, else in one that went into it, the latest.
WITH RECURSIVE gone (id) AS (
    SELECT %(case_id)s::uuid
    UNION
    SELECT c.id FROM gone JOIN conversations.case c ON c.merged_into = gone.id
)
SELECT d.case_id, d.member_id, d.text, d.is_note, d.account_id, d.address_id, d.saved_at
FROM gone JOIN conversations.draft d ON d.case_id = gone.id AND d.member_id = %(member_id)s
ORDER BY d.case_id <> %(case_id)s, d.saved_at DESC LIMIT 1

-- name: follow
-- Let a member hear of a case.
INSERT INTO conversations.follower (case_id, member_id) VALUES (%(case_id)s, %(member_id)s) ON CONFLICT DO NOTHING

-- name: unfollow
-- Let a member hear of a case no longer.
DELETE FROM conversations.follower WHERE case_id = %(case_id)s AND member_id = %(member_id)s

-- name: mark_read
-- Note how far a member has read a case.
INSERT INTO conversations.reading (case_id, member_id, seen_upto)
VALUES (%(case_id)s, %(member_id)s, %(seen_upto)s)
ON CONFLICT (member_id, case_id) DO UPDATE SET seen_upto = excluded.seen_upto

-- name: nudge
-- Tell members of a case.
INSERT INTO conversations.nudge (id, member_id, case_id, kind, made_at)
SELECT n.id, n.member_id, %(case_id)s, %(kind)s, %(now)s
FROM unnest(%(ids)s::uuid[], %(members)s::uuid[]) AS n (id, member_id)

-- name: hear_nudges
-- Note that a member has heard of what stands up to a nudge.
UPDATE conversations.nudge SET seen_at = %(now)s
WHERE member_id = %(member_id)s AND id <= %(upto)s AND seen_at IS NULL

-- name: original
-- What is not shown of a message at once.
SELECT quoted, html FROM conversations.original WHERE message_id = %(message_id)s

-- name: outgoing
-- A message that is to leave, with where it goes; none where it was held back or its customer is gone.
SELECT m.id, m.case_id, c.number, m.position, m.account_id, m.channel, a.kind, a.value, m.subject, m.text,
       m.attachments, m.language, m.author_name, m.said_at, m.is_automatic
FROM conversations.message m
JOIN conversations.case c ON c.id = m.case_id
JOIN customers.address a ON a.id = m.address_id
WHERE m.id = %(id)s AND m.direction = 'out' AND m.state IN ('queued', 'unknown') AND m.erased_at IS NULL

-- name: references
-- What a channel calls the messages of a case before one of them, the latest first.
SELECT provider_id, direction
FROM conversations.message
WHERE case_id = %(case_id)s AND position < %(position)s AND channel = %(channel)s AND provider_id <> ''
ORDER BY position DESC
LIMIT %(limit)s

-- name: sent_as
-- Ids of what we sent that a channel calls by these names.
SELECT id FROM conversations.message
WHERE provider_id = ANY(%(provider_ids)s::text[]) AND channel = %(channel)s AND provider_id <> '' AND direction = 'out'

-- name: nudges
-- What a member should hear of and has not.
SELECT n.id, n.case_id, c.number AS case_number, c.title, n.kind, n.made_at, n.seen_at
FROM conversations.nudge n JOIN conversations.case c ON c.id = n.case_id
WHERE n.member_id = %(member_id)s AND n.seen_at IS NULL
ORDER BY n.id DESC LIMIT %(limit)s

-- name: around
-- Who follows a case, what it has to do with, how far members read: its own, and of cases that went into it.
WITH RECURSIVE gone (id) AS (
    SELECT %(case_id)s::uuid
    UNION
    SELECT c.id FROM gone JOIN conversations.case c ON c.merged_into = gone.id
)
SELECT DISTINCT 'follower' AS kind, f.member_id AS id, 0::bigint AS seen_upto
FROM gone JOIN conversations.follower f ON f.case_id = gone.id
UNION ALL
SELECT DISTINCT l.kind, l.other_id, 0::bigint FROM gone JOIN conversations.linked l ON l.case_id = gone.id
UNION ALL
SELECT 'reading', r.member_id, r.seen_upto FROM conversations.reading r WHERE r.case_id = %(case_id)s
LIMIT 2000

-- name: held_cases
-- Every case of a customer, those that went into others too, held until the end of the transaction.
SELECT c.id
FROM customers.grouping me
JOIN customers.grouping g ON g.customer_id = me.customer_id
JOIN conversations.case c ON c.address_id = g.address_id
WHERE me.address_id = %(customer_id)s
ORDER BY c.id
FOR NO KEY UPDATE OF c

-- name: messages_of_customer
-- What was said in these cases, and what went from or to a customer's addresses in any other.
SELECT m.id, m.position, m.case_id, m.erased_at FROM conversations.message m WHERE m.case_id = ANY(%(case_ids)s::uuid[])
UNION
SELECT m.id, m.position, m.case_id, m.erased_at
FROM customers.grouping me
JOIN customers.grouping g ON g.customer_id = me.customer_id
JOIN conversations.message m ON m.address_id = g.address_id
WHERE me.address_id = %(customer_id)s
ORDER BY position

-- name: drop_originals
-- Forget what is not shown of messages at once.
DELETE FROM conversations.original WHERE message_id = ANY(%(ids)s::uuid[])

-- name: drop_findings
-- Let messages be found by nothing.
DELETE FROM conversations.finding WHERE position = ANY(%(positions)s::bigint[])

-- name: empty_messages
-- Messages without what was said in them; what still waits is not sent.
UPDATE conversations.message
SET subject = '', text = '', attachments = '[]', has_original = false, has_html = false, state_words = '',
    author_name = CASE WHEN direction = 'in' THEN '' ELSE author_name END,
    state = CASE WHEN state = 'queued' THEN 'cancelled' ELSE state END, erased_at = %(now)s
WHERE id = ANY(%(ids)s::uuid[]) AND erased_at IS NULL

-- name: drop_drafts
-- Forget what members began to write in these cases.
DELETE FROM conversations.draft WHERE case_id = ANY(%(ids)s::uuid[])

-- name: empty_acts
-- What was done to these cases, without words of the customer or about them.
UPDATE conversations.act SET before = before - '{title,tags}'::text[], after = after - '{title,tags}'::text[]
WHERE case_id = ANY(%(ids)s::uuid[])

-- name: empty_cases
-- Cases as empty shells: a number, whose desk it was, when; nothing is due in them.
UPDATE conversations.case
SET title = '', last_words = '', matter_kind = NULL, matter_id = NULL, tags = '{}', language = '', state = 'solved',
    waits_until = NULL, solved_at = coalesce(solved_at, %(now)s), first_due_at = NULL, next_due_at = NULL,
    resolve_due_at = NULL, resolve_since = NULL, due_at = 'infinity', waiting_since = NULL, marks = '', rating = NULL,
    rating_words = '', erased_at = %(now)s, version = version + 1
WHERE id = ANY(%(ids)s::uuid[]) AND erased_at IS NULL

-- name: exported_cases
-- Every case of a customer, in the order they were opened.
SELECT c.id
FROM customers.grouping me
JOIN customers.grouping g ON g.customer_id = me.customer_id
JOIN conversations.case c ON c.address_id = g.address_id
WHERE me.address_id = %(customer_id)s
ORDER BY c.number

-- name: exported_messages
-- Messages with all that is kept of them.
SELECT m.id, m.case_id, m.said_at, m.direction, m.channel, m.address_id, m.author_kind, m.author_name, m.proven,
       m.is_automatic, m.subject, m.text, o.quoted, o.html, m.language, m.state, m.state_words, m.sent_at, m.delivered_at,
       m.read_at, m.failed_at, m.attachments, m.erased_at
FROM conversations.message m LEFT JOIN conversations.original o ON o.message_id = m.id
WHERE m.id = ANY(%(ids)s::uuid[])
ORDER BY m.position

-- name: exported_drafts
-- What members began to write in these cases.
SELECT case_id, text, is_note, saved_at FROM conversations.draft WHERE case_id = ANY(%(ids)s::uuid[])

-- name: listed_standing
-- Open or waiting cases by what is due first, from a place on.
SELECT id, nullif(due_at, 'infinity') AS due_at, %(marks)s::text IS NULL OR marks @@ %(marks)s::text::tsquery AS fits
FROM conversations.case c
WHERE stand = %(stand)s AND stand IN ('open', 'waiting') AND (due_at, id) > (%(at)s::timestamptz, %(id)s::uuid)
ORDER BY c.due_at, c.id LIMIT %(look)s

-- name: listed_of_owner
-- The open cases of a member by what is due first, from a place on.
SELECT id, nullif(due_at, 'infinity') AS due_at, %(marks)s::text IS NULL OR marks @@ %(marks)s::text::tsquery AS fits
FROM conversations.case c
WHERE stand = 'open' AND owner_id = %(owner_id)s AND (due_at, id) > (%(at)s::timestamptz, %(id)s::uuid)
ORDER BY c.due_at, c.id LIMIT %(look)s

-- name: listed_of_nobody
-- Open cases nobody owns by what is due first, from a place on.
SELECT id, nullif(due_at, 'infinity') AS due_at, %(marks)s::text IS NULL OR marks @@ %(marks)s::text::tsquery AS fits
FROM conversations.case c
WHERE stand = 'open' AND owner_id IS NULL AND (due_at, id) > (%(at)s::timestamptz, %(id)s::uuid)
ORDER BY c.owner_id, c.due_at, c.id LIMIT %(look)s

-- name: listed_of_area
-- The open cases of an area by what is due first, from a place on.
SELECT id, nullif(due_at, 'infinity') AS due_at, %(marks)s::text IS NULL OR marks @@ %(marks)s::text::tsquery AS fits
FROM conversations.case c
WHERE stand = 'open' AND area = %(area)s AND (due_at, id) > (%(at)s::timestamptz, %(id)s::uuid)
ORDER BY c.due_at, c.id LIMIT %(look)s

-- name: listed_due
-- Open cases due until a moment, from a place on.
SELECT id, nullif(due_at, 'infinity') AS due_at, %(marks)s::text IS NULL OR marks @@ %(marks)s::text::tsquery AS fits
FROM conversations.case c
WHERE stand = 'open' AND due_at <= %(until)s AND (due_at, id) > (%(at)s::timestamptz, %(id)s::uuid)
ORDER BY c.due_at, c.id LIMIT %(look)s

-- name: listed_solved
-- Solved cases, the latest first, from a place on.
SELECT id, last_at, %(marks)s::text IS NULL OR marks @@ %(marks)s::text::tsquery AS fits
FROM conversations.case
WHERE stand = 'solved' AND (last_at, id) < (%(at)s::timestamptz, %(id)s::uuid)
ORDER BY last_at DESC, id DESC LIMIT %(look)s

-- name: listed_followed
-- Cases a member follows that are not solved, the latest first, from a place on.
SELECT c.id, c.last_at, %(marks)s::text IS NULL OR c.marks @@ %(marks)s::text::tsquery AS fits
FROM conversations.follower f JOIN conversations.case c ON c.id = f.case_id
WHERE f.member_id = %(member_id)s AND c.stand IN ('open', 'waiting')
  AND (c.last_at, c.id) < (%(at)s::timestamptz, %(id)s::uuid)
ORDER BY c.last_at DESC, c.id DESC LIMIT %(look)s

-- name: listed_with_marks
-- Open or waiting cases with these marks, in no order.
SELECT id, nullif(due_at, 'infinity') AS due_at FROM conversations.case
WHERE marks @@ %(marks)s::text::tsquery AND stand IN ('open', 'waiting') AND stand = %(stand)s
LIMIT %(limit)s

-- name: listed
-- Cases as a list shows them to a member.
SELECT c.id, c.number, c.title, g.customer_id, c.state, c.stand, c.waits_until, c.priority, c.owner_id, c.area, c.channels,
       c.tags, c.language, c.last_words, c.last_from, c.last_at, c.waiting_since, nullif(c.due_at, 'infinity') AS due_at,
       c.message_count, c.last_in > coalesce(r.seen_upto, 0) AS is_unread, coalesce(left(d.text, 200), '') AS draft,
       c.erased_at
FROM conversations.case c
LEFT JOIN customers.grouping g ON g.address_id = c.address_id
LEFT JOIN conversations.reading r ON r.member_id = %(member_id)s AND r.case_id = c.id
LEFT JOIN conversations.draft d ON d.case_id = c.id AND d.member_id = %(member_id)s
WHERE c.id = ANY(%(ids)s::uuid[])

-- name: counts
-- How many cases stand in each list of a member, each counted so far at most.
SELECT 'all' AS name, count(*) AS n FROM (SELECT FROM conversations.case WHERE stand = 'open' LIMIT %(most)s) x
UNION ALL
SELECT 'waiting', count(*) FROM (SELECT FROM conversations.case WHERE stand = 'waiting' LIMIT %(most)s) x
UNION ALL
SELECT 'unassigned', count(*)
FROM (SELECT FROM conversations.case WHERE stand = 'open' AND owner_id IS NULL LIMIT %(most)s) x
UNION ALL
SELECT 'mine', count(*)
FROM (SELECT FROM conversations.case WHERE stand = 'open' AND owner_id = %(member_id)s LIMIT %(most)s) x
UNION ALL
SELECT 'unread', count(*)
FROM (SELECT c.id, c.last_in FROM conversations.case c
      WHERE c.stand = 'open' AND c.owner_id = %(member_id)s LIMIT %(most)s) c
LEFT JOIN conversations.reading r ON r.member_id = %(member_id)s AND r.case_id = c.id
WHERE c.last_in > coalesce(r.seen_upto, 0)
UNION ALL
SELECT 'due', count(*)
FROM (SELECT FROM conversations.case WHERE stand = 'open' AND due_at <= %(due_until)s LIMIT %(most)s) x
UNION ALL
SELECT 'followed', count(*)
FROM (SELECT FROM conversations.follower f JOIN conversations.case c ON c.id = f.case_id
      WHERE f.member_id = %(member_id)s AND c.stand IN ('open', 'waiting') LIMIT %(most)s) x
UNION ALL
SELECT 'drafts', count(*) FROM (SELECT FROM conversations.draft WHERE member_id = %(member_id)s LIMIT %(most)s) x
UNION ALL
SELECT 'nudges', count(*)
FROM (SELECT FROM conversations.nudge WHERE member_id = %(member_id)s AND seen_at IS NULL LIMIT %(most)s) x

-- name: counts_of_everybody
-- How many open cases each member has, each counted so far at most.
SELECT m.id, x.n
FROM access.member m
CROSS JOIN LATERAL (
    SELECT count(*) AS n
    FROM (SELECT FROM conversations.case WHERE stand = 'open' AND owner_id = m.id LIMIT %(most)s) y
) x
WHERE x.n > 0

-- name: counts_of_areas
-- How many open cases each area has, each counted so far at most.
SELECT a.key AS name, x.n
FROM conversations.area a
CROSS JOIN LATERAL (
    SELECT count(*) AS n FROM (SELECT FROM conversations.case WHERE stand = 'open' AND area = a.key LIMIT %(most)s) y
) x

-- name: views
-- A member's saved views and everybody's, by name.
SELECT id, member_id, name, kind, narrowed, made_at FROM conversations.view
WHERE member_id = %(member_id)s OR member_id IS NULL
ORDER BY name, id

-- name: save_view
-- Keep a view under a name; the one of that name is this one from now on.
INSERT INTO conversations.view (id, member_id, name, kind, narrowed, made_at)
VALUES (%(id)s, %(member_id)s, %(name)s, %(kind)s, %(narrowed)s::jsonb, %(now)s)
ON CONFLICT (member_id, name) DO UPDATE SET kind = excluded.kind, narrowed = excluded.narrowed, made_at = excluded.made_at
RETURNING id

-- name: remove_view
-- A saved view no more: one's own, or one of everybody.
DELETE FROM conversations.view WHERE id = %(id)s AND (member_id = %(member_id)s OR member_id IS NULL)

-- name: last_position
-- The position of the newest message; 0 where there is none.
SELECT coalesce(max(position), 0)::bigint FROM conversations.message

-- name: seek_newest
-- Which messages between two positions hold these words, read through from the newest on.
SELECT position FROM conversations.finding
WHERE position >= %(after)s AND position < %(before)s AND ts_match_vq(words, %(q)s::text::tsquery)
ORDER BY position DESC

-- name: seek_by_words
-- Which messages between two positions hold these words, looked up by them (not met on a way through); the newest so many.
SELECT position FROM (
    SELECT position FROM conversations.finding
    WHERE position >= %(after)s AND position < %(before)s AND words @@ %(q)s::text::tsquery OFFSET 0
) x
ORDER BY position DESC LIMIT %(limit)s

-- name: seek_of_customer
-- Which messages in a customer's cases hold these words, the newest first.
SELECT m.position
FROM customers.grouping me
JOIN customers.grouping g ON g.customer_id = me.customer_id
JOIN conversations.case c ON c.address_id = g.address_id
JOIN conversations.message m ON m.case_id = c.id
JOIN conversations.finding f ON f.position = m.position
WHERE me.address_id = %(customer_id)s AND m.position < %(before)s AND ts_match_vq(f.words, %(q)s::text::tsquery)
ORDER BY m.position DESC LIMIT %(limit)s

-- name: seek_fitting
-- Those of these messages that filters let through, with their cases, the newest first.
SELECT m.id, m.position, m.case_id, c.number, c.title, g.customer_id, c.area, c.stand, c.owner_id, m.direction, m.channel,
       m.author_name, m.said_at, m.subject, left(m.text, 4000) AS text
FROM conversations.message m
JOIN conversations.case c ON c.id = m.case_id
LEFT JOIN customers.grouping g ON g.address_id = c.address_id
WHERE m.position = ANY(%(positions)s::bigint[]) AND m.erased_at IS NULL AND m.state <> 'cancelled'
  AND (%(area)s = '' OR c.area = %(area)s) AND (%(owner_id)s::uuid IS NULL OR c.owner_id = %(owner_id)s)
  AND (%(channel)s = '' OR m.channel = %(channel)s) AND (%(stand)s = '' OR c.stand = %(stand)s)
  AND (%(direction)s = '' OR m.direction = %(direction)s)
  AND (%(since)s::timestamptz IS NULL OR m.said_at >= %(since)s)
  AND (%(until)s::timestamptz IS NULL OR m.said_at < %(until)s)
  AND (NOT %(has_attachment)s OR m.attachments <> '[]')
ORDER BY m.position DESC LIMIT %(limit)s

-- name: make_finding
-- Make the piece that holds the words of messages between two positions.
SELECT conversations.make_finding(%(name)s, %(first)s::bigint, %(after)s::bigint)

-- name: nearly_due
-- Cases in which something is due soon and nobody was told.
SELECT id FROM conversations.case
WHERE stand IN ('open', 'waiting') AND warned_at IS NULL AND broken_at IS NULL AND due_at <= %(until)s
  AND least(first_due_at, next_due_at, resolve_due_at) <= %(until)s
ORDER BY due_at LIMIT %(limit)s
FOR NO KEY UPDATE SKIP LOCKED

-- name: overdue
-- Cases in which something was due and nobody was told that it is too late.
SELECT id FROM conversations.case
WHERE stand IN ('open', 'waiting') AND broken_at IS NULL AND due_at <= %(until)s
  AND least(first_due_at, next_due_at, resolve_due_at) <= %(until)s
ORDER BY due_at LIMIT %(limit)s
FOR NO KEY UPDATE SKIP LOCKED

-- name: note_warned
-- Note that these cases' owners were told that something is nearly due.
UPDATE conversations.case SET warned_at = %(now)s WHERE id = ANY(%(ids)s::uuid[])

-- name: note_broken
-- Note that it was told that something in these cases is too late.
UPDATE conversations.case SET broken_at = %(now)s, warned_at = coalesce(warned_at, %(now)s)
WHERE id = ANY(%(ids)s::uuid[])

-- name: awake
-- Cases that were put off until now.
SELECT id FROM conversations.case
WHERE state = 'waiting_until' AND waits_until <= %(now)s AND merged_into IS NULL
ORDER BY waits_until LIMIT %(limit)s
FOR NO KEY UPDATE SKIP LOCKED

-- name: timed_by
-- By which calendars and targets the due times of each area's cases stand, and how far a walk through them has come.
SELECT key, timed_by, walking_by, walked_to FROM conversations.area ORDER BY key

-- name: note_timed
-- Note how far a walk through an area's due times has come.
UPDATE conversations.area SET timed_by = %(timed_by)s, walking_by = %(walking_by)s, walked_to = %(walked_to)s
WHERE key = %(key)s

-- name: to_time
-- The next cases of an area whose due times are counted anew.
SELECT id, version, state, opened_at, waiting_since, first_answered_at, waits_until, first_due_at, next_due_at, resolve_due_at,
       resolve_since, resolve_left_s, nullif(due_at, 'infinity') AS due_at
FROM conversations.case
WHERE id > %(after)s AND area = %(area)s AND stand IN ('open', 'waiting')
ORDER BY id LIMIT %(limit)s

-- name: write_times
-- Write due times of cases that are as they were read; who was told of others is told of these.
UPDATE conversations.case c
SET first_due_at = n.first_due_at, next_due_at = n.next_due_at, resolve_due_at = n.resolve_due_at,
    due_at = coalesce(n.due_at, 'infinity'), warned_at = NULL, broken_at = NULL, version = c.version + 1
FROM unnest(%(ids)s::uuid[], %(versions)s::bigint[], %(first)s::timestamptz[], %(next)s::timestamptz[],
            %(resolve)s::timestamptz[], %(due)s::timestamptz[])
     AS n (id, version, first_due_at, next_due_at, resolve_due_at, due_at)
WHERE c.id = n.id AND c.version = n.version

-- name: recorded_ids
-- Cases that are written to a file, by id.
SELECT id FROM conversations.case
WHERE id > %(after)s AND erased_at IS NULL AND merged_into IS NULL
ORDER BY id LIMIT %(limit)s

-- name: recorded_about
-- The address a case names, as people write it, whose it was elsewhere, and what it has to do with.
SELECT a.kind || ':' || a.value AS address, c.owner_was,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('kind', l.kind, 'id', l.other_id) ORDER BY l.kind, l.other_id), '[]')
        FROM conversations.linked l WHERE l.case_id = c.id) AS linked
FROM conversations.case c JOIN customers.address a ON a.id = c.address_id WHERE c.id = %(case_id)s

-- name: recorded_messages
-- All that is kept of the messages of a case, in the order they came.
SELECT m.id, m.said_at, m.direction, m.channel, m.author_kind, a.kind || ':' || a.value AS address, m.author_name, m.proven,
       m.is_automatic, m.subject, m.text, coalesce(o.quoted, '') AS quoted, coalesce(o.html, '') AS html, m.language,
       m.provider_id, m.state, m.state_words, m.sent_at, m.delivered_at, m.read_at, m.failed_at, m.attachments
FROM conversations.message m
LEFT JOIN customers.address a ON a.id = m.address_id
LEFT JOIN conversations.original o ON o.message_id = m.id
WHERE m.case_id = %(case_id)s AND m.erased_at IS NULL
ORDER BY m.position

-- name: known_messages
-- Which of these messages are here.
SELECT id FROM conversations.message WHERE id = ANY(%(ids)s::uuid[])

-- name: set_area
-- An area as it is from now on.
INSERT INTO conversations.area (key, name, calendar, first_s, next_s, resolve_s, is_routed, next_channel_s, reopen_days,
                                is_next_taken, asks_rating)
VALUES (%(key)s, %(name)s, %(calendar)s, %(first_s)s, %(next_s)s, %(resolve_s)s, %(is_routed)s, %(next_channel_s)s,
        %(reopen_days)s, %(is_next_taken)s, %(asks_rating)s)
ON CONFLICT (key) DO UPDATE SET (name, calendar, first_s, next_s, resolve_s, is_routed, next_channel_s, reopen_days,
                              is_next_taken, asks_rating)
    = (excluded.name, excluded.calendar, excluded.first_s, excluded.next_s, excluded.resolve_s, excluded.is_routed,
       excluded.next_channel_s, excluded.reopen_days, excluded.is_next_taken, excluded.asks_rating)

-- name: desk_members
-- Every member of the desk.
SELECT member_id, areas, languages, skills, most_open, is_on_duty, seen_at FROM conversations.desk_member
ORDER BY member_id

-- name: set_desk_member
-- A member of the desk as they are from now on.
INSERT INTO conversations.desk_member (member_id, areas, languages, skills, most_open, is_on_duty)
VALUES (%(member_id)s, %(areas)s, %(languages)s, %(skills)s, %(most_open)s, %(is_on_duty)s)
ON CONFLICT (member_id) DO UPDATE SET (areas, languages, skills, most_open, is_on_duty)
    = (excluded.areas, excluded.languages, excluded.skills, excluded.most_open, excluded.is_on_duty)

-- name: note_seen
-- A member is at the desk; written once a minute at most.
UPDATE conversations.desk_member SET seen_at = %(now)s
WHERE member_id = %(member_id)s AND (seen_at IS NULL OR seen_at < %(now)s::timestamptz - interval '1 minute')

-- name: hold_routing
-- Take the giving of cases for oneself until the end of the transaction; false where somebody else has it.
SELECT pg_try_advisory_xact_lock(hashtext('conversations.route'))

-- name: loads
-- How many open cases each member of the desk has.
SELECT d.member_id AS owner_id, x.n
FROM conversations.desk_member d
CROSS JOIN LATERAL (SELECT count(*) AS n FROM conversations.case WHERE stand = 'open' AND owner_id = d.member_id) x

-- name: to_route
-- Open cases without an owner in areas that are routed: the most urgent of those due first.
SELECT id FROM (
    SELECT c.id, c.priority, c.due_at, c.opened_at
    FROM conversations.case c
    WHERE c.stand = 'open' AND c.owner_id IS NULL
      AND c.area IN (SELECT key FROM conversations.area WHERE is_routed)
    ORDER BY c.owner_id, c.due_at, c.id LIMIT 10 * %(limit)s
) x
ORDER BY priority, due_at, opened_at, id LIMIT %(limit)s

-- name: to_hand_over
-- Open cases of routed areas in which a customer waits and whose owner is off duty, or away while an answer is nearly due.
SELECT c.id
FROM conversations.desk_member d
JOIN conversations.case c ON c.stand = 'open' AND c.owner_id = d.member_id
WHERE (NOT d.is_on_duty OR (coalesce(d.seen_at, '-infinity') < %(seen_before)s AND c.due_at <= %(due_until)s))
  AND c.waiting_since IS NOT NULL AND c.area IN (SELECT key FROM conversations.area WHERE is_routed)
ORDER BY c.due_at, c.id LIMIT %(limit)s

-- name: last_owners
-- Who owned another case of the same customer last, by case.
SELECT c.id AS case_id, x.owner_id
FROM conversations.case c
JOIN customers.grouping me ON me.address_id = c.address_id
CROSS JOIN LATERAL (
    SELECT y.owner_id
    FROM customers.grouping g
    CROSS JOIN LATERAL (
        SELECT o.owner_id, o.last_at FROM conversations.case o
        WHERE o.address_id = g.address_id AND o.id <> c.id AND o.owner_id IS NOT NULL
        ORDER BY o.last_at DESC, o.id DESC LIMIT 1
    ) y
    WHERE g.customer_id = me.customer_id
    ORDER BY y.last_at DESC LIMIT 1
) x
WHERE c.id = ANY(%(ids)s::uuid[])

-- name: came_into
-- Cases that went into a case, and those that went into them.
WITH RECURSIVE gone (id) AS (
    SELECT id FROM conversations.case WHERE merged_into = %(id)s
    UNION
    SELECT c.id FROM gone JOIN conversations.case c ON c.merged_into = gone.id
)
SELECT id FROM gone LIMIT 1000

-- name: queue_again
-- Let a message wait to leave again that failed, or of which nobody knows whether it left.
UPDATE conversations.message
SET state = 'queued', state_words = '', failed_at = NULL, undo_until = %(now)s
WHERE id = %(id)s AND direction = 'out' AND state IN ('failed', 'unknown') AND erased_at IS NULL
RETURNING id

-- name: not_left
-- Messages that failed, or of which nobody knows whether they left; the latest first.
SELECT m.id, m.position, m.case_id, c.number AS case_number, m.said_at, m.channel, m.account_id, m.state, m.state_words
FROM conversations.message m JOIN conversations.case c ON c.id = m.case_id
WHERE m.state IN ('failed', 'unknown') AND m.direction = 'out' AND m.position < %(before)s
ORDER BY m.position DESC LIMIT %(limit)s

-- name: reached
-- Addresses of a customer by which they can be written to: when they wrote from each, whether an answer got lost on the way.
SELECT a.id AS address_id, a.kind, a.value, a.proven, a.blocked, a.shared, heard.said_at AS heard_at,
       heard.account_id AS heard_by, here.said_at AS heard_here,
       CASE WHEN sent.state = 'failed' THEN sent.failed_at END AS failed_at, coalesce(sent.state_words, '') AS failed_words
FROM customers.grouping g
JOIN customers.address a ON a.id = g.address_id AND a.kind = ANY(%(kinds)s::text[])
LEFT JOIN LATERAL (
    SELECT m.said_at, m.account_id FROM conversations.message m
    WHERE m.address_id = a.id AND m.direction = 'in' AND NOT m.is_automatic
    ORDER BY m.said_at DESC LIMIT 1
) heard ON true
LEFT JOIN LATERAL (
    SELECT m.said_at FROM conversations.message m
    WHERE m.address_id = a.id AND m.case_id = %(case_id)s AND m.direction = 'in' AND NOT m.is_automatic
    ORDER BY m.said_at DESC LIMIT 1
) here ON true
LEFT JOIN LATERAL (
    SELECT m.state, m.failed_at, m.state_words FROM conversations.message m
    WHERE m.address_id = a.id AND m.direction = 'out' AND m.state NOT IN ('queued', 'cancelled')
    ORDER BY m.said_at DESC LIMIT 1
) sent ON true
WHERE g.customer_id = %(customer_id)s
ORDER BY here.said_at DESC NULLS LAST, heard.said_at DESC NULLS LAST, a.proven DESC, a.id
LIMIT %(limit)s

-- name: lately_sent
-- What went to a customer since a moment, or waits to, the latest first.
SELECT m.id AS message_id, m.case_id, c.number AS case_number, c.area, m.channel, m.said_at, m.state, m.author_kind,
       m.author_name, m.is_automatic, m.subject, left(m.text, 200) AS words
FROM customers.grouping me
JOIN customers.grouping g ON g.customer_id = me.customer_id
JOIN conversations.message m ON m.address_id = g.address_id
JOIN conversations.case c ON c.id = m.case_id
WHERE me.address_id = %(customer_id)s AND m.said_at >= %(since)s AND m.direction = 'out' AND m.state <> 'cancelled'
ORDER BY m.said_at DESC, m.position DESC LIMIT %(limit)s

-- name: faults
-- Cases and messages that break a law: messages in cases that are gone, short forms that are not what was said, wrong due times.
(SELECT 'case ' || c.id || ' went into another and still holds messages' AS fault
 FROM conversations.case c
 WHERE c.merged_into IS NOT NULL AND EXISTS (SELECT FROM conversations.message m WHERE m.case_id = c.id)
 LIMIT %(most)s)
UNION ALL
(SELECT 'case ' || c.id || ' went into one that is not there' FROM conversations.case c
 WHERE c.merged_into IS NOT NULL AND NOT EXISTS (SELECT FROM conversations.case o WHERE o.id = c.merged_into)
 LIMIT %(most)s)
UNION ALL
(SELECT 'case ' || c.id || ' says ' || c.message_count || ' messages and holds ' || coalesce(x.n, 0)
 FROM conversations.case c
 LEFT JOIN (SELECT case_id, count(*) AS n FROM conversations.message
            WHERE direction <> 'note' AND (state <> 'cancelled' OR erased_at IS NOT NULL) GROUP BY case_id) x
     ON x.case_id = c.id
 WHERE c.message_count <> coalesce(x.n, 0) AND c.erased_at IS NULL LIMIT %(most)s)
UNION ALL
(SELECT 'case ' || id || ' is due at another time than what is due in it' FROM conversations.case
 WHERE due_at <> coalesce(least(first_due_at, next_due_at, resolve_due_at, waits_until), 'infinity') LIMIT %(most)s)
UNION ALL
(SELECT 'message ' || id || ' should have left a day ago and still waits' FROM conversations.message
 WHERE state = 'queued' AND undo_until < %(late)s LIMIT %(most)s)

-- name: counted
-- How many cases and messages there are.
SELECT (SELECT count(*) FROM conversations.case) AS cases, (SELECT count(*) FROM conversations.message) AS messages

-- name: bind_acts
-- Say that what was done to these cases since an id was made belongs together under it.
UPDATE conversations.act SET together_id = %(together_id)s
WHERE case_id = ANY(%(case_ids)s::uuid[]) AND id > %(together_id)s AND together_id IS NULL

-- name: acts_together
-- What was done to many cases at once and not taken back, the latest first.
SELECT id, case_id, other_id, made_at, actor_kind, actor_id, actor_name, verb, before, after, undone_at
FROM conversations.act WHERE together_id = %(together_id)s AND undone_at IS NULL
ORDER BY id DESC

-- name: hold_onward
-- Let nobody else send answers on by another way until the end of the transaction.
SELECT pg_advisory_xact_lock(hashtext('conversations.onward'))

-- name: undelivered
-- Answers of people that did not arrive within the time their area gives them, and after which the customer said nothing.
SELECT m.id, m.case_id, m.account_id, m.address_id, m.author_id, m.author_kind, m.state, m.text, m.attachments, a.is_next_taken
FROM conversations.message m
JOIN conversations.case c ON c.id = m.case_id
JOIN conversations.area a ON a.key = c.area
WHERE m.direction = 'out' AND NOT m.is_automatic AND m.erased_at IS NULL AND m.state IN ('queued', 'sent', 'unknown', 'failed')
  AND m.said_at > %(since)s AND m.undo_until < %(now)s::timestamptz - a.next_channel_s * interval '1 second'
  AND m.said_at > %(now)s::timestamptz - a.next_channel_s * interval '1 second' - interval '2 days'
  AND (m.state <> 'sent' OR m.channel = ANY(%(telling)s::text[]))
  AND NOT EXISTS (SELECT FROM conversations.onward o WHERE o.message_id = m.id)
  AND NOT EXISTS (
    SELECT FROM conversations.message i
    WHERE i.case_id = m.case_id AND i.position > m.position AND i.direction = 'in' AND NOT i.is_automatic
  )
ORDER BY m.case_id, m.address_id, m.position LIMIT %(limit)s

-- name: note_onward
-- Note what became of answers that did not arrive in time.
INSERT INTO conversations.onward (message_id, case_id, because, became, held, address_id, as_id, made_at)
SELECT n.id, %(case_id)s, n.because, %(became)s, %(held)s, %(address_id)s, %(as_id)s, %(now)s
FROM unnest(%(ids)s::uuid[], %(because)s::text[]) AS n (id, because)

-- name: onward
-- What became of answers of a case that did not arrive in time, the latest first.
SELECT message_id, because, became, held, address_id, as_id, made_at FROM conversations.onward
WHERE case_id = %(case_id)s ORDER BY made_at DESC, message_id LIMIT 100

-- name: rate
-- Keep how content a customer was with a case; the last word counts.
UPDATE conversations.case SET rating = %(stars)s, rating_words = %(words)s, rated_at = %(now)s, version = version + 1
WHERE id = %(case_id)s

-- name: to_ask
-- Solved cases whose customers were not asked since how content they were, and did not say it; held.
SELECT c.id
FROM conversations.case c JOIN conversations.area a ON a.key = c.area AND a.asks_rating = 'everywhere'
WHERE c.stand = 'solved' AND (c.rating_asked_at IS NULL OR c.rating_asked_at < c.solved_at)
  AND c.solved_at > %(since)s AND c.solved_at <= CASE
      WHEN c.channels[cardinality(c.channels)] = ANY(%(chats)s::text[]) THEN %(chats_until)s::timestamptz
      ELSE %(until)s::timestamptz END
  AND (c.rated_at IS NULL OR c.rated_at < c.solved_at) AND c.erased_at IS NULL
  AND EXISTS (SELECT FROM conversations.message m WHERE m.case_id = c.id AND m.direction = 'in' AND NOT m.is_automatic)
  AND EXISTS (
    SELECT FROM conversations.message m
    WHERE m.case_id = c.id AND m.direction = 'out' AND NOT m.is_automatic AND m.state NOT IN ('cancelled', 'failed')
  )
ORDER BY c.solved_at LIMIT %(limit)s
FOR NO KEY UPDATE OF c SKIP LOCKED

-- name: was_asked_since
-- Whether the customer of a case was asked since a moment how content they were with another one.
SELECT EXISTS (
    SELECT
    FROM conversations.case c
    JOIN customers.grouping me ON me.address_id = c.address_id
    JOIN customers.grouping g ON g.customer_id = me.customer_id
    JOIN conversations.case o ON o.address_id = g.address_id
    WHERE c.id = %(case_id)s AND o.id <> c.id AND o.rating_asked_at > %(since)s AND o.rating_held = ''
)

-- name: note_asked
-- Note that a case's customer was asked how content they were, or why they are not.
UPDATE conversations.case SET rating_asked_at = %(now)s, rating_held = %(held)s WHERE id = %(case_id)s

-- name: recorded_acts
-- What was done to a case, in its order.
SELECT id, made_at, actor_kind, actor_name, verb, other_id, before, after, undone_at FROM conversations.act
WHERE case_id = %(case_id)s ORDER BY id

-- name: keep_acts
-- Keep what was done to a case elsewhere, as far as it is not here yet.
INSERT INTO conversations.act (id, case_id, other_id, made_at, actor_kind, actor_name, verb, before, after, undone_at)
SELECT n.id, %(case_id)s, n.other_id, n.made_at, n.actor_kind, n.actor_name, n.verb, n.before, n.after, n.undone_at
FROM jsonb_populate_recordset(NULL::conversations.act, %(rows)s::jsonb) n
ON CONFLICT (id) DO NOTHING

-- name: keep_number
-- Call a case by a number that no other has.
UPDATE conversations.case SET number = %(number)s
WHERE id = %(case_id)s AND NOT EXISTS (SELECT FROM conversations.case WHERE number = %(number)s)

-- name: keep_owner_was
-- Say whose a case was where it was brought from.
UPDATE conversations.case SET owner_was = %(email)s WHERE id = %(case_id)s

-- name: number_on
-- Let numbers go on after one that was taken.
SELECT setval('conversations.case_number_seq', greatest(%(number)s::bigint, (SELECT last_value FROM conversations.case_number_seq)))

-- name: keep_rating
-- Keep how content a customer was with a case elsewhere.
UPDATE conversations.case SET rating = %(stars)s, rating_words = %(words)s, rated_at = %(at)s WHERE id = %(case_id)s
