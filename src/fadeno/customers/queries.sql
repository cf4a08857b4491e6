-- name: look_up
-- Addresses by kind and value, with the customer each belongs to.
SELECT u.n, a.id, a.kind, a.proven, a.blocked, a.shared, g.customer_id, g.is_telling
FROM unnest(string_to_array(%(kinds)s, E'\x1f'), string_to_array(%(values)s, E'\x1f')) WITH ORDINALITY AS u (kind, value, n)
JOIN customers.address a ON a.kind = u.kind AND a.value = u.value
JOIN customers.grouping g ON g.address_id = a.id

-- name: add_addresses
-- New addresses, in the one order all writers use; those another writer was faster with are not returned.
INSERT INTO customers.address (id, kind, value, proven, verified_at, blocked, source_id)
SELECT u.id, u.kind, u.value, u.proven, CASE WHEN u.proven = 3 THEN %(now)s::timestamptz END, u.blocked, u.source_id
FROM unnest(%(ids)s::uuid[], string_to_array(%(kinds)s, E'\x1f'), string_to_array(%(values)s, E'\x1f'), %(proven)s::smallint[], %(blocked)s::text[],
            %(source_ids)s::integer[]) AS u (id, kind, value, proven, blocked, source_id)
ON CONFLICT (kind, value) DO NOTHING
RETURNING id

-- name: raise_proven
-- Addresses proven better than before.
UPDATE customers.address a
SET proven = u.proven, verified_at = CASE WHEN u.proven = 3 THEN %(now)s::timestamptz ELSE a.verified_at END
FROM unnest(%(ids)s::uuid[], %(proven)s::smallint[]) AS u (id, proven)
WHERE a.id = u.id AND a.proven < u.proven

-- name: present
-- Where addresses belong now, read again under lock.
SELECT a.id, a.proven, a.blocked, a.shared, g.customer_id, g.is_telling
FROM unnest(%(ids)s::uuid[]) AS u (id)
JOIN customers.address a ON a.id = u.id
JOIN customers.grouping g ON g.address_id = u.id

-- name: customers_of
-- The customers of addresses.
SELECT address_id, customer_id FROM customers.grouping WHERE address_id = ANY(%(ids)s)

-- name: lock_customers
-- Take customers in ascending order.
SELECT id, address_count, kinds, anchors, has_claims, is_contested, rulings, version, erased_at
FROM customers.customer WHERE id = ANY(%(ids)s) ORDER BY id FOR UPDATE

-- name: share_customer
-- Let nobody take a customer to forget them; none where they were forgotten.
SELECT id FROM customers.customer WHERE id = %(id)s AND erased_at IS NULL FOR SHARE

-- name: lock_addresses
-- Take every address of a customer in ascending order.
SELECT a.id FROM customers.grouping g JOIN customers.address a ON a.id = g.address_id
WHERE g.customer_id = %(customer_id)s ORDER BY a.id FOR UPDATE OF a

-- name: add_customers
-- Customers of nothing but new addresses, with what they are called and found by.
INSERT INTO customers.customer
    (id, address_count, kinds, anchors, has_claims, is_contested, rulings, name, label, search_keys, sort_key)
SELECT u.id, u.address_count, string_to_array(u.kinds, ' '), u.anchors, u.has_claims, u.is_contested, '{}',
       u.name, u.label, array_to_tsvector(string_to_array(u.keys, ' ')), u.sort_key
FROM unnest(%(ids)s::uuid[], %(address_counts)s::integer[], %(kinds)s::text[], %(anchors)s::integer[],
            %(has_claims)s::boolean[], %(are_contested)s::boolean[], %(names)s::text[], %(labels)s::text[],
            %(keys)s::text[], %(sort_keys)s::text[])
     AS u (id, address_count, kinds, anchors, has_claims, is_contested, name, label, keys, sort_key)

-- name: put_customers
-- Customers whose addresses or evidence changed.
INSERT INTO customers.customer (id, address_count, kinds, anchors, has_claims, is_contested, rulings)
SELECT u.id, u.address_count, string_to_array(u.kinds, ' '), u.anchors, u.has_claims, u.is_contested,
       string_to_array(u.rulings, ' ')::uuid[]
FROM unnest(%(ids)s::uuid[], %(address_counts)s::integer[], %(kinds)s::text[], %(anchors)s::integer[],
            %(has_claims)s::boolean[], %(are_contested)s::boolean[], %(rulings)s::text[])
     AS u (id, address_count, kinds, anchors, has_claims, is_contested, rulings)
ON CONFLICT (id) DO UPDATE SET
    address_count = excluded.address_count, kinds = excluded.kinds, anchors = excluded.anchors,
    has_claims = excluded.has_claims, is_contested = excluded.is_contested, rulings = excluded.rulings,
    version = excluded.version

-- name: drop_customers
-- Customers that became part of another.
DELETE FROM customers.customer WHERE id = ANY(%(ids)s)

-- name: add_groupings
-- New addresses and whom they belong to.
INSERT INTO customers.grouping (address_id, customer_id, is_telling)
SELECT u.address_id, u.customer_id, u.is_telling
FROM unnest(%(address_ids)s::uuid[], %(customer_ids)s::uuid[], %(are_telling)s::boolean[])
     AS u (address_id, customer_id, is_telling)

-- name: repoint_customers
-- All addresses of some customers now belong to others.
UPDATE customers.grouping g SET customer_id = u.new
FROM unnest(%(old)s::uuid[], %(new)s::uuid[]) AS u (old, new)
WHERE g.customer_id = u.old

-- name: repoint_but
-- All addresses of a customer but some now belong to another.
UPDATE customers.grouping SET customer_id = %(new)s
WHERE customer_id = %(old)s AND address_id <> ALL(%(staying)s)

-- name: repoint_addresses
-- Some of a customer's addresses now belong to another.
UPDATE customers.grouping SET customer_id = %(new)s
WHERE customer_id = %(old)s AND address_id = ANY(%(ids)s)

-- name: make_telling
-- Addresses a profile is now read from.
UPDATE customers.grouping SET is_telling = true WHERE address_id = ANY(%(ids)s) AND NOT is_telling

-- name: add_rewrites
-- Events of one customer may now belong to another.
INSERT INTO customers.rewrite (from_customer, to_customer, made_at)
SELECT u.old, u.new, %(now)s FROM unnest(%(old)s::uuid[], %(new)s::uuid[]) AS u (old, new)

-- name: links_known
-- Which links there are already, as strong and as old as they are.
SELECT id, strength, occurred_at, retracted_by FROM customers.link WHERE id = ANY(%(ids)s)

-- name: keep_links
-- New links, and known ones said more strongly or earlier.
INSERT INTO customers.link AS l (id, a, b, rule, strength, event_id, source_id, occurred_at, reason)
SELECT u.id, u.a, u.b, u.rule, u.strength, u.event_id, u.source_id, u.occurred_at, u.reason
FROM unnest(%(ids)s::uuid[], %(a)s::uuid[], %(b)s::uuid[], %(rules)s::text[], %(strengths)s::smallint[],
            %(event_ids)s::uuid[], %(source_ids)s::integer[], %(occurred_at)s::timestamptz[], %(reasons)s::text[])
     AS u (id, a, b, rule, strength, event_id, source_id, occurred_at, reason)
ON CONFLICT (id) DO UPDATE SET
    strength = greatest(l.strength, excluded.strength),
    occurred_at = least(l.occurred_at, excluded.occurred_at),
    event_id = CASE WHEN excluded.occurred_at < l.occurred_at THEN excluded.event_id ELSE l.event_id END

-- name: area_addresses
-- Every address of some customers, as grouping looks at it; ids as bytes, which hash four times as fast.
SELECT uuid_send(a.id) AS id, a.kind, a.proven, a.blocked, CASE WHEN a.shared_by = 'member' THEN a.shared END AS shared,
       a.shared AS is_shared, uuid_send(g.customer_id) AS customer_id
FROM unnest(%(ids)s::uuid[]) AS u (id) CROSS JOIN LATERAL (
    SELECT m.customer_id, m.address_id FROM customers.grouping m WHERE m.customer_id = u.id
    OFFSET 0
) g CROSS JOIN LATERAL (
    SELECT b.id, b.kind, b.proven, b.blocked, b.shared, b.shared_by FROM customers.address b WHERE b.id = g.address_id
    OFFSET 0
) a

-- name: area_links
-- Every link that touches some customers, once. Always from address to address: a big first import has no statistics yet.
WITH ours AS MATERIALIZED (
    SELECT m.address_id FROM unnest(%(ids)s::uuid[]) AS u (id) CROSS JOIN LATERAL (
        SELECT g.address_id FROM customers.grouping g WHERE g.customer_id = u.id
        OFFSET 0
    ) m
)
SELECT uuid_send(l.id) AS id, uuid_send(l.a) AS a, uuid_send(l.b) AS b, l.strength, l.occurred_at, l.reason
FROM ours o CROSS JOIN LATERAL (
    SELECT k.id, k.a, k.b, k.strength, k.occurred_at, k.reason
    FROM customers.link k WHERE k.a = o.address_id AND k.retracted_by IS NULL
    OFFSET 0
) l
UNION ALL
SELECT uuid_send(l.id) AS id, uuid_send(l.a) AS a, uuid_send(l.b) AS b, l.strength, l.occurred_at, l.reason
FROM ours o CROSS JOIN LATERAL (
    SELECT k.id, k.a, k.b, k.strength, k.occurred_at, k.reason
    FROM customers.link k WHERE k.b = o.address_id AND k.retracted_by IS NULL
    OFFSET 0
) l
WHERE l.a NOT IN (SELECT address_id FROM ours)

