-- name: add_orders
-- Orders that are not known yet, in one order of keys; those whose number is known are left alone.
INSERT INTO commerce.order
    (id, source_id, number, number_key, address_id, state, placed_at, place, channel, country, currency, total_minor,
     discount_minor, shipping_minor, tax_minor, tax_included, lines_minor, line_count, lines_digest, said_at, said_in)
SELECT id, source_id, number, number_key, address_id, state, placed_at, place, channel, country, currency, total_minor,
       discount_minor, shipping_minor, tax_minor, tax_included, lines_minor, line_count, lines_digest, said_at, said_in
FROM json_populate_recordset(NULL::commerce.order, %(rows)s::json)
ORDER BY source_id, number
ON CONFLICT (source_id, number) DO NOTHING
RETURNING id

-- name: known_orders
-- What is known of orders of a source, without taking them.
SELECT id, number, address_id, state, placed_at, place, channel, country, currency, total_minor, discount_minor,
       shipping_minor,
       tax_minor, tax_included, line_count, lines_digest, said_at, said_in, erased_at
FROM commerce.order WHERE source_id = %(source_id)s AND number = ANY(%(numbers)s::text[])

-- name: take_orders
-- The same, taken until the end of the transaction.
SELECT id, number, address_id, state, placed_at, place, channel, country, currency, total_minor, discount_minor,
       shipping_minor,
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
    channel = coalesce(n.channel, o.channel), country = coalesce(n.country, o.country),
    currency = coalesce(n.currency, o.currency),
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

-- name: orders_by_id
-- These orders, each with whose it is now.
SELECT o.id, o.source_id, o.number, o.address_id, g.customer_id, o.state, o.placed_at, o.place, p.id AS place_id,
       p.name AS place_name, o.channel, o.country, o.currency, o.total_minor, o.lines_minor, o.discount_minor,
       o.shipping_minor, o.tax_minor, o.tax_included, o.off_by_minor, o.line_count, o.said_at, o.said_in, o.erased_at
FROM commerce.order o
LEFT JOIN customers.grouping g ON g.address_id = o.address_id
LEFT JOIN commerce.place p ON p.id = commerce.place_named(o.source_id, o.place)
WHERE o.id = ANY(%(ids)s::uuid[])

-- name: lines
-- The lines of orders, each with the product it names; order by order, as a table just filled has no statistics yet.
SELECT l.order_id, l.ordinal, l.product, p.id AS product_id, coalesce(l.text, nullif(p.name, ''), l.product,
       '') AS text, l.text AS said, p.picture,
       l.quantity, l.unit_price, l.total_minor
FROM unnest(%(ids)s::uuid[]) AS asked (id)
JOIN commerce.order o ON o.id = asked.id
CROSS JOIN LATERAL (
    SELECT x.order_id, x.ordinal, x.product, x.text, x.quantity, x.unit_price, x.total_minor
    FROM commerce.line x WHERE x.order_id = o.id OFFSET 0
) l
LEFT JOIN commerce.product p ON p.id = commerce.product_named(o.source_id, l.product)
ORDER BY l.order_id, l.ordinal

-- name: orders
-- Orders of everybody, newest first, from a place in the list on.
SELECT o.id, o.source_id, o.number, o.address_id, g.customer_id, o.state, o.placed_at, o.place, p.id AS place_id,
       p.name AS place_name, o.channel, o.country, o.currency, o.total_minor, o.lines_minor, o.discount_minor,
       o.shipping_minor, o.tax_minor, o.tax_included, o.off_by_minor, o.line_count, o.said_at, o.said_in, o.erased_at
FROM (
    SELECT id FROM commerce.order
    WHERE (placed_at, id) < (%(before_at)s::timestamptz, %(before_id)s::uuid)
    ORDER BY placed_at DESC, id DESC LIMIT %(limit)s
) page
JOIN commerce.order o ON o.id = page.id
LEFT JOIN customers.grouping g ON g.address_id = o.address_id
LEFT JOIN commerce.place p ON p.id = commerce.place_named(o.source_id, o.place)
ORDER BY o.placed_at DESC, o.id DESC

-- name: orders_by_number
-- Orders of any source by the letters and digits of their number, the newest first.
SELECT o.id, o.source_id, o.number, o.address_id, g.customer_id, o.state, o.placed_at, o.place, p.id AS place_id,
       p.name AS place_name, o.channel, o.country, o.currency, o.total_minor, o.lines_minor, o.discount_minor,
       o.shipping_minor, o.tax_minor, o.tax_included, o.off_by_minor, o.line_count, o.said_at, o.said_in, o.erased_at
