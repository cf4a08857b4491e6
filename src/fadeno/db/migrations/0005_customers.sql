-- Who is who, and how we know.
CREATE SCHEMA customers;

CREATE TABLE customers.address (
    id           uuid PRIMARY KEY,
    kind         text NOT NULL,
    value        text NOT NULL,
    proven       smallint NOT NULL CHECK (proven BETWEEN 1 AND 3),
    verified_at  timestamptz,
    blocked      text,
    shared       boolean NOT NULL DEFAULT false,
    shared_by    text NOT NULL DEFAULT 'learned' CHECK (shared_by IN ('learned', 'member')),
    source_id    integer,
    UNIQUE (kind, value)
);
COMMENT ON COLUMN customers.address.id IS 'birth id: a customer is called by the smallest birth id among its addresses';
COMMENT ON COLUMN customers.address.proven IS '1 claimed, 2 observed, 3 attested';
COMMENT ON COLUMN customers.address.blocked IS 'why it never joins anybody (a value that means nothing, or a member said so)';

-- The kinds of address there are: a walk from one to the next in the index, as there are millions of a few kinds.
CREATE VIEW customers.kind AS
WITH RECURSIVE kinds (kind) AS (
    (SELECT kind FROM customers.address ORDER BY kind LIMIT 1)
    UNION ALL
    SELECT (SELECT a.kind FROM customers.address a WHERE a.kind > k.kind ORDER BY a.kind LIMIT 1)
    FROM kinds k WHERE k.kind IS NOT NULL
)
SELECT kind FROM kinds WHERE kind IS NOT NULL;

-- Address to customer, and nothing else: 10,000 rows are re-pointed in a third of the time the wide table needs.
CREATE TABLE customers.grouping (
    address_id   uuid PRIMARY KEY,
    customer_id  uuid NOT NULL,
    is_telling   boolean NOT NULL
);
CREATE INDEX grouping_customer ON customers.grouping (customer_id, address_id);
CREATE INDEX grouping_telling ON customers.grouping (customer_id) WHERE is_telling;
COMMENT ON COLUMN customers.grouping.is_telling IS 'of a kind a person has few of, or with traits or consents: what a profile is read from';

CREATE SEQUENCE customers.version;

CREATE TABLE customers.customer (
    id             uuid PRIMARY KEY,
    address_count  integer NOT NULL,
    kinds          text[] NOT NULL DEFAULT '{}',
    anchors        integer NOT NULL DEFAULT 0,
    has_claims     boolean NOT NULL DEFAULT false,
    is_contested   boolean NOT NULL DEFAULT false,
    rulings        uuid[] NOT NULL DEFAULT '{}',
    version        bigint NOT NULL DEFAULT nextval('customers.version'),
    name           text,
    label          text NOT NULL DEFAULT '',
    search_keys    tsvector NOT NULL DEFAULT '',
    sort_key       text NOT NULL DEFAULT '',
    erased_at      timestamptz
) WITH (fillfactor = 90);
-- New keys wait in a list of at most 1 MB and are sorted in together: a third of the time of a new customer. What waits
-- costs a search a millisecond.
CREATE INDEX customer_search ON customers.customer USING gin (search_keys) WITH (gin_pending_list_limit = 1024)
    WHERE search_keys <> '';
CREATE INDEX customer_sort ON customers.customer (sort_key, id) WHERE sort_key <> '';
COMMENT ON TABLE customers.customer IS 'derived from addresses, links, rulings and traits; can be computed anew at any time';
COMMENT ON COLUMN customers.customer.kinds IS 'the limited kinds among its addresses, one entry an address';
COMMENT ON COLUMN customers.customer.search_keys IS 'words as typed and as they sound, ~consonants of names, #digits of numbers';
COMMENT ON COLUMN customers.customer.sort_key IS 'orders lists under COLLATE "C" as the company''s language does';
COMMENT ON COLUMN customers.customer.version IS 'another number whenever evidence about its addresses changed';
COMMENT ON COLUMN customers.customer.is_contested IS 'some evidence about these addresses is left out, so grouping must look at all of it';

CREATE TABLE customers.link (
    id            uuid PRIMARY KEY,
    a             uuid NOT NULL,
    b             uuid NOT NULL,
    rule          text NOT NULL,
    strength      smallint NOT NULL CHECK (strength BETWEEN 1 AND 3),
    event_id      uuid,
    source_id     integer,
    occurred_at   timestamptz NOT NULL,
    reason        text,
    retracted_by  uuid,
    CHECK (a < b)
);
CREATE INDEX link_a ON customers.link (a, id);
CREATE INDEX link_b ON customers.link (b);
CREATE INDEX link_parked ON customers.link (occurred_at, id)
    WHERE reason IS NOT NULL AND reason NOT IN ('blocked', 'shared') AND retracted_by IS NULL;