-- name: far_addresses
-- Addresses at the far ends of links.
SELECT uuid_send(a.id) AS id, a.kind, a.proven, a.blocked, CASE WHEN a.shared_by = 'member' THEN a.shared END AS shared,
       a.shared AS is_shared, uuid_send(g.customer_id) AS customer_id
FROM customers.address a JOIN customers.grouping g ON g.address_id = a.id
WHERE a.id = ANY(%(ids)s)

-- name: rulings
-- What members said, unless taken back.
SELECT id, verb, array(SELECT uuid_send(u) FROM unnest(one) u) AS one, array(SELECT uuid_send(u) FROM unnest(other) u) AS other,
       is_held, made_at
FROM customers.ruling
WHERE id = ANY(%(ids)s) AND retracted_at IS NULL

-- name: set_reasons
-- Links that are now left out, or no longer.
UPDATE customers.link l SET reason = u.reason
FROM unnest(%(ids)s::uuid[], %(reasons)s::text[]) AS u (id, reason)
WHERE l.id = u.id

-- name: set_learned_shared
-- Addresses that turned out to be used by many, or not to be.
UPDATE customers.address SET shared = %(shared)s WHERE id = ANY(%(ids)s) AND shared_by = 'learned'

-- name: keep_traits
-- What was said, each distinct value once with its best saying; returned where something is new.
INSERT INTO customers.trait AS t (address_id, name, source_id, value_hash, value, proven, said_at, event_id)
SELECT u.address_id, u.name, u.source_id, u.value_hash, u.value, u.proven, u.said_at, u.event_id
FROM unnest(%(address_ids)s::uuid[], %(names)s::text[], %(source_ids)s::integer[], %(hashes)s::uuid[],
            %(values)s::jsonb[], %(proven)s::smallint[], %(said_at)s::timestamptz[], %(event_ids)s::uuid[])
     AS u (address_id, name, source_id, value_hash, value, proven, said_at, event_id)
ON CONFLICT (address_id, name, source_id, value_hash) DO UPDATE SET
    proven = excluded.proven, said_at = excluded.said_at, event_id = excluded.event_id
WHERE (excluded.proven, excluded.said_at, t.event_id) > (t.proven, t.said_at, excluded.event_id)
RETURNING address_id, name

-- name: keep_consents
-- Lines of the consent ledger.
INSERT INTO customers.consent (id, address_id, purpose, granted, said_at, said_by, source_id, proof, event_id)
SELECT u.id, u.address_id, u.purpose, u.granted, u.said_at, u.said_by, u.source_id, u.proof, u.event_id
FROM unnest(%(ids)s::uuid[], %(address_ids)s::uuid[], %(purposes)s::text[], %(granted)s::boolean[],
            %(said_at)s::timestamptz[], %(said_by)s::text[], %(source_ids)s::integer[], %(proofs)s::text[],
            %(event_ids)s::uuid[])
     AS u (id, address_id, purpose, granted, said_at, said_by, source_id, proof, event_id)
ON CONFLICT (id) DO NOTHING

-- name: telling_addresses
-- The addresses customers are called and found by.
SELECT g.customer_id, a.id, a.kind, a.value, a.proven, a.blocked, a.shared
FROM customers.grouping g JOIN customers.address a ON a.id = g.address_id
WHERE g.customer_id = ANY(%(ids)s) AND g.is_telling

-- name: name_traits
-- What customers are said to be called.
SELECT u.id AS customer_id, t.address_id, t.name, t.value, t.source_id, t.proven, t.said_at, t.event_id
FROM (SELECT DISTINCT unnest(%(ids)s::uuid[]) AS id) u CROSS JOIN LATERAL (
    SELECT g.address_id FROM customers.grouping g WHERE g.customer_id = u.id AND g.is_telling
    OFFSET 0
) g CROSS JOIN LATERAL (
    SELECT x.address_id, x.name, x.value, x.source_id, x.proven, x.said_at, x.event_id
    FROM customers.trait x
    WHERE x.address_id = g.address_id AND x.name = ANY(%(names)s::text[])
    OFFSET 0
) t

-- name: set_labels
-- What customers are called and found by.
UPDATE customers.customer c
SET name = u.name, label = u.label, search_keys = array_to_tsvector(string_to_array(u.keys, ' ')), sort_key = u.sort_key
FROM unnest(%(ids)s::uuid[], %(names)s::text[], %(labels)s::text[], %(keys)s::text[], %(sort_keys)s::text[])
     AS u (id, name, label, keys, sort_key)
WHERE c.id = u.id
  AND (c.name, c.label, c.sort_key, c.search_keys)
      IS DISTINCT FROM (u.name, u.label, u.sort_key, array_to_tsvector(string_to_array(u.keys, ' ')))

-- name: customer
-- The customer an address belongs to, by any birth id.
SELECT c.id, c.name, c.label, c.address_count, c.kinds, c.is_contested, c.rulings, c.erased_at
FROM customers.grouping g JOIN customers.customer c ON c.id = g.customer_id
WHERE g.address_id = %(id)s

-- name: find
-- The customer of an address.
SELECT g.customer_id
FROM customers.address a JOIN customers.grouping g ON g.address_id = a.id
WHERE a.kind = %(kind)s AND a.value = %(value)s

-- name: telling_page
-- The addresses that tell who a customer is.
SELECT a.id, a.kind, a.value, a.proven, a.verified_at, a.blocked, a.shared, a.source_id
FROM customers.grouping g JOIN customers.address a ON a.id = g.address_id
WHERE g.customer_id = %(id)s AND g.is_telling
ORDER BY a.kind, a.id
LIMIT %(limit)s

-- name: silent_page
-- The other addresses of a customer (browsers, devices), by birth.
SELECT a.id, a.kind, a.value, a.proven, a.verified_at, a.blocked, a.shared, a.source_id
FROM customers.grouping g JOIN customers.address a ON a.id = g.address_id
WHERE g.customer_id = %(id)s AND NOT g.is_telling AND g.address_id > %(after)s
ORDER BY g.address_id
LIMIT %(limit)s

-- name: address_kinds
-- How many addresses of each kind a customer has.
SELECT a.kind, count(*) AS addresses
FROM customers.grouping g JOIN customers.address a ON a.id = g.address_id
WHERE g.customer_id = %(id)s
GROUP BY a.kind
ORDER BY addresses DESC, a.kind

-- name: addresses_with
-- Addresses of a customer in which some letters stand, by birth.
SELECT a.id, a.kind, a.value, a.proven, a.verified_at, a.blocked, a.shared, a.source_id
FROM customers.grouping g JOIN customers.address a ON a.id = g.address_id
WHERE g.customer_id = %(id)s AND g.address_id > %(after)s
  AND strpos(replace(lower(a.kind || ':' || a.value), ' ', ''), %(letters)s) > 0
ORDER BY g.address_id
LIMIT %(limit)s

-- name: chosen
-- The addresses of a customer that are of some kinds, have some values, or are named.
SELECT a.id, a.kind, replace(lower(a.value), ' ', '') AS plain
FROM customers.grouping g JOIN customers.address a ON a.id = g.address_id
WHERE g.customer_id = %(id)s
  AND (a.kind = ANY(%(kinds)s::text[]) OR a.id = ANY(%(ids)s::uuid[])
       OR replace(lower(a.value), ' ', '') = ANY(%(values)s::text[])
       OR replace(lower(a.kind || ':' || a.value), ' ', '') = ANY(%(values)s::text[]))
ORDER BY a.id

-- name: person
-- A customer by any birth id with all that is known of them: one statement, so of one moment. Lists come as JSON.
SELECT c.id, c.name, c.label, c.address_count, c.is_contested, c.erased_at,
       coalesce((
           SELECT json_agg(x) FROM (
               SELECT a.id, a.kind, a.value, a.proven, a.verified_at, a.blocked, a.shared, a.source_id
               FROM customers.grouping g JOIN customers.address a ON a.id = g.address_id
               WHERE g.customer_id = c.id AND g.is_telling
               ORDER BY a.kind, a.id
               LIMIT %(most_telling)s
           ) x
       ), '[]')::text AS telling,
       coalesce((
           SELECT json_agg(x) FROM (
               SELECT a.id, a.kind, a.value, a.proven, a.verified_at, a.blocked, a.shared, a.source_id
               FROM customers.grouping g JOIN customers.address a ON a.id = g.address_id
               WHERE g.customer_id = c.id AND NOT g.is_telling
               ORDER BY g.address_id
               LIMIT %(limit)s
           ) x
       ), '[]')::text AS silent,
       coalesce((
           SELECT json_agg(x) FROM (
               SELECT t.address_id, t.name, t.value, t.source_id, t.proven, t.said_at, t.event_id
               FROM customers.grouping g JOIN customers.trait t ON t.address_id = g.address_id
               WHERE g.customer_id = c.id AND g.is_telling
               LIMIT %(most_said)s
           ) x
       ), '[]')::text AS said,
       coalesce((
           SELECT json_agg(x) FROM (
               SELECT k.address_id, k.purpose, k.granted, k.said_at, k.said_by, k.source_id, k.proof, k.event_id
               FROM customers.grouping g JOIN customers.consent k ON k.address_id = g.address_id
               WHERE g.customer_id = c.id AND g.is_telling
               ORDER BY k.said_at DESC, k.id
               LIMIT %(most_said)s
           ) x
       ), '[]')::text AS ledger
FROM customers.grouping m JOIN customers.customer c ON c.id = m.customer_id
WHERE m.address_id = %(id)s

-- name: consents
-- The consent ledger of a customer.
SELECT k.address_id, k.purpose, k.granted, k.said_at, k.said_by, k.source_id, k.proof, k.event_id
FROM customers.grouping g JOIN customers.consent k ON k.address_id = g.address_id
WHERE g.customer_id = %(id)s AND g.is_telling
ORDER BY k.said_at DESC, k.id
LIMIT %(limit)s