FROM commerce.order o
LEFT JOIN customers.grouping g ON g.address_id = o.address_id
LEFT JOIN commerce.place p ON p.id = commerce.place_named(o.source_id, o.place)
WHERE o.number_key >= %(first)s AND o.number_key < %(beyond)s
  AND (o.placed_at, o.id) < (%(before_at)s::timestamptz, %(before_id)s::uuid)
ORDER BY o.placed_at DESC, o.id DESC
LIMIT %(limit)s

-- name: orders_found
-- Orders of exactly such a number, then those whose number begins so, then those whose ends so: of very many the highest
-- numbers, the newest first.
WITH found AS MATERIALIZED (
    (SELECT id FROM commerce.order WHERE number_key = %(first)s LIMIT %(limit)s)
    UNION
    (SELECT id FROM commerce.order WHERE number_key >= %(first)s AND number_key < %(beyond)s
     ORDER BY number_key DESC LIMIT %(most)s)
    UNION
    (SELECT id FROM commerce.order
     WHERE reverse(number_key) >= %(end_first)s::text AND reverse(number_key) < %(end_beyond)s::text
     ORDER BY reverse(number_key) DESC LIMIT %(most)s)
)
SELECT o.id, o.source_id, o.number, o.address_id, g.customer_id, o.state, o.placed_at, o.place, NULL::uuid AS place_id,
       NULL AS place_name, o.channel, o.country, o.currency, o.total_minor, o.lines_minor, o.discount_minor,
       o.shipping_minor, o.tax_minor, o.tax_included, o.off_by_minor, o.line_count, o.said_at, o.said_in, o.erased_at
FROM found f
JOIN commerce.order o ON o.id = f.id
LEFT JOIN customers.grouping g ON g.address_id = o.address_id
WHERE o.erased_at IS NULL
ORDER BY o.number_key = %(first)s DESC, starts_with(o.number_key, %(first)s) DESC, o.placed_at DESC, o.id DESC
LIMIT %(limit)s

-- name: orders_numbered
-- Those orders of a customer that have one of these numbers, the newest first.
SELECT o.id, o.number, o.state
FROM customers.grouping me
JOIN customers.grouping g ON g.customer_id = me.customer_id
JOIN commerce.order o ON o.address_id = g.address_id
WHERE me.address_id = %(customer_id)s AND o.number = ANY(%(numbers)s::text[])
ORDER BY o.placed_at DESC, o.id DESC

-- name: orders_of
-- Orders of a customer by their number, newest first: those of each of their addresses, by the present address map.
SELECT o.id, o.source_id, o.number, o.address_id, page.customer_id, o.state, o.placed_at, o.place, p.id AS place_id,
       p.name AS place_name, o.channel, o.country, o.currency, o.total_minor, o.lines_minor, o.discount_minor,
       o.shipping_minor, o.tax_minor, o.tax_included, o.off_by_minor, o.line_count, o.said_at, o.said_in, o.erased_at
FROM (
    SELECT x.id, g.customer_id
    FROM customers.grouping me
    JOIN customers.grouping g ON g.customer_id = me.customer_id
    CROSS JOIN LATERAL (
        SELECT v.id, v.placed_at FROM commerce.order v
        WHERE v.address_id = g.address_id AND (v.placed_at, v.id) < (%(before_at)s::timestamptz, %(before_id)s::uuid)
          AND v.number_key >= %(first)s AND v.number_key < %(beyond)s
        ORDER BY v.placed_at DESC, v.id DESC LIMIT %(limit)s
    ) x
    WHERE me.address_id = %(customer_id)s
    ORDER BY x.placed_at DESC, x.id DESC LIMIT %(limit)s
) page
JOIN commerce.order o ON o.id = page.id
LEFT JOIN commerce.place p ON p.id = commerce.place_named(o.source_id, o.place)
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

-- Products, places, prices, stock ---------------------------------------------------------------------------------

-- name: add_products
-- Products that are not known yet, in one order of keys.
INSERT INTO commerce.product (id, source_id, key, sku, gtin, name, names, picture, category, variant_of, variant, state,
                              search_keys, sort_key, said_at, said_in)
SELECT id, source_id, key, sku, gtin, name, names, picture, category, variant_of, variant, state, search_keys, sort_key,
       said_at, said_in
FROM json_populate_recordset(NULL::commerce.product, %(rows)s::json)
ORDER BY source_id, key
ON CONFLICT (source_id, key) DO NOTHING
RETURNING id

-- name: known_products
-- What is known of products of a source.
SELECT p.id, p.key, p.sku, p.gtin, p.name, p.names, p.picture, p.category, p.variant_of, p.variant, p.state, p.said_at
FROM json_populate_recordset(NULL::commerce.product, %(rows)s::json) n
JOIN commerce.product p ON p.source_id = n.source_id AND p.key = n.key

