-- name: look_up
-- Addresses by kind and value, with the customer each belongs to.
SELECT u.n, a.id, a.kind, a.proven, a.blocked, a.shared, g.customer_id, g.is_telling
FROM unnest(%(kinds)s::text[], %(values)s::text[]) WITH ORDINALITY AS u (kind, value, n)
JOIN customers.address a ON a.kind = u.kind AND a.value = u.value
JOIN customers.grouping g ON g.address_id = a.id

-- name: add_addresses
-- New addresses, in the one order all writers use; those another writer was faster with are not returned.
INSERT INTO customers.address (id, kind, value, proven, blocked, source_id)
SELECT u.id, u.kind, u.value, u.proven, u.blocked, u.source_id
FROM unnest(%(ids)s::uuid[], %(kinds)s::text[], %(values)s::text[], %(proven)s::smallint[], %(blocked)s::text[],
            %(source_ids)s::integer[]) AS u (id, kind, value, proven, blocked, source_id)
ON CONFLICT (kind, value) DO NOTHING
RETURNING id

-- name: raise_proven
-- Addresses proven better than before.
UPDATE customers.address a SET proven = u.proven
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
SELECT id, address_count, kinds, anchors, has_claims, is_contested, rulings, erased_at
FROM customers.customer WHERE id = ANY(%(ids)s) ORDER BY id FOR UPDATE

-- name: add_customers
-- New customers.
INSERT INTO customers.customer (id, address_count, kinds, anchors, has_claims, is_contested, rulings)
SELECT u.id, u.address_count, string_to_array(u.kinds, ' '), u.anchors, u.has_claims, u.is_contested,
       string_to_array(u.rulings, ' ')::uuid[]
FROM unnest(%(ids)s::uuid[], %(address_counts)s::integer[], %(kinds)s::text[], %(anchors)s::integer[],
            %(has_claims)s::boolean[], %(are_contested)s::boolean[], %(rulings)s::text[])
     AS u (id, address_count, kinds, anchors, has_claims, is_contested, rulings)
ON CONFLICT (id) DO UPDATE SET
    address_count = excluded.address_count, kinds = excluded.kinds, anchors = excluded.anchors,
    has_claims = excluded.has_claims, is_contested = excluded.is_contested, rulings = excluded.rulings

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
-- Some addresses now belong to another customer.
UPDATE customers.grouping g SET customer_id = u.new
FROM unnest(%(ids)s::uuid[], %(new)s::uuid[]) AS u (id, new)
WHERE g.address_id = u.id

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
-- Every address of some customers, as grouping looks at it.
SELECT a.id, a.kind, a.proven, a.blocked, a.shared, a.shared_by, g.customer_id
FROM customers.grouping g JOIN customers.address a ON a.id = g.address_id
WHERE g.customer_id = ANY(%(ids)s)

-- name: area_links
-- Every link that touches some customers.
SELECT l.id, l.a, l.b, l.rule, l.strength, l.occurred_at, l.reason
FROM customers.grouping g JOIN customers.link l ON l.a = g.address_id
WHERE g.customer_id = ANY(%(ids)s) AND l.retracted_by IS NULL
UNION ALL
SELECT l.id, l.a, l.b, l.rule, l.strength, l.occurred_at, l.reason
FROM customers.grouping g JOIN customers.link l ON l.b = g.address_id
JOIN customers.grouping o ON o.address_id = l.a
WHERE g.customer_id = ANY(%(ids)s) AND l.retracted_by IS NULL AND o.customer_id <> ALL(%(ids)s)

-- name: far_addresses
-- Addresses at the far ends of links.
SELECT a.id, a.kind, a.proven, a.blocked, a.shared, a.shared_by, g.customer_id
FROM customers.address a JOIN customers.grouping g ON g.address_id = a.id
WHERE a.id = ANY(%(ids)s)

-- name: rulings
-- What members said, unless taken back.
SELECT id, verb, one, other, is_held, made_at FROM customers.ruling
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
FROM unnest(%(address_ids)s::uuid[], %(names)s::text[], %(source_ids)s::integer[], %(hashes)s::bytea[],
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
SELECT g.customer_id, t.address_id, t.name, t.value, t.source_id, t.proven, t.said_at, t.event_id
FROM customers.grouping g JOIN customers.trait t ON t.address_id = g.address_id
WHERE g.customer_id = ANY(%(ids)s) AND g.is_telling AND t.name = ANY(%(names)s)

-- name: set_labels
-- What customers are called and found by.
UPDATE customers.customer c
SET name = u.name, label = u.label, search_keys = string_to_array(u.keys, ' '), sort_key = u.sort_key
FROM unnest(%(ids)s::uuid[], %(names)s::text[], %(labels)s::text[], %(keys)s::text[], %(sort_keys)s::text[])
     AS u (id, name, label, keys, sort_key)
WHERE c.id = u.id
  AND (c.name, c.label, c.sort_key, c.search_keys)
      IS DISTINCT FROM (u.name, u.label, u.sort_key, string_to_array(u.keys, ' '))