-- name: links_page
-- Links from the addresses of an address's customer, in order; goes from address to address only until a page is full.
WITH RECURSIVE me AS (
    SELECT customer_id FROM customers.grouping WHERE address_id = %(id)s
), walk (a, found) AS (
    SELECT %(after_a)s::uuid, (
        SELECT count(*) FROM (
            SELECT FROM me JOIN customers.grouping g ON g.address_id = %(after_a)s AND g.customer_id = me.customer_id
            JOIN customers.link k ON k.a = g.address_id AND k.id > %(after_id)s
            LIMIT %(limit)s
        ) x
    )
    UNION ALL
    SELECT n.a, w.found + n.found
    FROM walk w CROSS JOIN LATERAL (
        SELECT g.address_id AS a, l.found
        FROM customers.grouping g CROSS JOIN LATERAL (
            SELECT count(*) AS found FROM (SELECT FROM customers.link k WHERE k.a = g.address_id LIMIT %(limit)s) x
        ) l
        WHERE g.customer_id = (SELECT customer_id FROM me) AND g.address_id > w.a AND l.found > 0
        ORDER BY g.address_id
        LIMIT 1
    ) n
    WHERE w.found < %(limit)s
), page AS (
    SELECT l.id, l.a, l.b, l.rule, l.strength, l.occurred_at, l.source_id, l.event_id, l.reason, l.retracted_by
    FROM walk w CROSS JOIN LATERAL (
        SELECT k.id, k.a, k.b, k.rule, k.strength, k.occurred_at, k.source_id, k.event_id, k.reason, k.retracted_by
        FROM customers.link k
        WHERE k.a = w.a AND (k.a, k.id) > (%(after_a)s::uuid, %(after_id)s::uuid)
        ORDER BY k.id
        LIMIT %(limit)s
    ) l
    WHERE w.found > 0
    ORDER BY l.a, l.id
    LIMIT %(limit)s
)
SELECT l.id, l.a, l.b, l.rule, l.strength, l.occurred_at, l.source_id, l.event_id, l.reason, l.retracted_by,
       x.kind AS a_kind, x.value AS a_value, y.kind AS b_kind, y.value AS b_value,
       o.customer_id = (SELECT customer_id FROM me) AS is_inside
FROM page l
JOIN customers.address x ON x.id = l.a
JOIN customers.address y ON y.id = l.b
JOIN customers.grouping o ON o.address_id = l.b
ORDER BY l.a, l.id

-- name: thread
-- Events of an address's customer, newest first; no customer while the log is rewritten: then ask `thread_rewritten`.
WITH me AS MATERIALIZED (
    SELECT CASE WHEN NOT EXISTS (SELECT FROM customers.rewrite r WHERE r.from_customer = g.customer_id)
                 AND NOT EXISTS (SELECT FROM customers.rewrite r WHERE r.to_customer = g.customer_id)
           THEN g.customer_id END AS customer_id
    FROM customers.grouping g WHERE g.address_id = %(id)s
)
SELECT me.customer_id, e.id, e.kind, e.name, e.channel, e.source_id, e.occurred_at, e.received_at, e.address_id, e.body
FROM me
LEFT JOIN LATERAL (
    SELECT v.id, v.kind, v.name, v.channel, v.source_id, v.occurred_at, v.received_at, v.address_id, v.body
    FROM events.event v
    WHERE v.customer_id = me.customer_id AND v.withdrawn_by IS NULL
      AND (v.occurred_at, v.id) < (%(before_at)s::timestamptz, %(before_id)s::uuid)
      AND (%(kinds)s::text[] IS NULL OR v.kind = ANY(%(kinds)s::text[]))
      AND (%(channels)s::text[] IS NULL OR v.channel = ANY(%(channels)s::text[]))
    ORDER BY v.occurred_at DESC, v.id DESC
    LIMIT %(limit)s
) e ON true
ORDER BY e.occurred_at DESC, e.id DESC

-- name: thread_rewritten
-- The same while the log is being rewritten: under all ids its events may carry, each by the present address map.
WITH RECURSIVE me AS MATERIALIZED (
    SELECT customer_id AS id FROM customers.grouping WHERE address_id = %(id)s
), reach (id) AS (
    SELECT id FROM me
    UNION
    SELECT r.from_customer FROM reach JOIN customers.rewrite r ON r.to_customer = reach.id
), pending (is_so) AS (
    SELECT EXISTS (SELECT FROM customers.rewrite WHERE from_customer = (SELECT id FROM me) OR to_customer = (SELECT id FROM me))
)
SELECT e.id, e.kind, e.name, e.channel, e.source_id, e.occurred_at, e.received_at, e.address_id, e.body
FROM reach CROSS JOIN LATERAL (
    SELECT v.id, v.kind, v.name, v.channel, v.source_id, v.occurred_at, v.received_at, v.address_id, v.body
    FROM events.event v
    WHERE v.customer_id = reach.id AND v.withdrawn_by IS NULL
      AND (v.occurred_at, v.id) < (%(before_at)s::timestamptz, %(before_id)s::uuid)
      AND (%(kinds)s::text[] IS NULL OR v.kind = ANY(%(kinds)s::text[]))
      AND (%(channels)s::text[] IS NULL OR v.channel = ANY(%(channels)s::text[]))
      AND (NOT (SELECT is_so FROM pending)
           OR EXISTS (SELECT FROM customers.grouping g
                      WHERE g.address_id = v.address_id AND g.customer_id = (SELECT id FROM me)))
    ORDER BY v.occurred_at DESC, v.id DESC
    LIMIT %(limit)s
) e
ORDER BY e.occurred_at DESC, e.id DESC
LIMIT %(limit)s

-- name: thread_counts
-- How many events of each kind, name and channel a customer's thread has, and since when.
WITH RECURSIVE reach (id) AS (
    SELECT %(id)s::uuid
    UNION
    SELECT r.from_customer FROM reach JOIN customers.rewrite r ON r.to_customer = reach.id
), pending (is_so) AS (
    SELECT EXISTS (SELECT FROM customers.rewrite WHERE from_customer = %(id)s OR to_customer = %(id)s)
)
SELECT v.channel, v.kind, v.name, count(*) AS events, min(v.occurred_at) AS first_at
FROM reach
JOIN events.event v ON v.customer_id = reach.id AND v.withdrawn_by IS NULL
WHERE NOT (SELECT is_so FROM pending)
   OR EXISTS (SELECT FROM customers.grouping g WHERE g.address_id = v.address_id AND g.customer_id = %(id)s)
GROUP BY v.channel, v.kind, v.name
ORDER BY events DESC, v.channel, v.kind, v.name
LIMIT 500

-- name: latest
-- The last few events of each customer, newest first, by the present address map; only the last one's body.
WITH RECURSIVE asked (id) AS (
    SELECT unnest(%(ids)s::uuid[])
), reach (of_id, id) AS (
    SELECT id, id FROM asked
    UNION
    SELECT reach.of_id, r.from_customer FROM reach JOIN customers.rewrite r ON r.to_customer = reach.id
), pending (id) AS (
    SELECT id FROM asked
    WHERE EXISTS (SELECT FROM customers.rewrite r WHERE r.from_customer = asked.id OR r.to_customer = asked.id)
)
SELECT asked.id AS of_id, e.id, e.kind, e.name, e.channel, e.source_id, e.occurred_at, e.received_at, e.address_id,
       CASE WHEN row_number() OVER (PARTITION BY asked.id ORDER BY e.occurred_at DESC, e.id DESC) = 1
            THEN e.body ELSE '{}'::jsonb END AS body
FROM asked CROSS JOIN LATERAL (
    SELECT x.id, x.kind, x.name, x.channel, x.source_id, x.occurred_at, x.received_at, x.address_id, x.body
    FROM reach CROSS JOIN LATERAL (
        SELECT v.id, v.kind, v.name, v.channel, v.source_id, v.occurred_at, v.received_at, v.address_id, v.body
        FROM events.event v
        WHERE v.customer_id = reach.id AND v.withdrawn_by IS NULL
          AND (asked.id NOT IN (SELECT id FROM pending)
               OR EXISTS (SELECT FROM customers.grouping g
                          WHERE g.address_id = v.address_id AND g.customer_id = asked.id))
        ORDER BY v.occurred_at DESC, v.id DESC
        LIMIT %(most)s
    ) x
    WHERE reach.of_id = asked.id
    ORDER BY x.occurred_at DESC, x.id DESC
    LIMIT %(most)s
) e
ORDER BY asked.id, e.occurred_at DESC, e.id DESC

-- name: named_page
-- Customers who are known by something, in order.
SELECT id, name, label, address_count, sort_key FROM customers.customer
WHERE sort_key <> '' AND (sort_key, id) > (%(after_key)s, %(after_id)s)
ORDER BY sort_key, id
LIMIT %(limit)s

-- name: begins_with
-- Customers whose name begins with some letters, in order.
SELECT id, name, label, address_count, sort_key, version FROM customers.customer
WHERE sort_key >= %(first)s AND sort_key < %(beyond)s AND sort_key <> ''
ORDER BY sort_key, id
LIMIT %(most)s

-- name: with_keys
-- Customers found by their keys; of very many, some.
SELECT id, name, label, address_count, sort_key, version FROM customers.customer
WHERE search_keys @@ %(sought)s::tsquery AND search_keys <> ''
LIMIT %(most)s

-- name: new_with_keys
-- The same among the youngest two thousand: as many as are wanted where more than a tenth of all match.
SELECT c.id, c.name, c.label, c.address_count, c.sort_key, c.version
FROM (
    SELECT id, name, label, address_count, sort_key, version, search_keys FROM customers.customer
    ORDER BY id DESC LIMIT 2000
) c
WHERE c.search_keys @@ %(sought)s::tsquery
LIMIT %(most)s