COMMENT ON COLUMN customers.link.id IS 'digest of both addresses and the rule, so that the same evidence is the same link';
COMMENT ON COLUMN customers.link.reason IS 'why it is left out; a link between two customers without one is held off by a keep-apart';
COMMENT ON COLUMN customers.link.strength IS '1 claimed, 2 observed, 3 attested: the strongest said; occurred_at is the earliest';

-- What members said: these are one person, or these are not those.
CREATE TABLE customers.ruling (
    id            uuid PRIMARY KEY,
    action_id     uuid NOT NULL,
    verb          text NOT NULL CHECK (verb IN ('together', 'apart')),
    one           uuid[] NOT NULL,
    other         uuid[] NOT NULL,
    is_held       boolean NOT NULL,
    made_at       timestamptz NOT NULL,
    retracted_at  timestamptz
);
ALTER TABLE customers.ruling ALTER COLUMN one SET STORAGE EXTERNAL, ALTER COLUMN other SET STORAGE EXTERNAL;
CREATE INDEX ruling_action ON customers.ruling (action_id);
COMMENT ON TABLE customers.ruling IS 'keep together and keep apart; all later evidence respects them';

CREATE TABLE customers.action (
    id         uuid PRIMARY KEY,
    verb       text NOT NULL CHECK (verb IN ('merge', 'split', 'refuse', 'retract', 'undo')),
    made_by    text NOT NULL,
    made_at    timestamptz NOT NULL,
    of_action  uuid REFERENCES customers.action,
    link_id    uuid,
    customers  uuid[] NOT NULL,
    detail     jsonb NOT NULL,
    versions   jsonb,
    undone_by  uuid
);
COMMENT ON COLUMN customers.action.versions IS 'of the customers it left, so that undoing sees whether anything came since';
CREATE INDEX action_customers ON customers.action USING gin (customers);
COMMENT ON TABLE customers.action IS 'merges and splits by members; undo takes back what the action added to the evidence';

-- How customers stood before an action: what undoing restores when nothing came in between, without reading evidence.
CREATE TABLE customers.before (
    action_id      uuid NOT NULL REFERENCES customers.action,
    customer_id    uuid NOT NULL,
    address_count  integer NOT NULL,
    kinds          text[] NOT NULL,
    anchors        integer NOT NULL,
    has_claims     boolean NOT NULL,
    is_contested   boolean NOT NULL,
    rulings        uuid[] NOT NULL,
    moved          uuid[],
    PRIMARY KEY (action_id, customer_id)
);
ALTER TABLE customers.before ALTER COLUMN moved SET STORAGE EXTERNAL;
COMMENT ON COLUMN customers.before.moved IS 'the addresses that went to another customer';

-- events.event.customer_id still to be changed; until done, reads take both ids and ask the address map.
CREATE TABLE customers.rewrite (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    from_customer  uuid NOT NULL,
    to_customer    uuid NOT NULL,
    horizon        xid8,
    reached_at     timestamptz,
    reached_id     uuid,
    made_at        timestamptz NOT NULL
);
CREATE INDEX rewrite_to ON customers.rewrite (to_customer);
CREATE INDEX rewrite_from ON customers.rewrite (from_customer);
COMMENT ON COLUMN customers.rewrite.horizon IS 'set when first seen; done only when every transaction older than it has ended';

CREATE TABLE customers.trait (
    address_id   uuid NOT NULL,
    name         text NOT NULL,
    source_id    integer NOT NULL,
    value_hash   uuid NOT NULL,
    value        jsonb NOT NULL,
    proven       smallint NOT NULL,
    said_at      timestamptz NOT NULL,
    event_id     uuid NOT NULL,
    PRIMARY KEY (address_id, name, source_id, value_hash)
);
COMMENT ON TABLE customers.trait IS 'every distinct value anyone ever said, with when it was best said; which one wins is decided on reading';

CREATE TABLE customers.consent (
    id           uuid PRIMARY KEY,
    address_id   uuid NOT NULL,
    purpose      text NOT NULL,
    granted      boolean NOT NULL,
    said_at      timestamptz NOT NULL,
    said_by      text NOT NULL,
    source_id    integer,
    proof        text NOT NULL,
    event_id     uuid
);
CREATE INDEX consent_address ON customers.consent (address_id, purpose, said_at DESC);
COMMENT ON COLUMN customers.consent.id IS 'digest of event and purpose, so that the same event says it once';

