-- The accounts of channels, what came in over them, and what is just leaving.
CREATE SCHEMA switchboard;

CREATE TABLE switchboard.account (
    id            uuid PRIMARY KEY,
    channel       text NOT NULL,
    name          text NOT NULL UNIQUE,
    address       text NOT NULL,
    source_id     integer NOT NULL,
    is_on         boolean NOT NULL DEFAULT true,
    is_test       boolean NOT NULL DEFAULT false,
    area          text NOT NULL DEFAULT 'service',
    language      text NOT NULL DEFAULT '',
    options       jsonb NOT NULL DEFAULT '{}',
    secrets       bytea NOT NULL,
    cursor        jsonb NOT NULL DEFAULT '{}',
    health        text NOT NULL DEFAULT 'unknown' CHECK (health IN ('unknown', 'works', 'fails')),
    health_at     timestamptz,
    health_words  text NOT NULL DEFAULT '',
    fault_in      text NOT NULL DEFAULT '',
    fault_out     text NOT NULL DEFAULT '',
    made_by       text NOT NULL,
    made_at       timestamptz NOT NULL
);
COMMENT ON COLUMN switchboard.account.address IS 'what customers see it come from: a mailbox, a number, a site';
COMMENT ON COLUMN switchboard.account.is_test IS 'nothing leaves by it';
COMMENT ON COLUMN switchboard.account.secrets IS 'passwords and tokens, sealed with the key outside the database';
COMMENT ON COLUMN switchboard.account.fault_in IS 'why nothing can be read, in plain words; empty where it can';
COMMENT ON COLUMN switchboard.account.fault_out IS 'why nothing can leave, in the provider''s words; empty where it can';
COMMENT ON COLUMN switchboard.account.cursor IS 'how far it was read, in the words of what reads it';

CREATE TABLE switchboard.parcel (
    id           uuid PRIMARY KEY,
    account_id   uuid NOT NULL REFERENCES switchboard.account (id),
    key          bytea NOT NULL,
    received_at  timestamptz NOT NULL,
    day          date NOT NULL,
    sealed       bytea NOT NULL,
    state        text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'read', 'failed', 'dismissed')),
    reason       text NOT NULL DEFAULT '',
    detail       text NOT NULL DEFAULT '',
    letters      integer NOT NULL DEFAULT 0,
    settled_at   timestamptz,
    UNIQUE (account_id, key)
);
ALTER TABLE switchboard.parcel ALTER COLUMN sealed SET STORAGE EXTERNAL;
CREATE INDEX parcel_newest ON switchboard.parcel (account_id, id);
CREATE INDEX parcel_waiting ON switchboard.parcel (account_id) WHERE state = 'waiting';
CREATE INDEX parcel_failed ON switchboard.parcel (account_id, id) WHERE state = 'failed';
CREATE INDEX parcel_day ON switchboard.parcel (day) WHERE length(sealed) > 0;
COMMENT ON TABLE switchboard.parcel IS 'bodies as they came in, once each, sealed with the key of their day as in the journal';
COMMENT ON COLUMN switchboard.parcel.key IS 'by which the same body is known again for ever: digest of what the provider calls it, else of all of it';

-- What left or is just leaving, until it is known whether it did: who finds one of these dead can't know.
CREATE TABLE switchboard.leaving (
    message_id  uuid PRIMARY KEY,
    account_id  uuid NOT NULL REFERENCES switchboard.account (id),
    begun_at    timestamptz NOT NULL
);