-- name: heard_since
-- When something last came of customers, of those of whom it did since a moment; `since_id` is its first id.
SELECT u.id, e.occurred_at
FROM unnest(%(ids)s::uuid[]) AS u (id)
CROSS JOIN LATERAL (
    SELECT v.occurred_at FROM events.event v
    WHERE v.customer_id = u.id AND v.id >= %(since_id)s::uuid AND v.withdrawn_by IS NULL
    ORDER BY v.occurred_at DESC, v.id DESC LIMIT 1
) e

-- name: with_number
-- Customers of a number that holds some digits; the keys say where to look.
SELECT c.id, c.name, c.label, c.address_count, c.sort_key, c.version FROM customers.customer c
WHERE c.search_keys @@ %(sought)s::tsquery AND c.search_keys <> ''
  AND EXISTS (SELECT FROM customers.grouping g JOIN customers.address a ON a.id = g.address_id
              WHERE g.customer_id = c.id AND g.is_telling AND a.kind = ANY(%(kinds)s::text[])
                AND strpos(a.value, %(digits)s) > 0)
LIMIT %(most)s

-- name: address_begins_with
-- Customers of addresses that begin with some letters, a few of each kind but browsers and devices.
SELECT c.id, c.name, c.label, c.address_count, c.sort_key, c.version
FROM customers.kind k
CROSS JOIN LATERAL (
    SELECT a.id FROM customers.address a
    WHERE a.kind = k.kind AND a.value >= %(first)s AND a.value < %(beyond)s
    ORDER BY a.value
    LIMIT %(most)s
) b
JOIN customers.grouping g ON g.address_id = b.id
JOIN customers.customer c ON c.id = g.customer_id
WHERE k.kind NOT IN ('cookie', 'device')

-- name: spelled_alike
-- Words that may be a slip away from one.
SELECT word FROM customers.spelling WHERE shortened && %(shortened)s::text[] LIMIT %(most)s

-- name: any_address
-- Customers of the addresses that are exactly so, whatever their kind.
SELECT c.id, c.name, c.label, c.address_count, c.sort_key, c.version
FROM customers.kind k
JOIN customers.address a ON a.kind = k.kind AND a.value = %(value)s
JOIN customers.grouping g ON g.address_id = a.id
JOIN customers.customer c ON c.id = g.customer_id

-- name: addresses
-- Addresses by their birth ids.
SELECT id, kind, value, proven, verified_at, blocked, shared, source_id
FROM customers.address WHERE id = ANY(%(ids)s)

-- name: suggestions
-- Links left out that a person should look at: perhaps their two customers are one.
SELECT l.id, l.a, l.b, l.rule, l.strength, l.occurred_at, l.source_id, l.event_id, l.reason,
       x.kind AS a_kind, x.value AS a_value, y.kind AS b_kind, y.value AS b_value,
       ca.id AS a_customer, ca.label AS a_label, cb.id AS b_customer, cb.label AS b_label
FROM customers.link l
JOIN customers.address x ON x.id = l.a
JOIN customers.address y ON y.id = l.b
JOIN customers.grouping ga ON ga.address_id = l.a
JOIN customers.grouping gb ON gb.address_id = l.b
JOIN customers.customer ca ON ca.id = ga.customer_id
JOIN customers.customer cb ON cb.id = gb.customer_id
WHERE l.reason IS NOT NULL AND l.reason NOT IN ('blocked', 'shared') AND l.retracted_by IS NULL
  AND (l.occurred_at, l.id) > (%(after_at)s, %(after_id)s)
ORDER BY l.occurred_at, l.id
LIMIT %(limit)s

-- name: suggestions_of
-- The same for one customer, looking at the addresses that tell who they are and some of the others.
SELECT DISTINCT ON (l.id)
       l.id, l.a, l.b, l.rule, l.strength, l.occurred_at, l.source_id, l.event_id, l.reason,
       x.kind AS a_kind, x.value AS a_value, y.kind AS b_kind, y.value AS b_value,
       ca.id AS a_customer, ca.label AS a_label, cb.id AS b_customer, cb.label AS b_label
FROM (
    (SELECT address_id FROM customers.grouping WHERE customer_id = %(id)s AND is_telling LIMIT 200)
    UNION
    (SELECT address_id FROM customers.grouping WHERE customer_id = %(id)s ORDER BY address_id LIMIT 200)
) g
JOIN customers.link l ON (l.a = g.address_id OR l.b = g.address_id)
JOIN customers.address x ON x.id = l.a
JOIN customers.address y ON y.id = l.b
JOIN customers.grouping ga ON ga.address_id = l.a
JOIN customers.grouping gb ON gb.address_id = l.b
JOIN customers.customer ca ON ca.id = ga.customer_id
JOIN customers.customer cb ON cb.id = gb.customer_id
WHERE l.reason IS NOT NULL AND l.reason NOT IN ('blocked', 'shared') AND l.retracted_by IS NULL
ORDER BY l.id
LIMIT %(limit)s

-- name: links_within
-- The links that hold a customer together.
SELECT l.id, l.a, l.b, l.rule, l.strength, l.occurred_at, l.source_id, l.event_id
FROM customers.grouping g
JOIN customers.link l ON l.a = g.address_id
JOIN customers.grouping o ON o.address_id = l.b AND o.customer_id = %(id)s
WHERE g.customer_id = %(id)s AND l.reason IS NULL AND l.retracted_by IS NULL

-- name: actions_of
-- What members did about a customer, the latest first.
SELECT id, verb, made_by, made_at, of_action, link_id, customers, detail, undone_by
FROM customers.action WHERE customers && %(ids)s::uuid[]
ORDER BY made_at DESC, id DESC
LIMIT %(limit)s

-- name: add_action
-- What a member did.
INSERT INTO customers.action (id, verb, made_by, made_at, of_action, link_id, customers, detail)
VALUES (%(id)s, %(verb)s, %(made_by)s, %(now)s, %(of_action)s, %(link_id)s, %(customers)s, %(detail)s::jsonb)

-- name: lock_action
-- One action, taken.
SELECT id, verb, made_by, made_at, of_action, link_id, customers, detail, versions, undone_by
FROM customers.action WHERE id = %(id)s FOR UPDATE

-- name: set_undone
-- By what an action is undone, or that it is not.
UPDATE customers.action SET undone_by = %(by)s WHERE id = %(id)s

-- name: add_ruling
-- What a member said about two sets of addresses.
INSERT INTO customers.ruling (id, action_id, verb, one, other, is_held, made_at)
VALUES (%(id)s, %(action_id)s, %(verb)s, %(one)s, %(other)s, %(is_held)s, %(now)s)

-- name: add_split
-- Some of a customer's addresses are not the others; how many they are, and the first of each side.
INSERT INTO customers.ruling (id, action_id, verb, one, other, is_held, made_at)
SELECT %(id)s, %(action_id)s, 'apart',
       coalesce(array_agg(g.address_id ORDER BY g.address_id) FILTER (WHERE g.address_id <> ALL(%(chosen)s)), '{}'),
       coalesce(array_agg(g.address_id ORDER BY g.address_id) FILTER (WHERE g.address_id = ANY(%(chosen)s)), '{}'),
       true, %(now)s
FROM customers.grouping g WHERE g.customer_id = %(customer_id)s
RETURNING cardinality(one) AS left_count, cardinality(other) AS chosen_count, one[1] AS first_left, other[1] AS first_chosen

-- name: set_rulings_retracted
-- Take back what an action said, or let it count again.
UPDATE customers.ruling SET retracted_at = %(at)s WHERE action_id = %(action_id)s

-- name: rulings_of_action
-- The rulings an action made.
SELECT id FROM customers.ruling WHERE action_id = %(action_id)s

-- name: customers_ruled
-- Customers that hold an address an action spoke of.
SELECT DISTINCT g.customer_id
FROM customers.ruling r
CROSS JOIN LATERAL unnest(r.one || r.other) AS u (id)
JOIN customers.grouping g ON g.address_id = u.id
WHERE r.action_id = %(action_id)s

-- name: set_link_retracted
-- Take a link back, or let it count again.
UPDATE customers.link SET retracted_by = %(by)s WHERE id = %(id)s

-- name: link
-- One link.
SELECT id, a, b, rule, strength, occurred_at, reason, retracted_by FROM customers.link WHERE id = %(id)s

-- name: count_links
-- How many links an address has, up to a number.
SELECT count(*) FROM (SELECT FROM customers.link WHERE a = %(id)s OR b = %(id)s LIMIT %(most)s) x

-- name: other_addresses
-- A customer's addresses, leaving some out.
SELECT address_id FROM customers.grouping WHERE customer_id = %(customer_id)s AND address_id <> ALL(%(chosen)s)

-- name: some_address
-- One address of a customer that may be spoken for.
SELECT a.id FROM customers.grouping g JOIN customers.address a ON a.id = g.address_id
WHERE g.customer_id = %(id)s AND a.blocked IS NULL AND NOT a.shared
ORDER BY g.address_id LIMIT 1

-- name: told_apart
-- What tells some customers apart: of a few addresses of each what kind and value they are, and where they are said to live.
SELECT u.id AS customer_id, a.id AS address_id, a.proven AS address_proven,
       CASE WHEN k.is_near THEN a.kind END AS kind, CASE WHEN k.is_near THEN a.value END AS value,
       t.name, t.value AS said, t.source_id, t.proven, t.said_at, t.event_id