-- name: change_products
-- Write products as they are said now; how they stood is kept where an import overwrites them.
WITH now AS (
    SELECT id, sku, gtin, name, names, picture, category, variant_of, variant, state, search_keys, sort_key, said_at,
           said_in
    FROM json_populate_recordset(NULL::commerce.product, %(rows)s::json)
), old AS (
    SELECT p.id, p.said_in, to_jsonb(p) AS row FROM commerce.product p JOIN now n ON n.id = p.id
), kept AS (
    INSERT INTO commerce.before (said_in, kind, id, was_said_in, row)
    SELECT n.said_in, 'product', o.id, o.said_in, o.row FROM old o JOIN now n ON n.id = o.id
    WHERE %(is_import)s AND o.said_in <> n.said_in
    ON CONFLICT DO NOTHING
)
UPDATE commerce.product p
SET sku = n.sku, gtin = n.gtin, name = n.name, names = n.names, picture = n.picture, category = n.category,
    variant_of = n.variant_of, variant = n.variant, state = n.state, search_keys = n.search_keys,
    sort_key = n.sort_key, said_at = n.said_at, said_in = n.said_in
FROM now n JOIN old o ON o.id = n.id
WHERE p.id = n.id

-- name: add_places
-- Places that are not known yet.
INSERT INTO commerce.place (id, source_id, key, name, kind, address, country, zone, hours, sort_key, said_at, said_in)
SELECT id, source_id, key, name, kind, address, country, zone, hours, sort_key, said_at, said_in
FROM json_populate_recordset(NULL::commerce.place, %(rows)s::json)
ORDER BY source_id, key
ON CONFLICT (source_id, key) DO NOTHING
RETURNING id

-- name: known_places
-- What is known of places of a source.
SELECT p.id, p.key, p.name, p.kind, p.address, p.country, p.zone, p.hours, p.said_at
FROM json_populate_recordset(NULL::commerce.place, %(rows)s::json) n
JOIN commerce.place p ON p.source_id = n.source_id AND p.key = n.key

-- name: change_places
-- Write places as they are said now; how they stood is kept where an import overwrites them.
WITH now AS (
    SELECT id, name, kind, address, country, zone, hours, sort_key, said_at, said_in
    FROM json_populate_recordset(NULL::commerce.place, %(rows)s::json)
), old AS (
    SELECT p.id, p.said_in, to_jsonb(p) AS row FROM commerce.place p JOIN now n ON n.id = p.id
), kept AS (
    INSERT INTO commerce.before (said_in, kind, id, was_said_in, row)
    SELECT n.said_in, 'place', o.id, o.said_in, o.row FROM old o JOIN now n ON n.id = o.id
    WHERE %(is_import)s AND o.said_in <> n.said_in
    ON CONFLICT DO NOTHING
)
UPDATE commerce.place p
SET name = n.name, kind = n.kind, address = n.address, country = n.country, zone = n.zone, hours = n.hours,
    sort_key = n.sort_key, said_at = n.said_at, said_in = n.said_in
FROM now n JOIN old o ON o.id = n.id
WHERE p.id = n.id

-- name: add_prices
-- Prices that are not known yet.
INSERT INTO commerce.price (id, product_id, place_id, source_id, currency, valid_from, valid_to, amount, said_at,
said_in)
SELECT id, product_id, place_id, source_id, currency, valid_from, valid_to, amount, said_at, said_in
FROM json_populate_recordset(NULL::commerce.price, %(rows)s::json)
ORDER BY product_id, place_id, source_id, currency, valid_from
ON CONFLICT (product_id, place_id, source_id, currency, valid_from) DO NOTHING
RETURNING id

-- name: known_prices
-- What is known of prices of a source.
SELECT p.id, p.product_id, p.place_id, p.currency, p.valid_from, p.valid_to, p.amount, p.said_at
FROM json_populate_recordset(NULL::commerce.price, %(rows)s::json) n
JOIN commerce.price p ON p.product_id = n.product_id AND p.place_id IS NOT DISTINCT FROM n.place_id
    AND p.source_id = n.source_id AND p.currency = n.currency AND p.valid_from IS NOT DISTINCT FROM n.valid_from

-- name: change_prices
-- Write prices as they are said now; how they stood is kept where an import overwrites them.
WITH now AS (
    SELECT id, amount, valid_to, said_at, said_in FROM json_populate_recordset(NULL::commerce.price, %(rows)s::json)
), old AS (
    SELECT p.id, p.said_in, to_jsonb(p) AS row FROM commerce.price p JOIN now n ON n.id = p.id
), kept AS (
    INSERT INTO commerce.before (said_in, kind, id, was_said_in, row)
    SELECT n.said_in, 'price', o.id, o.said_in, o.row FROM old o JOIN now n ON n.id = o.id
    WHERE %(is_import)s AND o.said_in <> n.said_in
    ON CONFLICT DO NOTHING
)
UPDATE commerce.price p SET amount = n.amount, valid_to = n.valid_to, said_at = n.said_at, said_in = n.said_in
FROM now n JOIN old o ON o.id = n.id
WHERE p.id = n.id

