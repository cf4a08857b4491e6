-- Who is who, and how we know.
CREATE SCHEMA customers;

CREATE TABLE customers.address (
    id           uuid PRIMARY KEY,
    kind         text NOT NULL,
    value        text NOT NULL,
    customer_id  uuid NOT NULL,
    proven       smallint NOT NULL DEFAULT 1 CHECK (proven BETWEEN 1 AND 3),
    verified_at  timestamptz,
    blocked      text,
    shared       boolean NOT NULL DEFAULT false,
    shared_by    text NOT NULL DEFAULT 'learned' CHECK (shared_by IN ('learned', 'member')),
    source_id    integer,
    UNIQUE (kind, value)
);
CREATE INDEX address_customer ON customers.address (customer_id, kind);
COMMENT ON COLUMN customers.address.id IS 'birth id: a customer is called by the smallest birth id among its addresses';
COMMENT ON COLUMN customers.address.proven IS '1 claimed, 2 observed, 3 attested';
COMMENT ON COLUMN customers.address.blocked IS 'why it never joins anybody (a blocked value, or a member said so)';

CREATE TABLE customers.customer (
    id            uuid PRIMARY KEY,
    name          text,
    search_keys   text[] NOT NULL DEFAULT '{}',
    sort_key      text NOT NULL DEFAULT '',
    contested     boolean NOT NULL DEFAULT false,
    has_claims    boolean NOT NULL DEFAULT false,
    anchors       integer NOT NULL DEFAULT 0,
    erased_at     timestamptz
);
CREATE INDEX customer_search ON customers.customer USING gin (search_keys) WITH (fastupdate = off);
CREATE INDEX customer_sort ON customers.customer (sort_key, id);
COMMENT ON TABLE customers.customer IS 'derived from addresses, links and traits; can be computed anew at any time';
COMMENT ON COLUMN customers.customer.contested IS 'some evidence about these addresses is left out, so grouping must look at all of it';

CREATE TABLE customers.link (
    id            uuid PRIMARY KEY,
    a             uuid NOT NULL,
    b             uuid NOT NULL CHECK (a < b),
    rule          text NOT NULL,
    strength      smallint NOT NULL CHECK (strength BETWEEN 1 AND 4),
    event_id      uuid,
    source_id     integer,
    occurred_at   timestamptz NOT NULL,
    state         text NOT NULL DEFAULT 'admitted' CHECK (state IN ('admitted', 'left_out', 'retracted')),
    reason        text,
    action_id     uuid,
    UNIQUE (a, b, rule)
);
CREATE INDEX link_b ON customers.link (b);
COMMENT ON COLUMN customers.link.strength IS '1 claimed, 2 observed, 3 attested, 4 said by a member';

CREATE TABLE customers.keep_apart (
    id            uuid PRIMARY KEY,
    action_id     uuid NOT NULL,
    made_at       timestamptz NOT NULL,
    retracted_at  timestamptz
);
CREATE TABLE customers.keep_apart_side (
    keep_apart_id  uuid NOT NULL REFERENCES customers.keep_apart ON DELETE CASCADE,
    side           smallint NOT NULL CHECK (side IN (0, 1)),
    address_id     uuid NOT NULL,
    PRIMARY KEY (address_id, keep_apart_id)
);

CREATE TABLE customers.action (
    id         uuid PRIMARY KEY,
    verb       text NOT NULL CHECK (verb IN ('merge', 'split', 'undo')),
    made_by    text NOT NULL,
    made_at    timestamptz NOT NULL,
    detail     jsonb NOT NULL,
    undone_by  uuid
);
COMMENT ON TABLE customers.action IS 'merges and splits by members; undo retracts what the action added to the evidence';

-- events.event.customer_id still to be changed; until done, reads take both ids and ask the address map.
CREATE TABLE customers.rewrite (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    from_customer  uuid NOT NULL,
    to_customer    uuid NOT NULL,
    horizon        xid8,
    made_at        timestamptz NOT NULL
);
CREATE INDEX rewrite_to ON customers.rewrite (to_customer);
COMMENT ON COLUMN customers.rewrite.horizon IS 'set when first seen; done only when every transaction older than it has ended';

CREATE TABLE customers.trait (
    address_id   uuid NOT NULL,
    name         text NOT NULL,
    source_id    integer NOT NULL,
    value_hash   bytea NOT NULL,
    value        jsonb NOT NULL,
    proven       smallint NOT NULL,
    said_at      timestamptz NOT NULL,
    event_id     uuid NOT NULL,
    PRIMARY KEY (address_id, name, source_id, value_hash)
);
COMMENT ON TABLE customers.trait IS 'every distinct value anyone ever said, with when it was last said; which one wins is decided on reading';

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