FROM unnest(%(ids)s::uuid[]) AS u (id)
CROSS JOIN LATERAL (
    SELECT g.address_id FROM customers.grouping g WHERE g.customer_id = u.id AND g.is_telling
    LIMIT %(most)s
) g
CROSS JOIN LATERAL (
    SELECT x.id, x.kind, x.value, x.proven, x.blocked, x.shared FROM customers.address x WHERE x.id = g.address_id
    OFFSET 0
) a
CROSS JOIN LATERAL (
    SELECT a.kind = ANY(%(kinds)s::text[]) AND a.blocked IS NULL AND NOT a.shared AS is_near
) k
LEFT JOIN LATERAL (
    SELECT x.name, x.value, x.source_id, x.proven, x.said_at, x.event_id FROM customers.trait x
    WHERE x.address_id = a.id AND x.name = ANY(%(names)s::text[])
    OFFSET 0
) t ON true

-- name: summaries
-- Customers in short.
SELECT id, name, label, address_count FROM customers.customer WHERE id = ANY(%(ids)s) ORDER BY id

-- name: set_shared
-- What a member says about sharing; nothing said, and it is learned again.
UPDATE customers.address
SET shared = coalesce(%(shared)s, shared), shared_by = CASE WHEN %(shared)s::boolean IS NULL THEN 'learned' ELSE 'member' END
WHERE id = %(id)s

-- name: sharing_said
-- What a member said about sharing; NULL where it is learned.
SELECT CASE WHEN shared_by = 'member' THEN shared END FROM customers.address WHERE id = %(id)s

-- name: set_blocked
-- Block an address, or let it join again.
UPDATE customers.address SET blocked = %(blocked)s WHERE id = %(id)s

-- name: stop_links
-- Let nobody write links until the end of the transaction.
LOCK TABLE customers.link IN SHARE MODE

-- name: read_customers
-- Customers without taking them.
SELECT id, address_count, kinds, anchors, has_claims, is_contested, rulings, version, erased_at
FROM customers.customer WHERE id = ANY(%(ids)s)

-- name: set_horizons
-- First sight of rewrites: transactions older than this may still write events the old way.
UPDATE customers.rewrite SET horizon = pg_snapshot_xmax(pg_current_snapshot()) WHERE horizon IS NULL

-- name: due_rewrites
-- Rewrites no running transaction can still add events to, the oldest first.
SELECT id, from_customer, to_customer, coalesce(reached_at, '9999-12-31') AS reached_at,
       coalesce(reached_id, 'ffffffff-ffff-ffff-ffff-ffffffffffff') AS reached_id
FROM customers.rewrite
WHERE horizon <= pg_snapshot_xmin(pg_current_snapshot())
ORDER BY id
LIMIT %(limit)s
FOR UPDATE SKIP LOCKED

-- name: events_to_rewrite
-- A run of a customer's events from where the job stopped, with the customer each should have.
SELECT e.id, e.occurred_at, g.customer_id, e.customer_id AS stamped
FROM events.event e JOIN customers.grouping g ON g.address_id = e.address_id
WHERE e.customer_id = %(from_customer)s AND (e.occurred_at, e.id) < (%(reached_at)s, %(reached_id)s)
ORDER BY e.occurred_at DESC, e.id DESC
LIMIT %(limit)s

-- name: set_reached
-- How far a rewrite has come.
UPDATE customers.rewrite SET reached_at = %(reached_at)s, reached_id = %(reached_id)s WHERE id = %(id)s

-- name: drop_rewrites
-- Rewrites that are done, unless an older one may still lead to them.
DELETE FROM customers.rewrite r
WHERE r.id = ANY(%(ids)s)
  AND NOT EXISTS (SELECT FROM customers.rewrite o
                  WHERE o.to_customer = r.from_customer AND o.id < r.id AND o.id <> ALL(%(ids)s))

-- name: reach
-- Customers whose id events of this one may still carry.
WITH RECURSIVE reach (id) AS (
    SELECT %(id)s::uuid
    UNION
    SELECT r.from_customer FROM reach JOIN customers.rewrite r ON r.to_customer = reach.id
)
SELECT id FROM reach

-- name: all_addresses
-- Every address of a customer.
SELECT a.id, a.kind, a.value, a.proven, a.verified_at, a.blocked, a.shared, a.source_id
FROM customers.grouping g JOIN customers.address a ON a.id = g.address_id
WHERE g.customer_id = %(id)s ORDER BY a.id

-- name: all_traits
-- Everything said of a customer, whatever the address.
SELECT t.address_id, t.name, t.value, t.source_id, t.proven, t.said_at, t.event_id
FROM customers.grouping g JOIN customers.trait t ON t.address_id = g.address_id
WHERE g.customer_id = %(id)s ORDER BY t.name, t.said_at

-- name: all_links
-- Every link from or to a customer's addresses.
SELECT l.id, l.a, l.b, l.rule, l.strength, l.occurred_at, l.source_id, l.event_id, l.reason, l.retracted_by
FROM customers.link l
WHERE l.a IN (SELECT address_id FROM customers.grouping WHERE customer_id = %(id)s)
UNION
SELECT l.id, l.a, l.b, l.rule, l.strength, l.occurred_at, l.source_id, l.event_id, l.reason, l.retracted_by
FROM customers.link l
WHERE l.b IN (SELECT address_id FROM customers.grouping WHERE customer_id = %(id)s)
ORDER BY occurred_at, id

-- name: erase_addresses
-- Addresses that nobody can find any more, and that join nobody.
UPDATE customers.address a
SET value = 'erased:' || u.marker, blocked = 'erased', verified_at = NULL
FROM unnest(%(ids)s::uuid[], %(markers)s::text[]) AS u (id, marker)
WHERE a.id = u.id

-- name: erased_among
-- Which of some events are of customers who were erased.
SELECT e.id FROM events.event e JOIN customers.address a ON a.id = e.address_id
WHERE e.id = ANY(%(event_ids)s::uuid[]) AND a.blocked = 'erased'

-- name: erase_traits
-- What was said, forgotten.
DELETE FROM customers.trait WHERE address_id = ANY(%(ids)s)

-- name: erase_consents
-- The proofs, forgotten; that something was allowed or not stays.
UPDATE customers.consent SET proof = '', said_by = '' WHERE address_id = ANY(%(ids)s)

-- name: erase_links
-- The evidence, which is made of digests of addresses.
DELETE FROM customers.link WHERE a = ANY(%(ids)s) OR b = ANY(%(ids)s)

-- name: erase_customer
-- A customer without anything to call or find them by.
UPDATE customers.customer
SET name = NULL, label = '', search_keys = '', sort_key = '', erased_at = %(now)s, is_contested = false
WHERE id = %(id)s

-- name: add_consent
-- A line said to a member.
INSERT INTO customers.consent (id, address_id, purpose, granted, said_at, said_by, source_id, proof, event_id)
VALUES (%(id)s, %(address_id)s, %(purpose)s, %(granted)s, %(now)s, %(said_by)s, NULL, %(proof)s, NULL)

-- name: count_all
-- How much there is.
SELECT (SELECT count(*) FROM customers.address) AS addresses, (SELECT count(*) FROM customers.customer) AS customers,
       (SELECT count(*) FROM customers.link) AS links, (SELECT count(*) FROM customers.rewrite) AS rewrites

-- name: faults_of_map
-- Addresses that belong to nobody, and customers that are not called by their first address or miscount.
SELECT 'address ' || a.id || ' belongs to nobody' AS fault
FROM customers.address a LEFT JOIN customers.grouping g ON g.address_id = a.id WHERE g.address_id IS NULL
UNION ALL
SELECT 'customer ' || coalesce(c.id, x.customer_id) || ' counts ' || coalesce(c.address_count, 0) || ' addresses and has '
       || coalesce(x.n, 0)
FROM customers.customer c
FULL JOIN (SELECT customer_id, count(*) AS n FROM customers.grouping GROUP BY customer_id) x ON x.customer_id = c.id
WHERE c.address_count IS DISTINCT FROM x.n
UNION ALL
SELECT 'address ' || g.address_id || ' is older than its customer ' || g.customer_id
FROM customers.grouping g WHERE g.address_id < g.customer_id
LIMIT 100

-- name: stale_events
-- Events that carry another customer than their address has, although no rewrite is under way.
SELECT e.id, e.customer_id AS stamped, g.customer_id
FROM events.event e LEFT JOIN customers.grouping g ON g.address_id = e.address_id
WHERE e.customer_id IS DISTINCT FROM g.customer_id AND e.withdrawn_by IS NULL
  AND (g.customer_id IS NOT NULL OR e.source_id <> 0)
  AND NOT EXISTS (SELECT FROM customers.rewrite r WHERE r.from_customer = e.customer_id)
LIMIT 100

-- name: disputed_customers
-- Customers about whom evidence is left out.
SELECT id FROM customers.customer WHERE is_contested AND erased_at IS NULL LIMIT %(limit)s

-- name: some_customers
-- Customers from all over the table.
SELECT id FROM customers.customer WHERE erased_at IS NULL AND address_count > 1
ORDER BY substr(id::text, 30) LIMIT %(limit)s

-- name: labels
-- What customers are called on their rows.
SELECT id, name, label FROM customers.customer WHERE id = ANY(%(ids)s::uuid[]) AND erased_at IS NULL

-- name: find_address
-- The birth id of an address.
SELECT id FROM customers.address WHERE kind = %(kind)s AND value = %(value)s

-- name: set_versions
-- How the customers an action left stand.
UPDATE customers.action SET versions = (
    SELECT jsonb_object_agg(c.id, c.version) FROM customers.customer c WHERE c.id = ANY(%(ids)s)
)
WHERE id = %(id)s

-- name: keep_before
-- How customers stood before an action, with the addresses of those that are about to lose them.
INSERT INTO customers.before
    (action_id, customer_id, address_count, kinds, anchors, has_claims, is_contested, rulings, moved)
SELECT %(action_id)s, c.id, c.address_count, c.kinds, c.anchors, c.has_claims, c.is_contested, c.rulings,
       CASE WHEN c.id = ANY(%(losing)s::uuid[])
            THEN array(SELECT g.address_id FROM customers.grouping g WHERE g.customer_id = c.id) END
