-- name: add_orders
-- Orders that are not known yet, in one order of keys; those whose number is known are left alone.
INSERT INTO commerce.order
    (id, source_id, number, number_key, address_id, state, placed_at, place, channel, currency, total_minor,
     discount_minor, shipping_minor, tax_minor, tax_included, lines_minor, line_count, lines_digest, said_at, said_in)
SELECT id, source_id, number, number_key, address_id, state, placed_at, place, channel, currency, total_minor,
       discount_minor, shipping_minor, tax_minor, tax_included, lines_minor, line_count, lines_digest, said_at, said_in
FROM json_populate_recordset(NULL::commerce.order, %(rows)s::json)
ORDER BY source_id, number
ON CONFLICT (source_id, number) DO NOTHING
RETURNING id

-- name: known_orders
-- What is known of orders of a source, without taking them.
SELECT id, number, address_id, state, placed_at, place, channel, currency, total_minor, discount_minor, shipping_minor,
       tax_minor, tax_included, line_count, lines_digest, said_at, said_in, erased_at
FROM commerce.order WHERE source_id = %(source_id)s AND number = ANY(%(numbers)s::text[])

-- name: take_orders
-- The same, taken until the end of the transaction.
SELECT id, number, address_id, state, placed_at, place, channel, currency, total_minor, discount_minor, shipping_minor,
       tax_minor, tax_included, line_count, lines_digest, said_at, said_in, erased_at
FROM commerce.order WHERE source_id = %(source_id)s AND number = ANY(%(numbers)s::text[])
ORDER BY number FOR NO KEY UPDATE

-- name: known_addresses
-- Which of these addresses there are.
SELECT address_id FROM customers.grouping WHERE address_id = ANY(%(ids)s::uuid[])

-- name: keep_before_orders
-- Keep orders as they stand, with their lines, before an import overwrites them.
INSERT INTO commerce.before (said_in, kind, id, was_said_in, row)
SELECT %(said_in)s, 'order', o.id, o.said_in, to_jsonb(o) || jsonb_build_object('lines', (
    SELECT coalesce(jsonb_agg(to_jsonb(l) ORDER BY l.ordinal), '[]') FROM commerce.line l WHERE l.order_id = o.id
))
FROM commerce.order o WHERE o.id = ANY(%(ids)s::uuid[]) AND o.said_in <> %(said_in)s
ON CONFLICT DO NOTHING

-- name: change_orders
-- Write what a source says now; what it says nothing of stays.
UPDATE commerce.order o
SET address_id = coalesce(n.address_id, o.address_id), state = coalesce(n.state, o.state),
    placed_at = coalesce(n.placed_at, o.placed_at), place = coalesce(n.place, o.place),
    channel = coalesce(n.channel, o.channel), currency = coalesce(n.currency, o.currency),
    total_minor = coalesce(n.total_minor, o.total_minor), discount_minor = coalesce(n.discount_minor, o.discount_minor),
    shipping_minor = coalesce(n.shipping_minor, o.shipping_minor), tax_minor = coalesce(n.tax_minor, o.tax_minor),
    tax_included = coalesce(n.tax_included, o.tax_included),
    lines_minor = CASE WHEN n.lines_digest IS NULL THEN o.lines_minor ELSE n.lines_minor END,
    line_count = CASE WHEN n.lines_digest IS NULL THEN o.line_count ELSE n.line_count END,
    lines_digest = coalesce(n.lines_digest, o.lines_digest), said_at = n.said_at, said_in = n.said_in
FROM json_populate_recordset(NULL::commerce.order, %(rows)s::json) n
WHERE o.id = n.id

-- name: drop_lines
-- Take the lines of orders away.
DELETE FROM commerce.line WHERE order_id = ANY(%(ids)s::uuid[])

-- name: order
-- One order, and whose it is now.
SELECT o.id, o.source_id, o.number, o.address_id, g.customer_id, o.state, o.placed_at, o.place, p.id AS place_id,
       p.name AS place_name, o.channel, o.currency, o.total_minor, o.lines_minor, o.discount_minor, o.shipping_minor,
       o.tax_minor, o.tax_included, o.off_by_minor, o.line_count, o.said_at, o.said_in, o.erased_at
FROM commerce.order o
LEFT JOIN customers.grouping g ON g.address_id = o.address_id
LEFT JOIN LATERAL (
    SELECT c.id, c.name FROM commerce.place c WHERE c.key = o.place ORDER BY c.source_id <> o.source_id, c.id LIMIT 1
) p ON true
WHERE o.id = %(id)s

-- name: lines
-- The lines of an order, each with the product it names: of the same source, else any with that SKU or GTIN.
SELECT l.ordinal, l.product, p.id AS product_id, coalesce(l.text, p.name, l.product, '') AS text, p.picture,
       l.quantity, l.unit_price, l.total_minor
