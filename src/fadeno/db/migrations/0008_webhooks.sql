-- Events told to other systems.
CREATE SCHEMA webhooks;

CREATE TABLE webhooks.subscription (
    id               uuid PRIMARY KEY,
    name             text NOT NULL,
    url              text NOT NULL,
    kinds            text[] NOT NULL,
    secret           bytea NOT NULL,
    old_secret       bytea,
    old_secret_until timestamptz,
    state            text NOT NULL DEFAULT 'on' CHECK (state IN ('on', 'paused', 'disabled')),
    reason           text,
    position         bigint NOT NULL,
    failing_since    timestamptz,
    delivered_at     timestamptz,
    made_by          text NOT NULL,
    made_at          timestamptz NOT NULL
);
COMMENT ON COLUMN webhooks.subscription.kinds IS 'kind, or kind:name for one named event; empty = everything';
COMMENT ON COLUMN webhooks.subscription.secret IS 'sealed with the key outside the database';
COMMENT ON COLUMN webhooks.subscription.old_secret IS 'signs beside the new one for a day after a rotation';
COMMENT ON COLUMN webhooks.subscription.state IS 'paused: a member said so; disabled: it failed too long or said it is gone';
COMMENT ON COLUMN webhooks.subscription.position IS 'all events up to here on the live stream are in the outbox or delivered';

CREATE TABLE webhooks.attempt (
    id               uuid PRIMARY KEY,
    subscription_id  uuid NOT NULL REFERENCES webhooks.subscription ON DELETE CASCADE,
    message_id       text NOT NULL,
    position         bigint,
    made_at          timestamptz NOT NULL,
    number           integer NOT NULL,
    outcome          text NOT NULL CHECK (outcome IN ('delivered', 'retry', 'given_up')),
    status           integer,
    duration_ms      integer NOT NULL,
    error            text
);
CREATE INDEX attempt_subscription ON webhooks.attempt (subscription_id, id DESC);
COMMENT ON TABLE webhooks.attempt IS 'every try for 30 days: never what was sent, nor what was answered beyond the status';