-- name: add_stock
-- Stock that was not counted yet.
INSERT INTO commerce.stock (id, product_id, place_id, source_id, quantity, said_at, said_in)
SELECT id, product_id, place_id, source_id, quantity, said_at, said_in
FROM json_populate_recordset(NULL::commerce.stock, %(rows)s::json)
ORDER BY product_id, place_id, source_id
ON CONFLICT (product_id, place_id, source_id) DO NOTHING
RETURNING id

-- name: known_stock
-- What a source said of stock so far.
SELECT s.id, s.product_id, s.place_id, s.quantity, s.said_at
FROM json_populate_recordset(NULL::commerce.stock, %(rows)s::json) n
JOIN commerce.stock s ON s.product_id = n.product_id AND s.place_id IS NOT DISTINCT FROM n.place_id
    AND s.source_id = n.source_id

-- name: change_stock
-- Write stock as it is said now; how it stood is kept where an import overwrites it.
WITH now AS (
    SELECT id, quantity, said_at, said_in FROM json_populate_recordset(NULL::commerce.stock, %(rows)s::json)
), old AS (
    SELECT s.id, s.said_in, to_jsonb(s) AS row FROM commerce.stock s JOIN now n ON n.id = s.id
), kept AS (
    INSERT INTO commerce.before (said_in, kind, id, was_said_in, row)
    SELECT n.said_in, 'stock', o.id, o.said_in, o.row FROM old o JOIN now n ON n.id = o.id
    WHERE %(is_import)s AND o.said_in <> n.said_in
    ON CONFLICT DO NOTHING
)
UPDATE commerce.stock s SET quantity = n.quantity, said_at = n.said_at, said_in = n.said_in
FROM now n JOIN old o ON o.id = n.id
WHERE s.id = n.id

-- name: take_products
-- Take products until the end of the transaction.
SELECT id FROM commerce.product WHERE id = ANY(%(ids)s::uuid[]) ORDER BY id FOR NO KEY UPDATE

-- name: take_places
-- Take places until the end of the transaction.
SELECT id FROM commerce.place WHERE id = ANY(%(ids)s::uuid[]) ORDER BY id FOR NO KEY UPDATE

-- name: take_prices
-- Take prices until the end of the transaction.
SELECT id FROM commerce.price WHERE id = ANY(%(ids)s::uuid[]) ORDER BY id FOR NO KEY UPDATE

-- name: take_stock
-- Take stock until the end of the transaction.
SELECT id FROM commerce.stock WHERE id = ANY(%(ids)s::uuid[]) ORDER BY id FOR NO KEY UPDATE

-- name: products_named
-- The products a source means by what it writes.
SELECT n.name, commerce.product_named(%(source_id)s, n.name) AS id FROM unnest(%(names)s::text[]) AS n (name)

-- name: places_named
-- The places a source means by what it writes.
SELECT n.name, commerce.place_named(%(source_id)s, n.name) AS id FROM unnest(%(names)s::text[]) AS n (name)

-- name: product
-- One product.
SELECT p.id, p.source_id, p.key, p.sku, p.gtin, p.name, p.names, p.picture, p.category, p.variant_of, w.id AS whole_id,
       p.variant, p.state, p.sort_key, p.said_at, p.said_in
FROM commerce.product p
LEFT JOIN commerce.product w ON w.source_id = p.source_id AND w.key = p.variant_of
WHERE p.id = %(id)s

-- name: products_by_id
-- These products.
SELECT p.id, p.source_id, p.key, p.sku, p.gtin, p.name, p.names, p.picture, p.category, p.variant_of,
       NULL::uuid AS whole_id,
       p.variant, p.state, p.sort_key, p.said_at, p.said_in
FROM commerce.product p
WHERE p.id = ANY(%(ids)s::uuid[])

-- name: variants
-- The sizes, colours … of a product.
SELECT p.id, p.source_id, p.key, p.sku, p.gtin, p.name, p.names, p.picture, p.category, p.variant_of,
       %(id)s::uuid AS whole_id, p.variant, p.state, p.sort_key, p.said_at, p.said_in
FROM commerce.product w
JOIN commerce.product p ON p.source_id = w.source_id AND p.variant_of = w.key
WHERE w.id = %(id)s
ORDER BY p.sort_key, p.id
LIMIT %(limit)s

-- name: products
-- Products by name, from a place in the list on.
SELECT p.id, p.source_id, p.key, p.sku, p.gtin, p.name, p.names, p.picture, p.category, p.variant_of,
       NULL::uuid AS whole_id,
       p.variant, p.state, p.sort_key, p.said_at, p.said_in
