-- Parcel in, customer found, event kept; nothing lost, nothing doubled.
CREATE SCHEMA intake;

CREATE TABLE intake.day_key (
    day     date PRIMARY KEY,
    sealed  bytea NOT NULL
);
COMMENT ON TABLE intake.day_key IS 'one key a day for the journal, itself sealed with a key outside the database; destroyed after 14 days';

CREATE TABLE intake.parcel (
    id           uuid PRIMARY KEY,
    source_id    integer NOT NULL,
    received_at  timestamptz NOT NULL,
    day          date NOT NULL,
    sealed       bytea NOT NULL
);
ALTER TABLE intake.parcel ALTER COLUMN sealed SET STORAGE EXTERNAL;
COMMENT ON TABLE intake.parcel IS 'the journal: raw bodies as they came, compressed and encrypted, never searched';

CREATE TABLE intake.message_key (
    key  uuid NOT NULL,
    day  date NOT NULL,
    PRIMARY KEY (key)
) PARTITION BY HASH (key);
CREATE TABLE intake.message_key_0 PARTITION OF intake.message_key FOR VALUES WITH (MODULUS 4, REMAINDER 0);
CREATE TABLE intake.message_key_1 PARTITION OF intake.message_key FOR VALUES WITH (MODULUS 4, REMAINDER 1);
CREATE TABLE intake.message_key_2 PARTITION OF intake.message_key FOR VALUES WITH (MODULUS 4, REMAINDER 2);
CREATE TABLE intake.message_key_3 PARTITION OF intake.message_key FOR VALUES WITH (MODULUS 4, REMAINDER 3);
CREATE INDEX message_key_day ON intake.message_key USING brin (day);
COMMENT ON COLUMN intake.message_key.key IS '128-bit digest of source and client message id; forgotten after 90 days';

CREATE TABLE intake.account_delta (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source_id     integer NOT NULL,
    day           date NOT NULL,
    received      bigint NOT NULL DEFAULT 0,
    accepted      bigint NOT NULL DEFAULT 0,
    duplicate     bigint NOT NULL DEFAULT 0,
    quarantined   bigint NOT NULL DEFAULT 0,
    late          bigint NOT NULL DEFAULT 0,
    skewed        bigint NOT NULL DEFAULT 0,
    parcels       bigint NOT NULL DEFAULT 0,
    unreadable    bigint NOT NULL DEFAULT 0,
    refused       bigint NOT NULL DEFAULT 0,
    last_at       timestamptz
);
CREATE INDEX account_delta_source ON intake.account_delta (source_id, day);
COMMENT ON COLUMN intake.account_delta.last_at IS 'when the newest of the received came in; NULL where none was received';
COMMENT ON TABLE intake.account_delta IS 'one row per commit group, summed on read, folded into one row per source and day by a job';

CREATE TABLE intake.quarantined (
    id           uuid PRIMARY KEY,
    source_id    integer NOT NULL,
    received_at  timestamptz NOT NULL,
    key          uuid,
    reason       text NOT NULL,
    detail       text NOT NULL,
    raw          bytea NOT NULL,
    state        text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'replayed', 'dismissed')),
    envelope     jsonb NOT NULL DEFAULT '{}',
    settled_at   timestamptz,
    event_id     uuid
);
CREATE INDEX quarantined_waiting ON intake.quarantined (source_id, id) WHERE state = 'waiting';
COMMENT ON COLUMN intake.quarantined.raw IS 'the event as it came, sealed like the journal but with the key outside the database';
COMMENT ON COLUMN intake.quarantined.envelope IS 'what its batch said for all: sentAt, context, integrations';