-- Words that names and addresses hold, by which mistyped ones are found.
CREATE TABLE customers.spelling (
    word       text PRIMARY KEY,
    shortened  text[] NOT NULL
);
CREATE INDEX spelling_shortened ON customers.spelling USING gin (shortened) WITH (fastupdate = off);
COMMENT ON COLUMN customers.spelling.shortened IS 'the word without one letter or two: words a slip apart have one of these in common';

-- Who came a way (by a channel, from a source) that few come; by address, so that it holds through merges and splits.
-- A list narrowed to such a way looks at these, and never through everybody. What most come is in `common` alone.
CREATE TABLE customers.rare (
    channel     text NOT NULL,
    source_id   integer NOT NULL,
    address_id  uuid NOT NULL,
    PRIMARY KEY (channel, source_id, address_id)
);
CREATE TABLE customers.common (
    channel    text NOT NULL,
    source_id  integer NOT NULL,
    PRIMARY KEY (channel, source_id)
);

-- How far work that goes through all customers has come.
CREATE TABLE customers.walk (
    name      text PRIMARY KEY,
    reached   uuid NOT NULL,
    began_at  timestamptz NOT NULL,
    detail    text NOT NULL DEFAULT ''
);

-- All likely pairs of a certainty, merged one after another on a member's word.
CREATE TABLE customers.round (
    id          uuid PRIMARY KEY,
    least       smallint NOT NULL,
    total       integer NOT NULL,
    state       text NOT NULL CHECK (state IN ('merging', 'done', 'undoing', 'undone', 'ended')),
    made_by     text NOT NULL,
    actor_kind  text NOT NULL,
    actor_id    uuid,
    made_at     timestamptz NOT NULL
);
CREATE INDEX round_open ON customers.round (id) WHERE state IN ('merging', 'undoing');
COMMENT ON COLUMN customers.round.least IS 'certainty, in per cent';
COMMENT ON COLUMN customers.round.total IS 'pairs it began with; those decided in it name it';

-- Two customers who may be one person, by what is known of them or by evidence that was left out.
CREATE TABLE customers.likeness (
    id          uuid PRIMARY KEY,
    a           uuid NOT NULL,
    b           uuid NOT NULL,
    certainty   smallint NOT NULL,
    reasons     text[] NOT NULL,
    link_id     uuid,
    found_at    timestamptz NOT NULL,
    decided_at  timestamptz,
    decided_by  uuid REFERENCES customers.action,
    round_id    uuid REFERENCES customers.round,
    CHECK (a < b),
    CHECK ((decided_at IS NULL) = (decided_by IS NULL))
);
CREATE INDEX likeness_waiting ON customers.likeness (certainty, id) WHERE decided_at IS NULL;
CREATE INDEX likeness_a ON customers.likeness (a, b);
CREATE INDEX likeness_b ON customers.likeness (b);
CREATE INDEX likeness_decided ON customers.likeness (decided_at) WHERE decided_at IS NOT NULL;
CREATE INDEX likeness_decided_by ON customers.likeness (decided_by) WHERE decided_by IS NOT NULL;
CREATE INDEX likeness_round ON customers.likeness (round_id, decided_by) WHERE round_id IS NOT NULL;
COMMENT ON COLUMN customers.likeness.a IS 'a birth id: whoever it belongs to now';
COMMENT ON COLUMN customers.likeness.certainty IS 'in per cent';
COMMENT ON COLUMN customers.likeness.link_id IS 'the strongest evidence that ties the two and was left out';
COMMENT ON COLUMN customers.likeness.decided_by IS 'the action by which a member confirmed or refused it; undone, the pair waits again';
COMMENT ON COLUMN customers.likeness.round_id IS 'in which it is, or was, merged with many';

-- Pairs that wait for somebody to look, with who the two are now.
CREATE VIEW customers.likely AS
SELECT l.id, l.certainty, l.reasons, l.found_at, l.link_id, k.reason AS held_off,
       ca.id AS one, ca.label AS one_label, cb.id AS other, cb.label AS other_label, l.round_id
FROM customers.likeness l
JOIN customers.grouping ga ON ga.address_id = l.a
JOIN customers.grouping gb ON gb.address_id = l.b
JOIN customers.customer ca ON ca.id = ga.customer_id
JOIN customers.customer cb ON cb.id = gb.customer_id
LEFT JOIN customers.link k ON k.id = l.link_id
WHERE l.decided_at IS NULL AND ca.id <> cb.id AND ca.erased_at IS NULL AND cb.erased_at IS NULL
  AND NOT ca.rulings && cb.rulings
  AND (l.link_id IS NULL OR (k.reason NOT IN ('blocked', 'shared') AND k.retracted_by IS NULL));