FROM commerce.product p
WHERE (p.sort_key, p.id) > (%(after_key)s, %(after_id)s::uuid)
ORDER BY p.sort_key, p.id
LIMIT %(limit)s

-- name: products_sought
-- Products whose name, SKU or category holds such words, from a place in the list on.
WITH found AS MATERIALIZED (  -- else a walk through all in order of name is taken for quicker
    SELECT id, sort_key FROM commerce.product WHERE search_keys @@ %(sought)s::tsquery
), page AS (
    SELECT id FROM found WHERE (sort_key, id) > (%(after_key)s, %(after_id)s::uuid) ORDER BY sort_key, id LIMIT %(limit)s
)
SELECT p.id, p.source_id, p.key, p.sku, p.gtin, p.name, p.names, p.picture, p.category, p.variant_of,
       NULL::uuid AS whole_id,
       p.variant, p.state, p.sort_key, p.said_at, p.said_in
FROM page JOIN commerce.product p ON p.id = page.id
ORDER BY p.sort_key, p.id

-- name: products_by_code
-- Products of exactly this id, SKU or GTIN, in any source.
SELECT p.id, p.source_id, p.key, p.sku, p.gtin, p.name, p.names, p.picture, p.category, p.variant_of,
       NULL::uuid AS whole_id,
       p.variant, p.state, p.sort_key, p.said_at, p.said_in
FROM commerce.product p
WHERE p.key = %(code)s OR p.sku = %(code)s OR p.gtin = %(gtin)s
ORDER BY p.sort_key, p.id
LIMIT %(limit)s

-- name: prices
-- Prices of products, those of a place before those of everywhere, the latest first; of each so many, but everywhere's.
SELECT p.id, asked.id AS product_id, p.place_id, p.place_name, p.place_key, p.source_id, p.currency, p.amount,
       p.valid_from, p.valid_to, p.said_at
FROM unnest(%(ids)s::uuid[]) AS asked (id)
CROSS JOIN LATERAL (
    SELECT x.id, x.place_id, c.name AS place_name, c.key AS place_key, c.sort_key, x.source_id, x.currency, x.amount,
           x.valid_from, x.valid_to, x.said_at
    FROM commerce.price x LEFT JOIN commerce.place c ON c.id = x.place_id
    WHERE x.product_id = asked.id
    ORDER BY x.place_id IS NOT NULL, c.sort_key, c.id, x.currency, x.valid_from DESC NULLS LAST
    LIMIT %(limit)s
) p
ORDER BY p.place_id IS NULL, p.sort_key, p.place_id, p.currency, p.valid_from DESC NULLS LAST

-- name: prices_on
-- Prices of a day: of each product, place and currency the one that began last; everywhere's first, of each so many.
SELECT p.id, asked.id AS product_id, p.place_id, p.place_name, p.place_key, p.source_id, p.currency, p.amount,
       p.valid_from, p.valid_to, p.said_at
FROM unnest(%(ids)s::uuid[]) AS asked (id)
CROSS JOIN LATERAL (
    SELECT DISTINCT ON (x.place_id IS NOT NULL, c.sort_key, c.id, x.currency)
           x.id, x.place_id, c.name AS place_name, c.key AS place_key, c.sort_key, x.source_id, x.currency, x.amount,
           x.valid_from, x.valid_to, x.said_at
    FROM commerce.price x LEFT JOIN commerce.place c ON c.id = x.place_id
    WHERE x.product_id = asked.id AND coalesce(x.valid_from <= %(day)s, true) AND coalesce(x.valid_to >= %(day)s, true)
    ORDER BY x.place_id IS NOT NULL, c.sort_key, c.id, x.currency, x.valid_from DESC NULLS LAST
    LIMIT %(limit)s
) p
ORDER BY p.place_id IS NOT NULL, p.sort_key, p.place_id, p.currency

-- name: stock_of
-- What sources said there is of products; of each so much.
SELECT s.id, asked.id AS product_id, s.place_id, s.place_name, s.place_key, s.source_id, s.quantity, s.said_at
FROM unnest(%(ids)s::uuid[]) AS asked (id)
CROSS JOIN LATERAL (
    SELECT x.id, x.place_id, c.name AS place_name, c.key AS place_key, c.sort_key, x.source_id, x.quantity, x.said_at
    FROM commerce.stock x LEFT JOIN commerce.place c ON c.id = x.place_id
    WHERE x.product_id = asked.id
    ORDER BY x.place_id IS NOT NULL, c.sort_key, c.id, x.said_at DESC
    LIMIT %(limit)s
) s
ORDER BY s.place_id IS NULL, s.sort_key, s.place_id, s.said_at DESC

-- name: place
-- One place.
SELECT id, source_id, key, name, kind, address, country, zone, hours, sort_key, said_at, said_in
FROM commerce.place WHERE id = %(id)s