FROM customers.customer c WHERE c.id = ANY(%(ids)s)

-- name: before
-- How customers stood before an action.
SELECT customer_id, address_count, kinds, anchors, has_claims, is_contested, rulings, moved IS NOT NULL AS has_moved
FROM customers.before WHERE action_id = %(action_id)s

-- name: repoint_back
-- Addresses go back to the customer they came from.
UPDATE customers.grouping g SET customer_id = %(old)s
WHERE g.customer_id = %(now_of)s AND g.address_id IN (
    SELECT unnest(b.moved) FROM customers.before b WHERE b.action_id = %(action_id)s AND b.customer_id = %(old)s
)

-- name: walked
-- How far a walk through all customers has come.
SELECT reached, began_at, detail FROM customers.walk WHERE name = %(name)s FOR UPDATE

-- name: set_walked
-- A walk has come so far.
INSERT INTO customers.walk (name, reached, began_at, detail) VALUES (%(name)s, %(reached)s, %(began_at)s, %(detail)s)
ON CONFLICT (name) DO UPDATE
SET reached = excluded.reached, began_at = excluded.began_at, detail = excluded.detail

-- name: words_after
-- The next customers by birth, with the words they are found by.
SELECT id, tsvector_to_array(search_keys) AS keys FROM customers.customer
WHERE id > %(after)s AND search_keys <> '' ORDER BY id LIMIT %(most)s

-- name: add_spellings
-- Words that names and addresses hold.
INSERT INTO customers.spelling (word, shortened)
SELECT u.word, string_to_array(u.shortened, ' ') FROM unnest(%(words)s::text[], %(shortened)s::text[]) AS u (word, shortened)
ON CONFLICT (word) DO NOTHING

-- name: known_spellings
-- Which words are there already.
SELECT word FROM customers.spelling WHERE word = ANY(%(words)s)

-- name: forget_spellings
-- The next words, without those nobody is found by any more; the last one looked at.
WITH next (word) AS (
    SELECT word FROM customers.spelling WHERE word > %(after)s ORDER BY word LIMIT %(most)s
), gone AS (
    DELETE FROM customers.spelling s USING next n
    WHERE s.word = n.word AND NOT EXISTS (
        SELECT FROM customers.customer c WHERE c.search_keys @@ quote_literal(n.word)::tsquery AND c.search_keys <> '')
)
SELECT max(word) FROM next

-- name: labels_after
-- The next customers by birth, with what orders them.
SELECT id, name, label, sort_key FROM customers.customer
WHERE id > %(after)s AND sort_key <> '' ORDER BY id LIMIT %(most)s FOR UPDATE

-- name: set_sort_keys
-- What orders customers.
UPDATE customers.customer c SET sort_key = u.sort_key
FROM unnest(%(ids)s::uuid[], %(sort_keys)s::text[]) AS u (id, sort_key)
WHERE c.id = u.id AND c.sort_key <> u.sort_key

-- name: named_after
-- The next customers by birth who are found by something.
SELECT id FROM customers.customer
WHERE id > %(after)s AND search_keys <> '' AND erased_at IS NULL ORDER BY id LIMIT %(most)s

-- name: told_of
-- Customers of whom the live stream tells, after a place in it, what may make them like others.
SELECT DISTINCT g.customer_id
FROM (SELECT position, event_ids FROM events.run WHERE position > %(after)s) r
CROSS JOIN LATERAL unnest(r.event_ids) AS u (id)
JOIN events.event e ON e.id = u.id
JOIN customers.grouping g ON g.address_id = e.address_id
WHERE e.kind IN ('identify', 'alias', 'regrouped') OR (e.kind = 'track' AND e.body ? 'import')
LIMIT %(most)s

-- name: same_names
-- Customers whose names may be the same, a few of each.
SELECT u.n, f.id AS customer_id
FROM unnest(%(sought)s::text[]) WITH ORDINALITY AS u (sought, n)
CROSS JOIN LATERAL (
    SELECT c.id FROM customers.customer c
    WHERE c.search_keys @@ u.sought::tsquery AND c.search_keys <> ''
    LIMIT %(most)s
) f

-- name: same_locals
-- Customers of e-mail addresses with the same name before the @, a few of each.
SELECT u.local, g.customer_id
FROM unnest(%(locals)s::text[]) AS u (local)
CROSS JOIN LATERAL (
    SELECT a.id FROM customers.address a
    WHERE a.kind = 'email' AND a.value >= u.local || '@' AND a.value < u.local || 'A'
      AND a.blocked IS NULL AND NOT a.shared
    ORDER BY a.value
    LIMIT %(most)s
) f
JOIN customers.grouping g ON g.address_id = f.id

-- name: same_numbers
-- Customers of a number through any channel.
SELECT u.number, g.customer_id
FROM unnest(%(numbers)s::text[]) AS u (number)
JOIN customers.address a ON a.kind = ANY(%(kinds)s::text[]) AND a.value = u.number AND a.blocked IS NULL AND NOT a.shared
JOIN customers.grouping g ON g.address_id = a.id

-- name: same_email_starts
-- Customers of e-mail addresses that begin the same, a few of each.
SELECT u.begins, g.customer_id
FROM unnest(%(beginnings)s::text[], %(ends)s::text[]) AS u (begins, ends)
CROSS JOIN LATERAL (
    SELECT a.id FROM customers.address a
    WHERE a.kind = 'email' AND a.value >= u.begins AND a.value < u.ends AND a.blocked IS NULL AND NOT a.shared
    ORDER BY a.value
    LIMIT %(most)s
) f
JOIN customers.grouping g ON g.address_id = f.id

-- name: linked_pairs
-- Pairs of customers with evidence that was left out, of some customers.
SELECT DISTINCT ON (1, 2) least(ga.customer_id, gb.customer_id) AS a, greatest(ga.customer_id, gb.customer_id) AS b, l.id AS link_id
FROM customers.grouping g
JOIN customers.link l ON l.a = g.address_id OR l.b = g.address_id
JOIN customers.grouping ga ON ga.address_id = l.a
JOIN customers.grouping gb ON gb.address_id = l.b
WHERE g.customer_id = ANY(%(ids)s::uuid[]) AND ga.customer_id <> gb.customer_id
  AND l.reason IS NOT NULL AND l.reason NOT IN ('blocked', 'shared') AND l.retracted_by IS NULL
ORDER BY 1, 2, l.strength DESC, l.occurred_at, l.id

-- name: unweighed
-- Customers with evidence left out that nobody has weighed yet.
SELECT DISTINCT ca.id
FROM customers.link l
JOIN customers.grouping ga ON ga.address_id = l.a
JOIN customers.grouping gb ON gb.address_id = l.b AND gb.customer_id <> ga.customer_id
JOIN customers.customer ca ON ca.id = ga.customer_id
JOIN customers.customer cb ON cb.id = gb.customer_id
WHERE l.reason IS NOT NULL AND l.reason NOT IN ('blocked', 'shared') AND l.retracted_by IS NULL
  AND ca.erased_at IS NULL AND cb.erased_at IS NULL AND NOT ca.rulings && cb.rulings
  AND NOT EXISTS (
      SELECT FROM customers.likeness k
      WHERE k.a = least(ca.id, cb.id) AND k.b = greatest(ca.id, cb.id) AND k.link_id IS NOT NULL
  )
LIMIT %(most)s

-- name: likenesses_of
-- Pairs that were found of some customers and wait, with who the two are now.
SELECT DISTINCT l.id, least(ga.customer_id, gb.customer_id) AS a, greatest(ga.customer_id, gb.customer_id) AS b
FROM customers.grouping g
JOIN customers.likeness l ON l.a = g.address_id OR l.b = g.address_id
JOIN customers.grouping ga ON ga.address_id = l.a
JOIN customers.grouping gb ON gb.address_id = l.b
WHERE g.customer_id = ANY(%(ids)s::uuid[]) AND l.decided_at IS NULL

-- name: drop_likenesses
-- Pairs that are not alike any more.
DELETE FROM customers.likeness WHERE id = ANY(%(ids)s::uuid[]) AND decided_at IS NULL

-- name: add_likenesses
-- Pairs that may be one person; what was decided stays decided.
INSERT INTO customers.likeness AS l (id, a, b, certainty, reasons, link_id, found_at)
SELECT u.id, u.a, u.b, u.certainty, string_to_array(u.reasons, ' '), u.link_id, %(now)s
FROM unnest(%(ids)s::uuid[], %(a)s::uuid[], %(b)s::uuid[], %(certainties)s::smallint[], %(reasons)s::text[], %(link_ids)s::uuid[])
     AS u (id, a, b, certainty, reasons, link_id)
ON CONFLICT (id) DO UPDATE SET certainty = excluded.certainty, reasons = excluded.reasons, link_id = excluded.link_id
WHERE l.decided_at IS NULL
  AND (l.certainty, l.reasons, l.link_id) IS DISTINCT FROM (excluded.certainty, excluded.reasons, excluded.link_id)

-- name: likenesses
-- Pairs that wait for somebody to look, the likeliest first.
SELECT id, certainty, reasons, found_at, link_id, held_off, one, one_label, other, other_label
FROM customers.likely
WHERE certainty BETWEEN %(least)s AND %(most)s AND (certainty, id) < (%(below)s::smallint, %(below_id)s)
  AND (%(reason)s::text IS NULL OR reasons @> ARRAY[%(reason)s::text])
ORDER BY certainty DESC, id DESC
LIMIT %(limit)s

-- name: count_likenesses
-- How many pairs of at least a certainty wait, of very many only so many.
SELECT count(*) FROM (SELECT FROM customers.likely WHERE certainty >= %(least)s LIMIT %(most)s) x

