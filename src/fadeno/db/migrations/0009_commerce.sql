-- Products, places, prices, stock and orders, as sources say them.
CREATE SCHEMA commerce;

CREATE TABLE commerce.product (
    id           uuid PRIMARY KEY,
    source_id    integer NOT NULL,
    key          text NOT NULL,
    sku          text,
    gtin         text CHECK (gtin ~ '^[0-9]{14}$'),
    name         text NOT NULL DEFAULT '',
    names        jsonb NOT NULL DEFAULT '{}',
    picture      text,
    category     text,
    variant_of   text,
    variant      text,
    state        text NOT NULL DEFAULT 'current' CHECK (state IN ('current', 'discontinued')),
    search_keys  tsvector NOT NULL DEFAULT '',
    sort_key     text NOT NULL DEFAULT '',
    said_at      timestamptz NOT NULL,
    said_in      uuid NOT NULL,
    UNIQUE (source_id, key)
);
CREATE INDEX product_sku ON commerce.product (sku) WHERE sku IS NOT NULL;
CREATE INDEX product_gtin ON commerce.product (gtin) WHERE gtin IS NOT NULL;
CREATE INDEX product_key ON commerce.product (key);
CREATE INDEX product_variants ON commerce.product (source_id, variant_of) WHERE variant_of IS NOT NULL;
CREATE INDEX product_sort ON commerce.product (sort_key, id);
CREATE INDEX product_search ON commerce.product USING gin (search_keys);
CREATE INDEX product_said_in ON commerce.product (said_in);
COMMENT ON COLUMN commerce.product.key IS 'what its source calls it: its own id, else the sku, else the GTIN';
COMMENT ON COLUMN commerce.product.gtin IS 'fourteen digits, filled up with zeros in front, so that all lengths compare';
COMMENT ON COLUMN commerce.product.names IS 'language tag -> name';
COMMENT ON COLUMN commerce.product.variant_of IS 'the key, in the same source, of the product this is a size, colour … of; that one may come later';
COMMENT ON COLUMN commerce.product.said_in IS 'the import or event whose word it is; so that an import can be taken back whole';

CREATE TABLE commerce.place (
    id         uuid PRIMARY KEY,
    source_id  integer NOT NULL,
    key        text NOT NULL,
    name       text NOT NULL DEFAULT '',
    kind       text CHECK (kind IN ('shop', 'warehouse', 'web')),
    address    text,
    country    text CHECK (country ~ '^[A-Z]{2}$'),
    zone       text,
    hours      text,
    sort_key   text NOT NULL DEFAULT '',
    said_at    timestamptz NOT NULL,
    said_in    uuid NOT NULL,
    UNIQUE (source_id, key)
);
CREATE INDEX place_key ON commerce.place (key);
CREATE INDEX place_sort ON commerce.place (sort_key, id);
CREATE INDEX place_said_in ON commerce.place (said_in);
COMMENT ON COLUMN commerce.place.kind IS 'NULL = nobody has said it';
COMMENT ON COLUMN commerce.place.hours IS 'opening hours, word for word as given';

-- How far products and places are in the order of the company's language, after it changed.
CREATE TABLE commerce.walk (
    kind      text PRIMARY KEY CHECK (kind IN ('product', 'place')),
    reached   uuid NOT NULL,
    language  text NOT NULL
);

-- The product or place a source means by what it writes: its own of that key, else another source's of that SKU, GTIN or
-- key, the first that was made known.
CREATE FUNCTION commerce.product_named(source integer, called text) RETURNS uuid LANGUAGE sql STABLE AS $$
    SELECT x.id FROM (
        SELECT 1 AS near, a.id FROM commerce.product a WHERE a.source_id = source AND a.key = called
        UNION ALL
        SELECT 2, b.id FROM commerce.product b WHERE b.sku = called
        UNION ALL
        SELECT 3, c.id FROM commerce.product c
        WHERE c.gtin = CASE WHEN called ~ '^[0-9]{8,14}$' THEN lpad(called, 14, '0') END
        UNION ALL
        SELECT 4, d.id FROM commerce.product d WHERE d.key = called
    ) x ORDER BY x.near, x.id LIMIT 1
$$;
CREATE FUNCTION commerce.place_named(source integer, called text) RETURNS uuid LANGUAGE sql STABLE AS $$
    SELECT p.id FROM commerce.place p WHERE p.key = called ORDER BY p.source_id <> source, p.id LIMIT 1
$$;

CREATE TABLE commerce.price (
    id          uuid PRIMARY KEY,
    product_id  uuid NOT NULL,
    place_id    uuid,
    source_id   integer NOT NULL,
    currency    text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    valid_from  date,
    valid_to    date,
    amount      numeric NOT NULL,
    said_at     timestamptz NOT NULL,
    said_in     uuid NOT NULL,
    UNIQUE NULLS NOT DISTINCT (product_id, place_id, source_id, currency, valid_from),
    CHECK (valid_to >= valid_from)
);
CREATE INDEX price_place ON commerce.price (place_id) WHERE place_id IS NOT NULL;
CREATE INDEX price_said_in ON commerce.price (said_in);
COMMENT ON COLUMN commerce.price.place_id IS 'NULL = everywhere; the price of a place comes before it';
COMMENT ON COLUMN commerce.price.valid_from IS 'the first day, and valid_to the last, as days are counted at the place; NULL = open';
COMMENT ON COLUMN commerce.price.amount IS 'of one, in units people speak of; it may have more places than the currency';