-- name: places_by_id
-- These places.
SELECT id, source_id, key, name, kind, address, country, zone, hours, sort_key, said_at, said_in
FROM commerce.place WHERE id = ANY(%(ids)s::uuid[])

-- name: places
-- Places by name, from a place in the list on.
SELECT id, source_id, key, name, kind, address, country, zone, hours, sort_key, said_at, said_in
FROM commerce.place
WHERE (sort_key, id) > (%(after_key)s, %(after_id)s::uuid)
ORDER BY sort_key, id
LIMIT %(limit)s

-- Taking an import back -------------------------------------------------------------------------------------------

-- name: withdraw_orders
-- Take some orders of an import back: those it overwrote stand as before, those it brought go; not those of the erased.
WITH mine AS MATERIALIZED (
    SELECT id FROM commerce.order WHERE said_in = %(said_in)s AND erased_at IS NULL
    ORDER BY id LIMIT %(limit)s FOR UPDATE
), restored AS (
    UPDATE commerce.order o
    SET (address_id, state, placed_at, place, channel, country, currency, total_minor, discount_minor, shipping_minor,
        tax_minor,
         tax_included, lines_minor, line_count, lines_digest, said_at, said_in)
        = (SELECT r.address_id, r.state, r.placed_at, r.place, r.channel, r.country, r.currency, r.total_minor,
        r.discount_minor,
                  r.shipping_minor, r.tax_minor, r.tax_included, r.lines_minor, r.line_count, r.lines_digest, r.said_at,
                  r.said_in
           FROM jsonb_populate_record(NULL::commerce.order, b.row) r)
    FROM mine m JOIN commerce.before b ON b.said_in = %(said_in)s AND b.kind = 'order' AND b.id = m.id
    WHERE o.id = m.id AND b.row IS NOT NULL
    RETURNING o.id
), dropped AS (
    DELETE FROM commerce.order o USING mine m
    WHERE o.id = m.id
      AND NOT EXISTS (SELECT FROM commerce.before b
                      WHERE b.said_in = %(said_in)s AND b.kind = 'order' AND b.id = m.id AND b.row IS NOT NULL)
    RETURNING o.id
)
SELECT id, true AS is_restored FROM restored
UNION ALL
SELECT id, false FROM dropped

-- name: restore_lines
-- Put the lines of orders back as an import found them.
INSERT INTO commerce.line (order_id, ordinal, product, text, quantity, unit_price, total_minor)
SELECT b.id, l.ordinal, l.product, l.text, l.quantity, l.unit_price, l.total_minor
FROM commerce.before b
CROSS JOIN LATERAL jsonb_populate_recordset(NULL::commerce.line, b.row -> 'lines') l
WHERE b.said_in = %(said_in)s AND b.kind = 'order' AND b.id = ANY(%(ids)s::uuid[])

-- name: withdraw_stock
-- Take some stock of an import back.
WITH mine AS MATERIALIZED (
    SELECT id FROM commerce.stock WHERE said_in = %(said_in)s ORDER BY id LIMIT %(limit)s FOR UPDATE
), restored AS (
    UPDATE commerce.stock s
    SET (quantity, said_at, said_in)
        = (SELECT r.quantity, r.said_at, r.said_in FROM jsonb_populate_record(NULL::commerce.stock, b.row) r)
    FROM mine m JOIN commerce.before b ON b.said_in = %(said_in)s AND b.kind = 'stock' AND b.id = m.id
    WHERE s.id = m.id AND b.row IS NOT NULL
    RETURNING s.id
), dropped AS (
    DELETE FROM commerce.stock s USING mine m
    WHERE s.id = m.id
      AND NOT EXISTS (SELECT FROM commerce.before b
                      WHERE b.said_in = %(said_in)s AND b.kind = 'stock' AND b.id = m.id AND b.row IS NOT NULL)
    RETURNING s.id
)
SELECT id, true AS is_restored FROM restored
UNION ALL
SELECT id, false FROM dropped

-- name: withdraw_prices
-- Take some prices of an import back.
WITH mine AS MATERIALIZED (
    SELECT id FROM commerce.price WHERE said_in = %(said_in)s ORDER BY id LIMIT %(limit)s FOR UPDATE
), restored AS (
    UPDATE commerce.price p
    SET (amount, valid_to, said_at, said_in)
        = (SELECT r.amount, r.valid_to, r.said_at, r.said_in FROM jsonb_populate_record(NULL::commerce.price, b.row) r)
    FROM mine m JOIN commerce.before b ON b.said_in = %(said_in)s AND b.kind = 'price' AND b.id = m.id
    WHERE p.id = m.id AND b.row IS NOT NULL
    RETURNING p.id
), dropped AS (
    DELETE FROM commerce.price p USING mine m
    WHERE p.id = m.id
      AND NOT EXISTS (SELECT FROM commerce.before b
                      WHERE b.said_in = %(said_in)s AND b.kind = 'price' AND b.id = m.id AND b.row IS NOT NULL)
    RETURNING p.id
)
SELECT id, true AS is_restored FROM restored
UNION ALL
SELECT id, false FROM dropped

