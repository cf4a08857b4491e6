-- Cases: what customers want settled, across channels, with their messages.
CREATE SCHEMA conversations;

CREATE TABLE conversations.case (
    id                 uuid PRIMARY KEY,
    number             bigint GENERATED ALWAYS AS IDENTITY,
    address_id         uuid NOT NULL,
    title              text NOT NULL DEFAULT '',
    matter_kind        text,
    matter_id          text,
    area               text NOT NULL DEFAULT 'service',
    state              text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'waiting_customer', 'waiting_until', 'solved')),
    waits_until        timestamptz,
    owner_id           uuid,
    priority           smallint NOT NULL DEFAULT 3 CHECK (priority BETWEEN 1 AND 4),
    tags               text[] NOT NULL DEFAULT '{}',
    language           text NOT NULL DEFAULT '',
    value_minor        bigint,
    currency           text CHECK (currency ~ '^[A-Z]{3}$'),
    stage              text,
    expected_on        date,
    opened_at          timestamptz NOT NULL,
    first_due_at       timestamptz,
    next_due_at        timestamptz,
    resolve_due_at     timestamptz,
    resolve_since      timestamptz,
    resolve_left_s     integer,
    due_at             timestamptz NOT NULL DEFAULT 'infinity',
    warned_at          timestamptz,
    broken_at          timestamptz,
    waiting_since      timestamptz,
    first_answered_at  timestamptz,
    last_at            timestamptz NOT NULL,
    last_words         text NOT NULL DEFAULT '',
    last_from          text NOT NULL DEFAULT 'them' CHECK (last_from IN ('them', 'us', 'house')),
    last_in            bigint NOT NULL DEFAULT 0,
    last_said          bigint NOT NULL DEFAULT 0,
    channels           text[] NOT NULL DEFAULT '{}',
    message_count      integer NOT NULL DEFAULT 0,
    solved_at          timestamptz,
    reopened_count     integer NOT NULL DEFAULT 0,
    merged_into        uuid,
    version            bigint NOT NULL DEFAULT 1,
    stand              text NOT NULL GENERATED ALWAYS AS (
        CASE WHEN merged_into IS NOT NULL THEN 'gone' WHEN state LIKE 'waiting%' THEN 'waiting' ELSE state END
    ) STORED,
    marks              tsvector NOT NULL DEFAULT '',
    erased_at          timestamptz
);
CREATE UNIQUE INDEX case_number ON conversations.case (number);
CREATE INDEX case_address ON conversations.case (address_id, last_at DESC, id DESC);
CREATE INDEX case_due ON conversations.case (stand, due_at, id) WHERE stand IN ('open', 'waiting');
CREATE INDEX case_due_owner ON conversations.case (stand, owner_id, due_at, id) WHERE stand IN ('open', 'waiting');
CREATE INDEX case_due_area ON conversations.case (stand, area, due_at, id) WHERE stand IN ('open', 'waiting');
CREATE INDEX case_last ON conversations.case (stand, last_at DESC, id DESC);
CREATE INDEX case_last_owner ON conversations.case (stand, owner_id, last_at DESC, id DESC);
CREATE INDEX case_last_area ON conversations.case (stand, area, last_at DESC, id DESC);
CREATE INDEX case_marks ON conversations.case USING gin (marks) WITH (gin_pending_list_limit = 256)
    WHERE stand IN ('open', 'waiting');
CREATE INDEX case_unwarned ON conversations.case (due_at)
    WHERE stand IN ('open', 'waiting') AND warned_at IS NULL;
CREATE INDEX case_unbroken ON conversations.case (due_at)
    WHERE stand IN ('open', 'waiting') AND broken_at IS NULL;