FROM commerce.line l
JOIN commerce.order o ON o.id = l.order_id
LEFT JOIN LATERAL (
    SELECT x.id, x.name, x.picture FROM (
        SELECT 1 AS near, a.id, a.name, a.picture FROM commerce.product a
        WHERE a.source_id = o.source_id AND a.key = l.product
        UNION ALL
        SELECT 2, b.id, b.name, b.picture FROM commerce.product b WHERE b.sku = l.product
        UNION ALL
        SELECT 3, c.id, c.name, c.picture FROM commerce.product c
        WHERE c.gtin = CASE WHEN l.product ~ '^[0-9]{8,14}$' THEN lpad(l.product, 14, '0') END
    ) x ORDER BY x.near, x.id LIMIT 1
) p ON true
WHERE l.order_id = %(id)s
ORDER BY l.ordinal

-- name: orders
-- Orders of everybody, newest first, from a place in the list on.
SELECT o.id, o.source_id, o.number, o.address_id, g.customer_id, o.state, o.placed_at, o.place, p.id AS place_id,
       p.name AS place_name, o.channel, o.currency, o.total_minor, o.lines_minor, o.discount_minor, o.shipping_minor,
       o.tax_minor, o.tax_included, o.off_by_minor, o.line_count, o.said_at, o.said_in, o.erased_at
FROM (
    SELECT id FROM commerce.order
    WHERE (placed_at, id) < (%(before_at)s::timestamptz, %(before_id)s::uuid)
    ORDER BY placed_at DESC, id DESC LIMIT %(limit)s
) page
JOIN commerce.order o ON o.id = page.id
LEFT JOIN customers.grouping g ON g.address_id = o.address_id
LEFT JOIN LATERAL (
    SELECT c.id, c.name FROM commerce.place c WHERE c.key = o.place ORDER BY c.source_id <> o.source_id, c.id LIMIT 1
) p ON true
ORDER BY o.placed_at DESC, o.id DESC

-- name: orders_by_number
-- Orders of any source by the letters and digits of their number, the newest first.
SELECT o.id, o.source_id, o.number, o.address_id, g.customer_id, o.state, o.placed_at, o.place, p.id AS place_id,
       p.name AS place_name, o.channel, o.currency, o.total_minor, o.lines_minor, o.discount_minor, o.shipping_minor,
       o.tax_minor, o.tax_included, o.off_by_minor, o.line_count, o.said_at, o.said_in, o.erased_at
FROM commerce.order o
LEFT JOIN customers.grouping g ON g.address_id = o.address_id
LEFT JOIN LATERAL (
    SELECT c.id, c.name FROM commerce.place c WHERE c.key = o.place ORDER BY c.source_id <> o.source_id, c.id LIMIT 1
) p ON true
WHERE o.number_key >= %(first)s AND o.number_key < %(beyond)s
  AND (o.placed_at, o.id) < (%(before_at)s::timestamptz, %(before_id)s::uuid)
ORDER BY o.placed_at DESC, o.id DESC
LIMIT %(limit)s

-- name: orders_of
-- Orders of a customer, newest first: those of each of their addresses, by the present address map.
SELECT o.id, o.source_id, o.number, o.address_id, page.customer_id, o.state, o.placed_at, o.place, p.id AS place_id,
       p.name AS place_name, o.channel, o.currency, o.total_minor, o.lines_minor, o.discount_minor, o.shipping_minor,
       o.tax_minor, o.tax_included, o.off_by_minor, o.line_count, o.said_at, o.said_in, o.erased_at
FROM (
    SELECT x.id, g.customer_id
    FROM customers.grouping me
    JOIN customers.grouping g ON g.customer_id = me.customer_id
    CROSS JOIN LATERAL (
        SELECT v.id, v.placed_at FROM commerce.order v
        WHERE v.address_id = g.address_id AND (v.placed_at, v.id) < (%(before_at)s::timestamptz, %(before_id)s::uuid)
        ORDER BY v.placed_at DESC, v.id DESC LIMIT %(limit)s
    ) x
    WHERE me.address_id = %(customer_id)s
    ORDER BY x.placed_at DESC, x.id DESC LIMIT %(limit)s
) page
JOIN commerce.order o ON o.id = page.id
LEFT JOIN LATERAL (
    SELECT c.id, c.name FROM commerce.place c WHERE c.key = o.place ORDER BY c.source_id <> o.source_id, c.id LIMIT 1
) p ON true
ORDER BY o.placed_at DESC, o.id DESC

-- name: spent_by
-- What a customer's orders come to in each currency; cancelled ones are not counted.
SELECT o.currency, sum(coalesce(o.total_minor, o.lines_minor, 0))::bigint AS minor, count(*) AS orders,
       max(o.placed_at) AS last_at
FROM customers.grouping me
JOIN customers.grouping g ON g.customer_id = me.customer_id
JOIN commerce.order o ON o.address_id = g.address_id
WHERE me.address_id = %(customer_id)s AND o.state <> 'cancelled'
GROUP BY o.currency
ORDER BY count(*) DESC, o.currency

-- name: is_anything
-- Whether there is any order, product or place.
SELECT EXISTS (SELECT FROM commerce.order) AS orders, EXISTS (SELECT FROM commerce.product) AS products,
       EXISTS (SELECT FROM commerce.place) AS places