-- name: withdraw_products
-- Take some products of an import back; one that prices or stock of others rest on stays, as their word.
WITH mine AS MATERIALIZED (
    SELECT id FROM commerce.product WHERE said_in = %(said_in)s ORDER BY id LIMIT %(limit)s FOR UPDATE
), restored AS (
    UPDATE commerce.product p
    SET (sku, gtin, name, names, picture, category, variant_of, variant, state, search_keys, sort_key, said_at, said_in)
        = (SELECT r.sku, r.gtin, r.name, r.names, r.picture, r.category, r.variant_of, r.variant, r.state,
        r.search_keys,
                  r.sort_key, r.said_at, r.said_in
           FROM jsonb_populate_record(NULL::commerce.product, b.row) r)
    FROM mine m JOIN commerce.before b ON b.said_in = %(said_in)s AND b.kind = 'product' AND b.id = m.id
    WHERE p.id = m.id AND b.row IS NOT NULL
    RETURNING p.id
), brought AS (
    SELECT m.id, (SELECT x.said_in FROM (
        SELECT c.said_in FROM commerce.price c WHERE c.product_id = m.id
        UNION ALL
        SELECT s.said_in FROM commerce.stock s WHERE s.product_id = m.id
    ) x LIMIT 1) AS needed_in
    FROM mine m
    WHERE NOT EXISTS (SELECT FROM commerce.before b
                      WHERE b.said_in = %(said_in)s AND b.kind = 'product' AND b.id = m.id AND b.row IS NOT NULL)
), left_there AS (
    UPDATE commerce.product p SET said_in = b.needed_in FROM brought b WHERE p.id = b.id AND b.needed_in IS NOT NULL
    RETURNING p.id
), dropped AS (
    DELETE FROM commerce.product p USING brought b WHERE p.id = b.id AND b.needed_in IS NULL RETURNING p.id
)
SELECT id, true AS is_restored FROM restored
UNION ALL
SELECT id, true FROM left_there
UNION ALL
SELECT id, false FROM dropped

-- name: withdraw_places
-- Take some places of an import back; one that prices or stock of others rest on stays, as their word.
WITH mine AS MATERIALIZED (
    SELECT id FROM commerce.place WHERE said_in = %(said_in)s ORDER BY id LIMIT %(limit)s FOR UPDATE
), restored AS (
    UPDATE commerce.place p
    SET (name, kind, address, country, zone, hours, sort_key, said_at, said_in)
        = (SELECT r.name, r.kind, r.address, r.country, r.zone, r.hours, r.sort_key, r.said_at, r.said_in
           FROM jsonb_populate_record(NULL::commerce.place, b.row) r)
    FROM mine m JOIN commerce.before b ON b.said_in = %(said_in)s AND b.kind = 'place' AND b.id = m.id
    WHERE p.id = m.id AND b.row IS NOT NULL
    RETURNING p.id
), brought AS (
    SELECT m.id, (SELECT x.said_in FROM (
        SELECT c.said_in FROM commerce.price c WHERE c.place_id = m.id
        UNION ALL
        SELECT s.said_in FROM commerce.stock s WHERE s.place_id = m.id
    ) x LIMIT 1) AS needed_in
    FROM mine m
    WHERE NOT EXISTS (SELECT FROM commerce.before b
                      WHERE b.said_in = %(said_in)s AND b.kind = 'place' AND b.id = m.id AND b.row IS NOT NULL)
), left_there AS (
    UPDATE commerce.place p SET said_in = b.needed_in FROM brought b WHERE p.id = b.id AND b.needed_in IS NOT NULL
    RETURNING p.id
), dropped AS (
    DELETE FROM commerce.place p USING brought b WHERE p.id = b.id AND b.needed_in IS NULL RETURNING p.id
)
SELECT id, true AS is_restored FROM restored
UNION ALL
SELECT id, true FROM left_there
UNION ALL
SELECT id, false FROM dropped

-- name: hand_before_on
-- What later imports found that this one had written, they now find as this one found it.
UPDATE commerce.before b SET row = m.row, was_said_in = m.was_said_in
FROM (
    SELECT y.said_in, y.kind, y.id, x.row, x.was_said_in
    FROM commerce.before y
    LEFT JOIN commerce.before x ON x.said_in = %(said_in)s AND x.kind = y.kind AND x.id = y.id
    WHERE y.was_said_in = %(said_in)s
) m
WHERE b.said_in = m.said_in AND b.kind = m.kind AND b.id = m.id