CREATE INDEX case_until ON conversations.case (waits_until) WHERE state = 'waiting_until';
CREATE INDEX case_merged ON conversations.case (merged_into) WHERE merged_into IS NOT NULL;
COMMENT ON TABLE conversations.case IS 'one matter a customer wants settled, across channels';
COMMENT ON COLUMN conversations.case.number IS 'what people call it; a quoted number never opens a case';
COMMENT ON COLUMN conversations.case.address_id IS 'the one subject address: never re-owned; whose case it is follows the address map';
COMMENT ON COLUMN conversations.case.priority IS '1 urgent, 2 high, 3 normal, 4 low';
COMMENT ON COLUMN conversations.case.first_due_at IS 'a first answer is due; NULL once it was given or where none is set';
COMMENT ON COLUMN conversations.case.next_due_at IS 'the next answer is due: the customer waits';
COMMENT ON COLUMN conversations.case.resolve_due_at IS 'it should be solved; NULL while it waits for the customer: then resolve_left_s says what is left';
COMMENT ON COLUMN conversations.case.resolve_since IS 'the clock until it should be solved runs since then; NULL = it stands';
COMMENT ON COLUMN conversations.case.resolve_left_s IS 'seconds of working time that were left when it began to run or stopped; below 0 = it was too late';
COMMENT ON COLUMN conversations.case.due_at IS 'the soonest of what is due; infinity = nothing is';
COMMENT ON COLUMN conversations.case.warned_at IS 'when its owner was told that it is nearly due; NULL = not about this due time';
COMMENT ON COLUMN conversations.case.broken_at IS 'when it was told that something was due and not done; NULL = not about this due time';
COMMENT ON COLUMN conversations.case.waiting_since IS 'the customer waits for us since; NULL = our word is the last';
COMMENT ON COLUMN conversations.case.last_in IS 'position of the last message of the customer, last_said of the last message of anybody, notes too';
COMMENT ON COLUMN conversations.case.channels IS 'the channels its messages took, in order, each stretch once: the strand';
COMMENT ON COLUMN conversations.case.merged_into IS 'the case that took its messages; it is shown no more';
COMMENT ON COLUMN conversations.case.marks IS 'what it is found by in lists: words of its title, number, area, owner, priority, tags, channels, language';
COMMENT ON COLUMN conversations.case.stand IS 'open, waiting, solved, or gone into another one';

CREATE SEQUENCE conversations.position;

CREATE TABLE conversations.message (
    id            uuid PRIMARY KEY,
    position      bigint NOT NULL DEFAULT nextval('conversations.position'),
    case_id       uuid NOT NULL REFERENCES conversations.case (id),
    said_at       timestamptz NOT NULL,
    direction     text NOT NULL CHECK (direction IN ('in', 'out', 'note')),
    channel       text NOT NULL,
    account_id    uuid,
    address_id    uuid,
    author_kind   text NOT NULL CHECK (author_kind IN ('customer', 'member', 'bot', 'system')),
    author_id     uuid,
    author_name   text NOT NULL DEFAULT '',
    proven        smallint NOT NULL DEFAULT 0,
    is_automatic  boolean NOT NULL DEFAULT false,
    subject       text NOT NULL DEFAULT '',
    text          text NOT NULL DEFAULT '',
    has_original  boolean NOT NULL DEFAULT false,
    has_html      boolean NOT NULL DEFAULT false,
    language      text NOT NULL DEFAULT '',
    provider_id   text NOT NULL DEFAULT '',
    state         text NOT NULL DEFAULT 'received'
                  CHECK (state IN ('received', 'note', 'queued', 'sent', 'delivered', 'read', 'failed', 'unknown', 'cancelled')),
    state_words   text NOT NULL DEFAULT '',
    undo_until    timestamptz,
    sent_at       timestamptz,
    delivered_at  timestamptz,
    read_at       timestamptz,
    failed_at     timestamptz,
    seen_upto     bigint,
    attachments   jsonb NOT NULL DEFAULT '[]',
    mentions      uuid[] NOT NULL DEFAULT '{}',
    erased_at     timestamptz
);
CREATE UNIQUE INDEX message_position ON conversations.message (position);
CREATE INDEX message_case ON conversations.message (case_id, said_at DESC, position DESC);
CREATE INDEX message_case_position ON conversations.message (case_id, position DESC);
CREATE UNIQUE INDEX message_provider ON conversations.message (account_id, provider_id) WHERE provider_id <> '';
CREATE INDEX message_provider_id ON conversations.message (provider_id, channel) WHERE provider_id <> '';
CREATE INDEX message_address ON conversations.message (address_id, said_at DESC) WHERE address_id IS NOT NULL;
CREATE INDEX message_not_left ON conversations.message (position DESC) WHERE direction = 'out' AND state IN ('failed', 'unknown');
CREATE INDEX message_undelivered ON conversations.message (sent_at) WHERE direction = 'out' AND state IN ('sent', 'unknown');
COMMENT ON COLUMN conversations.message.id IS 'also the id of its event on the thread; a note has none';
COMMENT ON COLUMN conversations.message.position IS 'grows in the order messages were committed to a case: what somebody has seen is said by it';
COMMENT ON COLUMN conversations.message.said_at IS 'when it was said, never later than it came: the order of the stream';
COMMENT ON COLUMN conversations.message.address_id IS 'whose it is, or to whom it goes';
COMMENT ON COLUMN conversations.message.proven IS 'how sure it is that who wrote owns the address: 1 claimed, 2 observed, 3 attested; 0 = it is ours';
COMMENT ON COLUMN conversations.message.is_automatic IS 'a machine wrote it: it opens no case and wakes no one';
COMMENT ON COLUMN conversations.message.text IS 'what is visible of it: without what is quoted; all of it is in original';
COMMENT ON COLUMN conversations.message.provider_id IS 'what its channel calls it; empty = nothing, and then it matches nothing';
COMMENT ON COLUMN conversations.message.seen_upto IS 'of an answer: the last position its author had seen';

