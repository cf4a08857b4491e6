-- name: promises
-- Some promises by their ids, with whose they are now.
SELECT p.id, p.kind, p.case_id, p.case_number, p.address_id, g.customer_id, p.area, p.owner_id, p.said, p.message_id,
       p.basis, p.made_at, p.made_kind, p.made_by, p.made_name, p.due_at, p.breaks_at, p.warn_at, p.warned_at, p.state,
       p.settled_at, p.settled_name, p.outcome, p.done_at, p.moved_from, n.id AS moved_to, p.erased_at
FROM promises.promise p LEFT JOIN customers.grouping g ON g.address_id = p.address_id
    LEFT JOIN promises.promise n ON n.moved_from = p.id
WHERE p.id = ANY (%(ids)s)

-- name: hold
-- Those of some promises that are there, held until the end of the transaction.
SELECT id FROM promises.promise WHERE id = ANY (%(ids)s) ORDER BY id FOR UPDATE

-- name: add
-- A new promise.
INSERT INTO promises.promise (id, kind, case_id, case_number, address_id, area, owner_id, said, message_id, basis,
                              made_at, made_kind, made_by, made_name, due_at, breaks_at, warn_at, moved_from)
VALUES (%(id)s, %(kind)s, %(case_id)s, %(case_number)s, %(address_id)s, %(area)s, %(owner_id)s, %(said)s,
        %(message_id)s, %(basis)s, %(now)s, %(made_kind)s, %(made_by)s, %(made_name)s, %(due_at)s, %(breaks_at)s,
        %(warn_at)s, %(moved_from)s)

-- name: settle
-- A promise with its outcome.
UPDATE promises.promise SET state = %(state)s, settled_at = %(now)s, settled_name = %(settled_name)s,
    outcome = %(outcome)s, done_at = %(done_at)s
WHERE id = %(id)s

-- name: stand_alone
-- A promise that stands in the place of none.
UPDATE promises.promise SET moved_from = NULL WHERE id = %(id)s

-- name: put_back
-- A promise that was moved holds again as it was made.
UPDATE promises.promise SET state = 'open', settled_at = NULL, settled_name = '', outcome = '', warned_at = NULL
WHERE id = %(id)s AND state = 'moved'

-- name: note_done
-- When what was promised happened after all, of a broken promise.
UPDATE promises.promise SET done_at = %(at)s WHERE id = %(id)s AND done_at IS NULL

-- name: give
-- A promise with another owner, who is reminded anew.
UPDATE promises.promise SET owner_id = %(owner_id)s, warned_at = NULL WHERE id = %(id)s

-- name: answerable
-- Promised answers in some cases that are open, or broken without an answer until now; held.
SELECT id FROM promises.promise
WHERE case_id = ANY (%(case_ids)s) AND kind = 'answer_by' AND (state = 'open' OR state = 'broken' AND done_at IS NULL)
ORDER BY id FOR UPDATE

-- name: said_in
-- Open promises made in a message; held.
SELECT id FROM promises.promise WHERE message_id = %(message_id)s AND state = 'open' ORDER BY id FOR UPDATE

-- name: overdue
-- Some open promises that are broken by now, the oldest first; those at work elsewhere are left out.
SELECT id FROM promises.promise WHERE state = 'open' AND breaks_at < %(now)s
ORDER BY breaks_at, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED

-- name: nearly_due
-- Some open promises of whom nobody was reminded yet and should be.
SELECT id FROM promises.promise WHERE state = 'open' AND warned_at IS NULL AND warn_at <= %(now)s
ORDER BY warn_at, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED

-- name: note_warned
-- Somebody was reminded of these.
UPDATE promises.promise SET warned_at = %(now)s WHERE id = ANY (%(ids)s)

-- name: of_cases
-- Promises made in some cases: the open ones first, soonest due first, then the latest.
SELECT id FROM promises.promise WHERE case_id = ANY (%(case_ids)s) AND (state = 'open' OR NOT %(only_open)s)
ORDER BY state <> 'open', CASE WHEN state = 'open' THEN due_at END, id DESC LIMIT %(limit)s

