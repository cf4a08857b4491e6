-- The append-only log, and the live stream over it.
CREATE SCHEMA events;

CREATE TABLE events.event (
    id                 uuid NOT NULL,
    source_id          integer NOT NULL,
    channel            text NOT NULL,
    kind               text NOT NULL,
    name               text,
    address_id         uuid NOT NULL,
    other_address_ids  uuid[],
    customer_id        uuid NOT NULL,
    occurred_at        timestamptz NOT NULL,
    received_at        timestamptz NOT NULL,
    original_at        timestamptz,
    sent_at            timestamptz,
    message_id         text,
    body               jsonb NOT NULL,
    withdrawn_by       uuid,
    PRIMARY KEY (id)
) PARTITION BY RANGE (id);
CREATE TABLE events.event_rest PARTITION OF events.event DEFAULT;
CREATE INDEX event_thread ON events.event (customer_id, occurred_at DESC, id DESC);
COMMENT ON COLUMN events.event.address_id IS 'the one subject address, fixed on arrival: the strongest it came with';
COMMENT ON COLUMN events.event.customer_id IS 'cache of address -> customer; rewritten by a job after a merge or split';
COMMENT ON COLUMN events.event.withdrawn_by IS 'what took it back for good (an import); its own id = newer word stands in its place. It stays in the accounts';
COMMENT ON COLUMN events.event.occurred_at IS 'when it happened by our clock: received - (sent - original)';

-- What was committed and has no place on the live stream yet: one row per group.
CREATE TABLE events.arrival (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_ids     uuid[] NOT NULL,
    customer_ids  uuid[] NOT NULL,
    topic         text,
    kind          text,
    about_id      uuid,
    member_id     uuid
);
COMMENT ON COLUMN events.arrival.topic IS 'NULL = events; else a sign of this topic and kind, as in events.sign';

-- The live stream: a run of events ends at `position`; the first one stands at position - cardinality + 1.
CREATE TABLE events.run (
    position   bigint PRIMARY KEY,
    event_ids  uuid[] NOT NULL,
    made_at    timestamptz NOT NULL
);

-- Signs: something changed that is no event. They take their positions among the events', and are kept for some days.
CREATE TABLE events.sign (
    position   bigint PRIMARY KEY,
    topic      text NOT NULL,
    kind       text NOT NULL,
    about_id   uuid,
    member_id  uuid,
    made_at    timestamptz NOT NULL
);
COMMENT ON COLUMN events.sign.about_id IS 'what changed; NULL = any of the topic may have';
COMMENT ON COLUMN events.sign.member_id IS 'the one member it concerns; NULL = everybody';

-- Bounds of partitions can't be parameters, so the statement is put together here. What came before there was a
-- partition for it stands among the rest, and moves.
CREATE FUNCTION events.make_partition(name text, first uuid, after uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('events.make_partition'));
    IF to_regclass(format('events.%I', name)) IS NOT NULL THEN
        RETURN;
    END IF;
    EXECUTE format('CREATE TABLE events.%I (LIKE events.event INCLUDING DEFAULTS INCLUDING INDEXES)', name);
    EXECUTE format('WITH moved AS (DELETE FROM events.event_rest WHERE id >= %L AND id < %L RETURNING *)
                    INSERT INTO events.%I SELECT * FROM moved', first, after, name);
    EXECUTE format('ALTER TABLE events.event ATTACH PARTITION events.%I FOR VALUES FROM (%L) TO (%L)', name, first, after);
END
$$;