CREATE TABLE commerce.stock (
    id          uuid PRIMARY KEY,
    product_id  uuid NOT NULL,
    place_id    uuid,
    source_id   integer NOT NULL,
    quantity    numeric NOT NULL,
    said_at     timestamptz NOT NULL,
    said_in     uuid NOT NULL,
    UNIQUE NULLS NOT DISTINCT (product_id, place_id, source_id)
);
CREATE INDEX stock_place ON commerce.stock (place_id) WHERE place_id IS NOT NULL;
CREATE INDEX stock_said_in ON commerce.stock (said_in);
COMMENT ON TABLE commerce.stock IS 'how much there was of a product when a source last said so; nothing is promised on it';
COMMENT ON COLUMN commerce.stock.place_id IS 'NULL = the source does not say where';

CREATE TABLE commerce.order (
    id              uuid PRIMARY KEY,
    source_id       integer NOT NULL,
    number          text NOT NULL,
    number_key      text NOT NULL,
    address_id      uuid,
    state           text NOT NULL DEFAULT 'placed' CHECK (state <> ''),
    placed_at       timestamptz NOT NULL,
    place           text,
    channel         text,
    country         text,
    currency        text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    total_minor     bigint,
    discount_minor  bigint,
    shipping_minor  bigint,
    tax_minor       bigint,
    tax_included    boolean NOT NULL DEFAULT false,
    lines_minor     bigint,
    line_count      integer NOT NULL DEFAULT 0,
    lines_digest    uuid,
    off_by_minor    bigint GENERATED ALWAYS AS (
        total_minor - lines_minor - shipping_minor + discount_minor - CASE WHEN tax_included THEN 0 ELSE tax_minor END
    ) STORED,
    said_at         timestamptz NOT NULL,
    said_in         uuid NOT NULL,
    erased_at       timestamptz,
    UNIQUE (source_id, number)
);
CREATE INDEX order_address ON commerce.order (address_id, placed_at DESC, id DESC) WHERE address_id IS NOT NULL;
CREATE INDEX order_number ON commerce.order (number_key);
CREATE INDEX order_number_end ON commerce.order (reverse(number_key));
CREATE INDEX order_placed ON commerce.order (placed_at DESC, id DESC);
CREATE INDEX order_said_in ON commerce.order (said_in);
COMMENT ON COLUMN commerce.order.number_key IS 'the number as it is looked for: small letters and digits only';
COMMENT ON COLUMN commerce.order.address_id IS 'the one subject address, as of an event: never re-owned; NULL = nobody''s thread';
COMMENT ON COLUMN commerce.order.state IS 'placed, paid, ready, shipped, delivered, returned, refunded, cancelled; any other word as its source says it';
COMMENT ON COLUMN commerce.order.place IS 'as its source names it; which place that is, is found on reading';
COMMENT ON COLUMN commerce.order.country IS 'where it goes to: two capital letters, or the source''s own word';
COMMENT ON COLUMN commerce.order.lines_minor IS 'what the lines come to; NULL where a line says no amount';
COMMENT ON COLUMN commerce.order.off_by_minor IS 'how far the source''s total is from its parts; 0 = it adds up, NULL = not all parts are said';
COMMENT ON COLUMN commerce.order.erased_at IS 'its customer was erased; no later word brings anything of them back';

CREATE TABLE commerce.line (
    order_id     uuid NOT NULL,
    ordinal      integer NOT NULL,
    product      text,
    text         text,
    quantity     numeric NOT NULL,
    unit_price   numeric,
    total_minor  bigint,
    PRIMARY KEY (order_id, ordinal)
);
COMMENT ON COLUMN commerce.line.product IS 'as its source names it (id, sku or GTIN); which product that is, is found on reading';
COMMENT ON COLUMN commerce.line.quantity IS 'below zero = given back';

-- How rows stood before an import overwrote them: what taking the import back restores.
CREATE TABLE commerce.before (
    said_in      uuid NOT NULL,
    kind         text NOT NULL CHECK (kind IN ('product', 'place', 'price', 'stock', 'order')),
    id           uuid NOT NULL,
    was_said_in  uuid,
    row          jsonb,
    PRIMARY KEY (said_in, kind, id)
);
CREATE INDEX before_id ON commerce.before (id);
CREATE INDEX before_was ON commerce.before (was_said_in);
COMMENT ON COLUMN commerce.before.said_in IS 'the import that overwrote it';
COMMENT ON COLUMN commerce.before.row IS 'the row with its lines; NULL = it is new since, as what stood before was taken back';