-- name: of_customer
-- Promises to any address of a customer: the open ones first, soonest due first, then the latest.
SELECT p.id
FROM customers.grouping me JOIN customers.grouping g ON g.customer_id = me.customer_id
    JOIN promises.promise p ON p.address_id = g.address_id
WHERE me.address_id = %(customer_id)s AND (p.state = 'open' OR NOT %(only_open)s)
ORDER BY p.state <> 'open', CASE WHEN p.state = 'open' THEN p.due_at END, p.id DESC LIMIT %(limit)s

-- name: due
-- Promises in a state by when they are due, after a place in that list; of one owner, area or kind where it is said.
SELECT id, due_at FROM promises.promise
WHERE state = %(state)s AND (due_at, id) > (%(after_at)s, %(after_id)s)
  AND (%(owner_id)s::uuid IS NULL OR owner_id = %(owner_id)s) AND (%(area)s = '' OR area = %(area)s)
  AND (%(kind)s = '' OR kind = %(kind)s)
ORDER BY due_at, id LIMIT %(limit)s

-- name: latest
-- Promises in a state, the latest due first, before a place in that list; of one owner, area or kind where it is said.
SELECT id, due_at FROM promises.promise
WHERE state = %(state)s AND (due_at, id) < (%(before_at)s, %(before_id)s)
  AND (%(owner_id)s::uuid IS NULL OR owner_id = %(owner_id)s) AND (%(area)s = '' OR area = %(area)s)
  AND (%(kind)s = '' OR kind = %(kind)s)
ORDER BY due_at DESC, id DESC LIMIT %(limit)s

-- name: counts
-- How many promises are in each state.
SELECT state, count(*) AS n FROM promises.promise GROUP BY state ORDER BY state

-- name: erase
-- Promises to a customer without the words they were made and settled in; times and outcomes stay.
WITH mine AS (
    UPDATE promises.promise p SET said = '', outcome = '', erased_at = %(now)s
    FROM customers.grouping me JOIN customers.grouping g ON g.customer_id = me.customer_id
    WHERE me.address_id = %(customer_id)s AND p.address_id = g.address_id AND p.erased_at IS NULL
    RETURNING p.id
)
SELECT count(*) FROM mine

-- name: faults
-- Open promises nobody keeps or that were settled, settled ones without an outcome, moved ones nothing stands for.
SELECT 'promise ' || id || ' is open and nobody keeps it' AS fault FROM promises.promise
WHERE state = 'open' AND owner_id IS NULL AND area = ''
UNION ALL
SELECT 'promise ' || id || ' is ' || state || CASE WHEN settled_at IS NULL THEN ' without a time' ELSE ' and settled' END
FROM promises.promise WHERE (state = 'open') <> (settled_at IS NULL)
UNION ALL
SELECT 'promise ' || p.id || ' is moved and none stands in its place' FROM promises.promise p
WHERE p.state = 'moved' AND NOT EXISTS (SELECT FROM promises.promise n WHERE n.moved_from = p.id)
UNION ALL
SELECT 'promise ' || n.id || ' stands in the place of one that is ' || p.state
FROM promises.promise n JOIN promises.promise p ON p.id = n.moved_from WHERE p.state <> 'moved'
UNION ALL
SELECT 'promise ' || id || ' is kept, and what was promised never happened or too late' FROM promises.promise
WHERE state = 'kept' AND (done_at IS NULL OR done_at > breaks_at)
UNION ALL
SELECT 'promise ' || id || ' is broken, and what was promised happened in time' FROM promises.promise
WHERE state = 'broken' AND done_at <= breaks_at
UNION ALL
SELECT 'promise ' || p.id || ' is to an address that is not there' FROM promises.promise p
WHERE NOT EXISTS (SELECT FROM customers.address a WHERE a.id = p.address_id)
LIMIT 100