-- name: some_likenesses
-- Pairs by their ids, as long as they wait; the likeliest first.
SELECT id, certainty, reasons, found_at, link_id, held_off, one, one_label, other, other_label
FROM customers.likely WHERE id = ANY(%(ids)s::uuid[])
ORDER BY certainty DESC, id DESC

-- name: add_round
-- Begin to merge many.
INSERT INTO customers.round (id, least, total, state, made_by, actor_kind, actor_id, made_at)
VALUES (%(id)s, %(least)s, 0, 'merging', %(made_by)s, %(actor_kind)s, %(actor_id)s, %(now)s)

-- name: fill_round
-- The pairs a round is to merge: those that wait now and are in no other, but some.
WITH chosen AS (
    UPDATE customers.likeness l SET round_id = %(id)s
    WHERE l.id IN (SELECT w.id FROM customers.likely w WHERE w.certainty >= %(least)s)
      AND l.id <> ALL(%(left_out)s::uuid[])
      AND NOT EXISTS (SELECT FROM customers.round r WHERE r.id = l.round_id AND r.state IN ('merging', 'undoing'))
    RETURNING l.id
)
UPDATE customers.round SET total = (SELECT count(*) FROM chosen) WHERE id = %(id)s RETURNING total

-- name: open_round
-- The oldest round that is at work, taken.
SELECT id, state, made_by, actor_kind, actor_id FROM customers.round
WHERE state IN ('merging', 'undoing') ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED

-- name: round_waiting
-- Pairs a round has still to merge, the likeliest first.
SELECT id FROM customers.likeness WHERE round_id = %(id)s AND decided_at IS NULL
ORDER BY certainty DESC, id DESC LIMIT %(most)s

-- name: round_merged
-- Pairs a round has merged, the latest first, each with the action that did it.
SELECT id, decided_by FROM customers.likeness WHERE round_id = %(id)s AND decided_at IS NOT NULL
ORDER BY decided_by DESC LIMIT %(most)s

-- name: leave_round
-- Pairs that are of no round any more.
UPDATE customers.likeness SET round_id = NULL WHERE id = ANY(%(ids)s::uuid[])

-- name: set_round
-- What a round is at.
UPDATE customers.round SET state = %(state)s WHERE id = %(id)s

-- name: end_round
-- Nothing more is done in a round; what waited in it is of no round any more.
WITH left_alone AS (
    UPDATE customers.likeness SET round_id = NULL WHERE round_id = %(id)s AND decided_at IS NULL
)
UPDATE customers.round SET state = 'ended' WHERE id = %(id)s

-- name: set_round_undoing
-- From now on a round takes back what it did, on somebody's word; what waited in it is of no round any more.
WITH left_alone AS (
    UPDATE customers.likeness SET round_id = NULL WHERE round_id = %(id)s AND decided_at IS NULL
)
UPDATE customers.round SET state = 'undoing', made_by = %(made_by)s, actor_kind = %(actor_kind)s, actor_id = %(actor_id)s
WHERE id = %(id)s

-- name: lock_round
-- One round, taken.
SELECT id, state FROM customers.round WHERE id = %(id)s FOR UPDATE

-- name: rounds
-- One round or the latest, with how many of its pairs are merged and how many wait.
SELECT r.id, r.least, r.total, r.state, r.made_by, r.made_at,
       (SELECT count(*) FROM customers.likeness l WHERE l.round_id = r.id AND l.decided_by IS NOT NULL) AS merged,
       (SELECT count(*) FROM customers.likeness l WHERE l.round_id = r.id AND l.decided_by IS NULL) AS waiting
FROM customers.round r
WHERE %(id)s::uuid IS NULL OR r.id = %(id)s
ORDER BY r.id DESC LIMIT %(limit)s

-- name: decided_likenesses
-- What members said of pairs, the latest first.
SELECT l.id, x.id AS action_id, x.verb, x.made_by, x.made_at,
       ca.id AS one, ca.label AS one_label, cb.id AS other, cb.label AS other_label
FROM customers.likeness l
JOIN customers.action x ON x.id = l.decided_by
JOIN customers.grouping ga ON ga.address_id = l.a
JOIN customers.grouping gb ON gb.address_id = l.b
JOIN customers.customer ca ON ca.id = ga.customer_id
JOIN customers.customer cb ON cb.id = gb.customer_id
WHERE l.decided_at IS NOT NULL
ORDER BY l.decided_at DESC, l.decided_by DESC
LIMIT %(limit)s

-- name: lock_likeness
-- One pair, taken.
SELECT id, a, b, link_id, decided_at FROM customers.likeness WHERE id = %(id)s FOR UPDATE

-- name: set_decided
-- Somebody said what a pair is.
UPDATE customers.likeness SET decided_at = %(now)s, decided_by = %(by)s WHERE id = %(id)s

-- name: set_undecided
-- What somebody said of a pair was taken back: it waits again.
UPDATE customers.likeness SET decided_at = NULL, decided_by = NULL WHERE decided_by = %(by)s

-- name: links_said_by
-- Links that are known by one of these events.
SELECT l.id, l.a, l.b, l.rule FROM customers.link l
WHERE l.a = ANY(%(address_ids)s::uuid[]) AND l.event_id = ANY(%(event_ids)s::uuid[]) AND l.retracted_by IS NULL

-- name: links_said_elsewhere
-- The first other event that says the same as each of these links.
WITH RECURSIVE wanted AS MATERIALIZED (
    SELECT l.id, l.a, l.b, l.rule
    FROM (SELECT DISTINCT unnest(%(ids)s::uuid[]) AS id) u CROSS JOIN LATERAL (
        SELECT k.id, k.a, k.b, k.rule FROM customers.link k WHERE k.id = u.id
        OFFSET 0
    ) l
), reach (id) AS (
    (SELECT g.customer_id
     FROM (SELECT a AS id FROM wanted UNION SELECT b FROM wanted) x CROSS JOIN LATERAL (
         SELECT m.customer_id FROM customers.grouping m WHERE m.address_id = x.id
         OFFSET 0
     ) g)
    UNION
    SELECT r.from_customer FROM reach JOIN customers.rewrite r ON r.to_customer = reach.id
), said AS MATERIALIZED (
    SELECT least(e.address_id, o.id) AS a, greatest(e.address_id, o.id) AS b,
           CASE WHEN e.kind IN ('identify', 'alias') THEN e.kind ELSE 'same_event' END AS rule,
           e.id, e.occurred_at, e.source_id
    FROM reach CROSS JOIN LATERAL (
        SELECT v.id, v.kind, v.address_id, v.other_address_ids, v.occurred_at, v.source_id
        FROM events.event v WHERE v.customer_id = reach.id AND v.withdrawn_by IS NULL
        OFFSET 0
    ) e CROSS JOIN LATERAL unnest(e.other_address_ids) AS o (id)
)
SELECT DISTINCT ON (w.id) w.id, s.id AS event_id, s.occurred_at, s.source_id
FROM wanted w JOIN said s ON (s.a, s.b, s.rule) = (w.a, w.b, w.rule)
ORDER BY w.id, s.occurred_at, s.id

-- name: set_links_said
-- Links that another event says too.
UPDATE customers.link l SET event_id = u.event_id, occurred_at = u.occurred_at, source_id = u.source_id
FROM unnest(%(ids)s::uuid[], %(event_ids)s::uuid[], %(occurred_at)s::timestamptz[], %(source_ids)s::integer[])
     AS u (id, event_id, occurred_at, source_id)
WHERE l.id = u.id

-- name: drop_links
-- Links nobody says any more.
DELETE FROM customers.link WHERE id = ANY(%(ids)s::uuid[])

-- name: drop_traits_said_by
-- What only these events said of addresses.
DELETE FROM customers.trait
WHERE address_id = ANY(%(address_ids)s::uuid[]) AND event_id = ANY(%(event_ids)s::uuid[])
RETURNING address_id, name, source_id

-- name: drop_consents_said_by
-- Consents these events gave or took.
DELETE FROM customers.consent
WHERE address_id = ANY(%(address_ids)s::uuid[]) AND event_id = ANY(%(event_ids)s::uuid[])

-- name: events_telling
-- The other events of some sources that say something of some addresses.
WITH RECURSIVE reach (id) AS (
    SELECT customer_id FROM customers.grouping WHERE address_id = ANY(%(address_ids)s::uuid[])
    UNION
    SELECT r.from_customer FROM reach JOIN customers.rewrite r ON r.to_customer = reach.id
)
SELECT e.id, e.source_id, e.address_id, a.kind, a.value, e.occurred_at, e.body
FROM reach
JOIN events.event e ON e.customer_id = reach.id
JOIN customers.address a ON a.id = e.address_id
WHERE e.address_id = ANY(%(address_ids)s::uuid[]) AND e.withdrawn_by IS NULL
  AND (e.kind = 'identify' OR (e.kind = 'track' AND e.body ? 'import'))
  AND e.source_id = ANY(%(source_ids)s::integer[])
ORDER BY e.occurred_at DESC, e.id DESC
LIMIT %(most)s