-- name: forget_before
-- Forget what an import overwrote, as it is taken back.
DELETE FROM commerce.before WHERE said_in = %(said_in)s

-- Forgetting and handing out, checking -----------------------------------------------------------------------------

-- name: erase_orders
-- Orders of a customer without what was written on them; numbers, amounts and counts stay.
WITH mine AS (
    UPDATE commerce.order o SET erased_at = %(now)s
    FROM customers.grouping me JOIN customers.grouping g ON g.customer_id = me.customer_id
    WHERE me.address_id = %(customer_id)s AND o.address_id = g.address_id AND o.erased_at IS NULL
    RETURNING o.id
), bare AS (
    UPDATE commerce.line l SET text = NULL FROM mine m WHERE l.order_id = m.id AND l.text IS NOT NULL
), forgotten AS (
    DELETE FROM commerce.before b USING mine m WHERE b.kind = 'order' AND b.id = m.id
)
SELECT count(*) FROM mine

-- name: count_all
-- How much there is, and how many orders do not add up as their sources say them.
SELECT (SELECT count(*) FROM commerce.order) AS orders, (SELECT count(*) FROM commerce.line) AS lines,
       (SELECT count(*) FROM commerce.order WHERE off_by_minor <> 0) AS uneven,
       (SELECT count(*) FROM commerce.product) AS products, (SELECT count(*) FROM commerce.place) AS places

-- name: faults
-- Lines without an order, orders that miscount their lines or name no address there is, prices and stock of nothing.
SELECT 'line ' || l.ordinal || ' of order ' || l.order_id || ' has no order' AS fault
FROM commerce.line l WHERE NOT EXISTS (SELECT FROM commerce.order o WHERE o.id = l.order_id)
UNION ALL
SELECT 'order ' || o.id || ' has ' || coalesce(x.n, 0) || ' lines and counts ' || o.line_count
FROM commerce.order o LEFT JOIN (SELECT order_id,
count(*) AS n FROM commerce.line GROUP BY order_id) x ON x.order_id = o.id
WHERE o.line_count <> coalesce(x.n, 0)
UNION ALL
SELECT 'order ' || o.id || ' says its lines come to ' || o.lines_minor || ', they come to ' || x.minor
FROM commerce.order o JOIN (SELECT order_id, sum(total_minor) AS minor FROM commerce.line GROUP BY order_id) x
    ON x.order_id = o.id
WHERE o.lines_minor <> x.minor
UNION ALL
SELECT 'order ' || o.id || ' names an address that is not there' FROM commerce.order o
WHERE o.address_id IS NOT NULL AND NOT EXISTS (SELECT FROM customers.address a WHERE a.id = o.address_id)
UNION ALL
SELECT 'price ' || p.id || ' is of no product or place' FROM commerce.price p
WHERE NOT EXISTS (SELECT FROM commerce.product x WHERE x.id = p.product_id)
   OR p.place_id IS NOT NULL AND NOT EXISTS (SELECT FROM commerce.place x WHERE x.id = p.place_id)
UNION ALL
SELECT 'stock ' || s.id || ' is of no product or place' FROM commerce.stock s
WHERE NOT EXISTS (SELECT FROM commerce.product x WHERE x.id = s.product_id)
   OR s.place_id IS NOT NULL AND NOT EXISTS (SELECT FROM commerce.place x WHERE x.id = s.place_id)
LIMIT 100

-- name: ordering
-- How far things of a kind are in the order of a language.
SELECT reached, language FROM commerce.walk WHERE kind = %(kind)s FOR UPDATE

-- name: set_ordering
-- Things of a kind are in the order of a language as far as this.
INSERT INTO commerce.walk (kind, reached, language) VALUES (%(kind)s, %(reached)s, %(language)s)
ON CONFLICT (kind) DO UPDATE SET reached = excluded.reached, language = excluded.language

-- name: products_after
-- The next products, with what orders them.
SELECT id, key, name, names, sort_key FROM commerce.product
WHERE id > %(after)s ORDER BY id LIMIT %(most)s FOR NO KEY UPDATE

-- name: set_product_order
-- What orders products.
UPDATE commerce.product p SET sort_key = u.sort_key
FROM unnest(%(ids)s::uuid[], %(sort_keys)s::text[]) AS u (id, sort_key) WHERE p.id = u.id

-- name: places_after
-- The next places, with what orders them.
SELECT id, key, name, sort_key FROM commerce.place
WHERE id > %(after)s ORDER BY id LIMIT %(most)s FOR NO KEY UPDATE

-- name: set_place_order
-- What orders places.
UPDATE commerce.place p SET sort_key = u.sort_key
FROM unnest(%(ids)s::uuid[], %(sort_keys)s::text[]) AS u (id, sort_key) WHERE p.id = u.id