-- What is not shown at once: quoted history, the HTML as it came.
CREATE TABLE conversations.original (
    message_id  uuid PRIMARY KEY REFERENCES conversations.message (id),
    quoted      text NOT NULL DEFAULT '',
    html        text NOT NULL DEFAULT ''
);

-- What messages are found by: apart from them and in pieces by position, so that the newest are looked at first and a word
-- that stands in every third message costs no more than others.
CREATE TABLE conversations.finding (
    position    bigint NOT NULL,
    case_id     uuid NOT NULL,
    words       tsvector NOT NULL,
    PRIMARY KEY (position)
) PARTITION BY RANGE (position);
CREATE TABLE conversations.finding_rest PARTITION OF conversations.finding DEFAULT;
CREATE INDEX finding_words ON conversations.finding USING gin (words);
COMMENT ON COLUMN conversations.finding.case_id IS 'the case it came into; merged since or not, the message says which it is in now';

CREATE FUNCTION conversations.make_finding(name text, first bigint, after bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('conversations.make_finding'));
    IF to_regclass(format('conversations.%I', name)) IS NOT NULL THEN
        RETURN;
    END IF;
    EXECUTE format('CREATE TABLE conversations.%I (LIKE conversations.finding INCLUDING DEFAULTS INCLUDING INDEXES)', name);
    EXECUTE format('WITH moved AS (DELETE FROM conversations.finding_rest WHERE position >= %s AND position < %s RETURNING *)
                    INSERT INTO conversations.%I SELECT * FROM moved', first, after, name);
    EXECUTE format('ALTER TABLE conversations.finding ATTACH PARTITION conversations.%I FOR VALUES FROM (%s) TO (%s)',
                   name, first, after);
END
$$;

CREATE TABLE conversations.draft (
    case_id     uuid NOT NULL REFERENCES conversations.case (id),
    member_id   uuid NOT NULL,
    text        text NOT NULL,
    is_note     boolean NOT NULL DEFAULT false,
    account_id  uuid,
    address_id  uuid,
    saved_at    timestamptz NOT NULL,
    PRIMARY KEY (case_id, member_id)
);
CREATE INDEX draft_member ON conversations.draft (member_id, saved_at DESC);

CREATE TABLE conversations.follower (
    case_id    uuid NOT NULL REFERENCES conversations.case (id),
    member_id  uuid NOT NULL,
    PRIMARY KEY (case_id, member_id)
);
CREATE INDEX follower_member ON conversations.follower (member_id, case_id);

-- How far a member has read a case.
CREATE TABLE conversations.reading (
    case_id    uuid NOT NULL REFERENCES conversations.case (id),
    member_id  uuid NOT NULL,
    seen_upto  bigint NOT NULL,
    PRIMARY KEY (member_id, case_id)
);
CREATE INDEX reading_case ON conversations.reading (case_id);

CREATE TABLE conversations.linked (
    case_id   uuid NOT NULL REFERENCES conversations.case (id),
    kind      text NOT NULL CHECK (kind IN ('order', 'case')),
    other_id  uuid NOT NULL,
    PRIMARY KEY (case_id, kind, other_id)
);
CREATE INDEX linked_other ON conversations.linked (kind, other_id);

-- Everything that was done to a case, with how it stood before: what undo goes by.
CREATE TABLE conversations.act (
    id          uuid PRIMARY KEY,
    case_id     uuid NOT NULL REFERENCES conversations.case (id),
    other_id    uuid,
    made_at     timestamptz NOT NULL,
    actor_kind  text NOT NULL,
    actor_id    uuid,
    actor_name  text NOT NULL,
    verb        text NOT NULL,
    before      jsonb NOT NULL DEFAULT '{}',
    after       jsonb NOT NULL DEFAULT '{}',
    together_id uuid,
    undone_at   timestamptz
);
CREATE INDEX act_case ON conversations.act (case_id, id DESC);
CREATE INDEX act_together ON conversations.act (together_id, id) WHERE together_id IS NOT NULL;
COMMENT ON COLUMN conversations.act.together_id IS 'what was done to many cases at once, and is taken back at once';
CREATE INDEX act_other ON conversations.act (other_id, id DESC) WHERE other_id IS NOT NULL;

-- Which messages a merge or split took from which case to which.
CREATE TABLE conversations.move (
    act_id      uuid NOT NULL REFERENCES conversations.act (id),
    message_id  uuid NOT NULL REFERENCES conversations.message (id),
    from_case   uuid NOT NULL,
    to_case     uuid NOT NULL,
    PRIMARY KEY (act_id, message_id)
);
CREATE INDEX move_message ON conversations.move (message_id);

-- What a member should hear of: mentioned, given a case, nearly due.
CREATE TABLE conversations.nudge (
    id         uuid PRIMARY KEY,
    member_id  uuid NOT NULL,
    case_id    uuid NOT NULL REFERENCES conversations.case (id),
    kind       text NOT NULL CHECK (kind IN ('mentioned', 'assigned', 'due', 'overdue', 'woken', 'failed', 'followed')),
    made_at    timestamptz NOT NULL,
    seen_at    timestamptz
);
CREATE INDEX nudge_member ON conversations.nudge (member_id, id DESC);
CREATE INDEX nudge_case ON conversations.nudge (case_id);

-- Lists members keep under a name.
CREATE TABLE conversations.view (
    id         uuid PRIMARY KEY,
    member_id  uuid,
    name       text NOT NULL,
    kind       text NOT NULL,
    narrowed   jsonb NOT NULL DEFAULT '{}',
    made_at    timestamptz NOT NULL,
    UNIQUE NULLS NOT DISTINCT (member_id, name)
);
COMMENT ON COLUMN conversations.view.member_id IS 'whose it is; NULL = everybody''s';

CREATE TABLE conversations.area (
    key            text PRIMARY KEY CHECK (key ~ '^[a-z][a-z0-9_]{0,31}$'),
    name           text NOT NULL DEFAULT '',
    calendar       text NOT NULL DEFAULT '',
    first_s        integer CHECK (first_s > 0),
    next_s         integer CHECK (next_s > 0),
    resolve_s      integer CHECK (resolve_s > 0),
    is_routed      boolean NOT NULL DEFAULT false,
    next_channel_s integer CHECK (next_channel_s > 0),
    reopen_days    integer NOT NULL DEFAULT 14 CHECK (reopen_days >= 0),
    timed_by       text NOT NULL DEFAULT '',
    walking_by     text NOT NULL DEFAULT '',
    walked_to      uuid
);
COMMENT ON COLUMN conversations.area.calendar IS 'the calendar its due times are counted on; empty = the company''s';
COMMENT ON COLUMN conversations.area.timed_by IS 'by which calendar and targets the due times of its cases stand; another is brought about by a walk';
COMMENT ON COLUMN conversations.area.first_s IS 'working time until a first answer, next_s until each next one, resolve_s until it is solved; NULL = no target';
COMMENT ON COLUMN conversations.area.is_routed IS 'whether fadeno gives its cases to members by itself';
COMMENT ON COLUMN conversations.area.next_channel_s IS 'how long an answer may stay undelivered before the next channel is taken; NULL = it is only proposed';
INSERT INTO conversations.area (key) VALUES ('service'), ('sales'), ('marketing'), ('shop');

CREATE TABLE conversations.desk_member (
    member_id  uuid PRIMARY KEY,
    areas      text[] NOT NULL DEFAULT '{}',
    languages  text[] NOT NULL DEFAULT '{}',
    skills     text[] NOT NULL DEFAULT '{}',
    most_open  integer NOT NULL DEFAULT 20 CHECK (most_open >= 0),
    is_on_duty boolean NOT NULL DEFAULT true,
    seen_at    timestamptz
);
COMMENT ON COLUMN conversations.desk_member.areas IS 'empty = every area; so languages';