-- name: unspoken
-- Those of some addresses of which nothing is said any more; whether no other event ever named them.
WITH RECURSIVE asked AS MATERIALIZED (
    SELECT a.id, g.customer_id
    FROM (SELECT DISTINCT unnest(%(address_ids)s::uuid[]) AS id) u CROSS JOIN LATERAL (
        SELECT x.id, x.shared_by, x.blocked FROM customers.address x WHERE x.id = u.id
        OFFSET 0
    ) a
    JOIN customers.grouping g ON g.address_id = a.id CROSS JOIN LATERAL (
        SELECT y.rulings, y.erased_at FROM customers.customer y WHERE y.id = g.customer_id
        OFFSET 0
    ) c
    WHERE a.shared_by = 'learned' AND coalesce(a.blocked, '') NOT IN ('member', 'erased')
      AND cardinality(c.rulings) = 0 AND c.erased_at IS NULL
      AND NOT EXISTS (SELECT FROM customers.link l WHERE l.a = a.id OFFSET 0)
      AND NOT EXISTS (SELECT FROM customers.link l WHERE l.b = a.id OFFSET 0)
      AND NOT EXISTS (SELECT FROM customers.trait t WHERE t.address_id = a.id OFFSET 0)
      AND NOT EXISTS (SELECT FROM customers.consent k WHERE k.address_id = a.id OFFSET 0)
), reach (id) AS (
    SELECT customer_id FROM asked
    UNION
    SELECT r.from_customer FROM reach JOIN customers.rewrite r ON r.to_customer = reach.id
), named AS MATERIALIZED (
    SELECT u.address_id, bool_or(e.withdrawn_by IS NULL) AS is_said
    FROM reach CROSS JOIN LATERAL (
        SELECT v.withdrawn_by, v.address_id, v.other_address_ids
        FROM events.event v
        WHERE v.customer_id = reach.id AND (v.withdrawn_by IS NULL OR v.withdrawn_by = v.id) AND v.source_id <> 0
        OFFSET 0
    ) e CROSS JOIN LATERAL unnest(array_append(e.other_address_ids, e.address_id)) AS u (address_id)
    GROUP BY u.address_id
)
SELECT a.id, a.customer_id, n.address_id IS NULL AS is_ours
FROM asked a LEFT JOIN named n ON n.address_id = a.id
WHERE n.is_said IS NOT TRUE

-- name: address_counts
-- How many addresses customers have.
SELECT customer_id, count(*) AS addresses FROM customers.grouping WHERE customer_id = ANY(%(ids)s::uuid[]) GROUP BY customer_id

-- name: drop_addresses
-- Addresses that came with what was taken back, and with nothing else.
WITH gone AS (
    DELETE FROM customers.grouping WHERE address_id = ANY(%(ids)s::uuid[]) RETURNING address_id
)
DELETE FROM customers.address a USING gone WHERE a.id = gone.address_id

-- name: make_silent
-- Addresses a profile is read from no more.
UPDATE customers.grouping SET is_telling = false WHERE address_id = ANY(%(ids)s::uuid[]) AND is_telling

-- name: addresses_spelled
-- Addresses as events name them, without those of the erased.
SELECT id, kind, value, proven FROM customers.address
WHERE id = ANY(%(ids)s::uuid[]) AND blocked IS DISTINCT FROM 'erased'

-- name: fitting
-- The first of some customers, in their order, who fit what a list is narrowed to; what the log still says of them under
-- an old id counts too.
SELECT u.id FROM unnest(%(ids)s::uuid[]) WITH ORDINALITY AS u (id, n)
WHERE (%(kinds)s::text[] IS NULL OR EXISTS (
      SELECT FROM customers.grouping g JOIN customers.address a ON a.id = g.address_id
      WHERE g.customer_id = u.id AND g.is_telling AND a.kind = ANY(%(kinds)s)))
  AND (%(is_heard)s OR EXISTS (
      SELECT FROM (
          SELECT u.id
          UNION ALL
          SELECT r.from_customer FROM customers.rewrite r WHERE r.to_customer = u.id
      ) w
      CROSS JOIN LATERAL (
          SELECT FROM events.event e
          WHERE e.customer_id = w.id AND e.withdrawn_by IS NULL
            AND e.occurred_at >= coalesce(%(since)s::timestamptz, '-infinity')
            AND (%(channel)s::text IS NULL OR e.channel = %(channel)s)
            AND (%(source_id)s::integer IS NULL OR e.source_id = %(source_id)s)
          LIMIT 1
      ) e))
  AND (%(purpose)s::text IS NULL OR (
      SELECT bool_and(s.granted) FROM (
          SELECT DISTINCT ON (k.address_id) k.granted
          FROM customers.grouping g JOIN customers.consent k ON k.address_id = g.address_id
          WHERE g.customer_id = u.id AND g.is_telling AND k.purpose = %(purpose)s
          ORDER BY k.address_id, k.said_at DESC) s))
ORDER BY u.n
LIMIT %(limit)s

-- name: learn_ways
-- Note by which ways the addresses of some more events came, but those that many come; the ways, and how far it went.
WITH next AS MATERIALIZED (
    SELECT position, event_ids FROM events.run
    WHERE position > %(after)s::bigint AND position <= greatest(
        %(after)s::bigint + %(most)s, (SELECT min(position) FROM events.run WHERE position > %(after)s::bigint))
), came AS (
    SELECT DISTINCT e.channel, e.source_id, e.address_id
    FROM next CROSS JOIN LATERAL unnest(next.event_ids) AS u (id)
    CROSS JOIN LATERAL (
        SELECT v.channel, v.source_id, v.address_id FROM events.event v WHERE v.id = u.id
        OFFSET 0
    ) e
), noted AS (
    INSERT INTO customers.rare (channel, source_id, address_id)
    SELECT channel, source_id, address_id FROM came
    WHERE NOT EXISTS (SELECT FROM customers.common k WHERE k.channel = came.channel AND k.source_id = came.source_id)
    ON CONFLICT DO NOTHING
    RETURNING channel, source_id
)
SELECT channel, source_id, NULL::bigint AS position FROM (SELECT DISTINCT channel, source_id FROM noted) n
UNION ALL
SELECT NULL, NULL, max(position) FROM next

-- name: count_rare
-- How many addresses came a way, of very many only so many.
SELECT count(*) FROM (
    SELECT FROM customers.rare WHERE channel = %(channel)s AND source_id = %(source_id)s LIMIT %(most)s
) x

-- name: make_common
-- A way that many come from now on.
WITH gone AS (
    DELETE FROM customers.rare WHERE channel = %(channel)s AND source_id = %(source_id)s
)
INSERT INTO customers.common (channel, source_id) VALUES (%(channel)s, %(source_id)s) ON CONFLICT DO NOTHING

-- name: is_common
-- Whether many came by a channel, from a source, or both.
SELECT EXISTS (
    SELECT FROM customers.common
    WHERE (%(channel)s::text IS NULL OR channel = %(channel)s) AND (%(source_id)s::integer IS NULL OR source_id = %(source_id)s)
)

-- name: rare_page
-- Customers who may have come a way that few come, in order: those noted, and those of whom something came since.
WITH came AS (
    SELECT r.address_id FROM customers.rare r
    WHERE (%(channel)s::text IS NULL OR r.channel = %(channel)s) AND (%(source_id)s::integer IS NULL OR r.source_id = %(source_id)s)
    UNION
    SELECT e.address_id
    FROM (SELECT event_ids FROM events.run WHERE position > %(known)s::bigint) n
    CROSS JOIN LATERAL unnest(n.event_ids) AS u (id)
    CROSS JOIN LATERAL (
        SELECT v.address_id FROM events.event v
        WHERE v.id = u.id AND (%(channel)s::text IS NULL OR v.channel = %(channel)s)
          AND (%(source_id)s::integer IS NULL OR v.source_id = %(source_id)s)
        OFFSET 0
    ) e
), whose AS MATERIALIZED (
    SELECT DISTINCT g.customer_id
    FROM came CROSS JOIN LATERAL (
        SELECT m.customer_id FROM customers.grouping m WHERE m.address_id = came.address_id
        OFFSET 0
    ) g
)
SELECT c.id, c.name, c.label, c.address_count, c.sort_key
FROM whose CROSS JOIN LATERAL (
    SELECT k.id, k.name, k.label, k.address_count, k.sort_key FROM customers.customer k WHERE k.id = whose.customer_id
    OFFSET 0
) c
WHERE c.sort_key <> '' AND (c.sort_key, c.id) > (%(after_key)s, %(after_id)s)
ORDER BY c.sort_key, c.id
LIMIT %(limit)s

-- name: count_heard
-- How many events came since one, of very many only so many.
SELECT count(*) FROM (SELECT FROM events.event WHERE id >= %(since_id)s::uuid LIMIT %(most)s) x

-- name: heard_page
-- Customers of whom something came since a moment, in order: those of the events since, of which there are few.
WITH came AS (
    SELECT DISTINCT e.address_id FROM events.event e
    WHERE e.id >= %(since_id)s::uuid AND e.occurred_at >= %(since)s::timestamptz AND e.withdrawn_by IS NULL
), whose AS MATERIALIZED (
    SELECT DISTINCT g.customer_id
    FROM came CROSS JOIN LATERAL (
        SELECT m.customer_id FROM customers.grouping m WHERE m.address_id = came.address_id
        OFFSET 0
    ) g
)
SELECT c.id, c.name, c.label, c.address_count, c.sort_key
FROM whose CROSS JOIN LATERAL (
    SELECT k.id, k.name, k.label, k.address_count, k.sort_key FROM customers.customer k WHERE k.id = whose.customer_id
    OFFSET 0
) c
WHERE c.sort_key <> '' AND (c.sort_key, c.id) > (%(after_key)s, %(after_id)s)
ORDER BY c.sort_key, c.id
LIMIT %(limit)s

-- name: known_ways
-- Up to which place of the live stream ways are noted.
SELECT detail::bigint FROM customers.walk WHERE name = 'ways'

-- name: recent_channels
-- The channels of the latest events.
SELECT DISTINCT e.channel FROM (SELECT channel FROM events.event ORDER BY id DESC LIMIT %(among)s) e ORDER BY e.channel

-- name: known_purposes
-- What customers were asked to allow, as far as some of them say.
SELECT DISTINCT k.purpose FROM (SELECT purpose FROM customers.consent LIMIT %(among)s) k ORDER BY k.purpose
