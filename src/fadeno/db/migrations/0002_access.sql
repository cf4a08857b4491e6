-- Members, what they may do, how they sign in, keys of machines, and the audit trail.
CREATE SCHEMA access;

CREATE TABLE access.member (
    id             uuid PRIMARY KEY,
    email          text NOT NULL,
    email_key      text NOT NULL,
    name           text NOT NULL,
    role           text NOT NULL CHECK (role IN ('admin', 'manager', 'agent', 'marketing', 'shop', 'analyst')),
    password_hash  text NOT NULL,
    totp_sealed    bytea,
    totp_on        boolean NOT NULL DEFAULT false,
    totp_step      bigint NOT NULL DEFAULT 0,
    zone           text NOT NULL DEFAULT '',
    density        text NOT NULL DEFAULT 'normal' CHECK (density IN ('compact', 'normal', 'roomy')),
    theme          text NOT NULL DEFAULT 'auto' CHECK (theme IN ('auto', 'light', 'dark')),
    language       text NOT NULL DEFAULT '',
    single_keys    boolean NOT NULL DEFAULT true,
    begin_closed   boolean NOT NULL DEFAULT false,
    created_at     timestamptz NOT NULL,
    removed_at     timestamptz
);
CREATE UNIQUE INDEX member_email ON access.member (email_key) WHERE removed_at IS NULL;
COMMENT ON COLUMN access.member.totp_sealed IS 'secret of the one-time codes, sealed with a key outside the database';
COMMENT ON COLUMN access.member.totp_step IS 'the last 30-second step a code was taken for; the same or an older one is refused';
COMMENT ON COLUMN access.member.zone IS 'IANA time zone; empty = that of the browser';
COMMENT ON COLUMN access.member.language IS 'language of the pages; empty = as the browser asks';
COMMENT ON COLUMN access.member.single_keys IS 'whether keys act without Ctrl or Alt';
COMMENT ON COLUMN access.member.begin_closed IS 'the list of first steps is put away';

CREATE TABLE access.recovery_code (
    member_id  uuid NOT NULL REFERENCES access.member ON DELETE CASCADE,
    hash       bytea NOT NULL,
    used_at    timestamptz,
    PRIMARY KEY (member_id, hash)
);

CREATE TABLE access.session (
    id          uuid PRIMARY KEY,
    member_id   uuid NOT NULL REFERENCES access.member ON DELETE CASCADE,
    token_hash  bytea NOT NULL UNIQUE,
    waiting     boolean NOT NULL DEFAULT false,
    made_at     timestamptz NOT NULL,
    seen_at     timestamptz NOT NULL,
    ends_at     timestamptz NOT NULL,
    revoked_at  timestamptz,
    address     text NOT NULL DEFAULT '',
    agent       text NOT NULL DEFAULT ''
);
CREATE INDEX session_member ON access.session (member_id);
COMMENT ON COLUMN access.session.waiting IS 'the password matched, the one-time code is still asked for; opens nothing';
COMMENT ON COLUMN access.session.seen_at IS 'written at most every five minutes';

-- Browsers a member has signed in from: they keep their own count of tries, so a stranger can't lock the owner out.
CREATE TABLE access.device (
    token_hash  bytea NOT NULL,
    member_id   uuid NOT NULL REFERENCES access.member ON DELETE CASCADE,
    made_at     timestamptz NOT NULL,
    PRIMARY KEY (token_hash, member_id)
);
CREATE INDEX device_member ON access.device (member_id);

CREATE TABLE access.attempt (
    bucket      bytea PRIMARY KEY,
    failures    integer NOT NULL,
    last_at     timestamptz NOT NULL,
    blocked_to  timestamptz NOT NULL
);
CREATE INDEX attempt_last ON access.attempt (last_at);
COMMENT ON COLUMN access.attempt.bucket IS 'digest of what is limited: an account, a network address, both together, a known browser';

CREATE TABLE access.invitation (
    id          uuid PRIMARY KEY,
    token_hash  bytea NOT NULL UNIQUE,
    email       text NOT NULL,
    role        text NOT NULL CHECK (role IN ('admin', 'manager', 'agent', 'marketing', 'shop', 'analyst')),
    made_by     text NOT NULL,
    made_at     timestamptz NOT NULL,
    ends_at     timestamptz NOT NULL,
    used_at     timestamptz,
    revoked_at  timestamptz
);

CREATE TABLE access.reset (
    id          uuid PRIMARY KEY,
    token_hash  bytea NOT NULL UNIQUE,
    member_id   uuid NOT NULL REFERENCES access.member ON DELETE CASCADE,
    made_by     text NOT NULL,
    made_at     timestamptz NOT NULL,
    ends_at     timestamptz NOT NULL,
    used_at     timestamptz
);
CREATE INDEX reset_member ON access.reset (member_id);

CREATE TABLE access.saved_filter (
    id         uuid PRIMARY KEY,
    member_id  uuid NOT NULL REFERENCES access.member ON DELETE CASCADE,
    list       text NOT NULL,
    name       text NOT NULL,
    asked      jsonb NOT NULL,
    is_shared  boolean NOT NULL DEFAULT false,
    made_at    timestamptz NOT NULL
);
CREATE UNIQUE INDEX saved_filter_name ON access.saved_filter (member_id, list, name);
CREATE INDEX saved_filter_shared ON access.saved_filter (list) WHERE is_shared;
COMMENT ON TABLE access.saved_filter IS 'what a member narrows a list to again and again, under a name of theirs';
COMMENT ON COLUMN access.saved_filter.asked IS 'the fields of the page''s form, as they were';

CREATE TABLE access.key (
    id          uuid PRIMARY KEY,
    name        text NOT NULL,
    prefix      text NOT NULL,
    hash        bytea NOT NULL UNIQUE,
    scope       text NOT NULL CHECK (scope IN ('collect', 'read', 'write', 'admin')),
    source_id   integer,
    made_by     text NOT NULL,
    made_at     timestamptz NOT NULL,
    revoked_at  timestamptz,
    used_on     date
);
COMMENT ON COLUMN access.key.hash IS 'SHA-256 of the key; the key itself is 192 random bits and is shown once';
COMMENT ON COLUMN access.key.used_on IS 'last day it was used, written once a day';

CREATE TABLE access.audit (
    id           uuid PRIMARY KEY,
    made_at      timestamptz NOT NULL,
    actor_kind   text NOT NULL CHECK (actor_kind IN ('member', 'key', 'system')),
    actor_id     uuid,
    actor_name   text NOT NULL,
    verb         text NOT NULL,
    object_kind  text NOT NULL,
    object_id    text NOT NULL,
    detail       jsonb NOT NULL,
    once         bytea UNIQUE,
    words        tsvector NOT NULL
);
CREATE INDEX audit_actor ON access.audit (actor_id, id);
CREATE INDEX audit_object ON access.audit (object_kind, object_id, id);
CREATE INDEX audit_verb ON access.audit (verb, id);
CREATE INDEX audit_words ON access.audit USING gin (words);
COMMENT ON COLUMN access.audit.detail IS 'ids and settings, never a customer''s data: erasing a customer must not need an edit here';
COMMENT ON COLUMN access.audit.once IS 'the same reading by the same member within the same ten minutes is one entry';

CREATE FUNCTION access.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail can only be added to' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER audit_stays BEFORE UPDATE OR DELETE ON access.audit
    FOR EACH ROW EXECUTE FUNCTION access.refuse_change();
CREATE TRIGGER audit_stays_whole BEFORE TRUNCATE ON access.audit
    FOR EACH STATEMENT EXECUTE FUNCTION access.refuse_change();
