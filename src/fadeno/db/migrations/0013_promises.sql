-- What we promised customers: by when, who keeps it, and what became of it.
CREATE SCHEMA promises;

CREATE TABLE promises.promise (
    id           uuid PRIMARY KEY,
    kind         text NOT NULL CHECK (kind IN ('answer_by', 'call_back')),
    case_id      uuid NOT NULL,
    case_number  bigint,
    address_id   uuid NOT NULL,
    area         text NOT NULL DEFAULT '',
    owner_id     uuid,
    said         text NOT NULL DEFAULT '',
    message_id   uuid,
    basis        text NOT NULL DEFAULT '',
    made_at      timestamptz NOT NULL,
    made_kind    text NOT NULL CHECK (made_kind IN ('member', 'key', 'system')),
    made_by      uuid,
    made_name    text NOT NULL,
    due_at       timestamptz NOT NULL,
    breaks_at    timestamptz NOT NULL,
    warn_at      timestamptz NOT NULL,
    warned_at    timestamptz,
    state        text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'kept', 'broken', 'withdrawn', 'moved')),
    settled_at   timestamptz,
    settled_name text NOT NULL DEFAULT '',
    outcome      text NOT NULL DEFAULT '',
    done_at      timestamptz,
    moved_from   uuid REFERENCES promises.promise (id),
    erased_at    timestamptz
);
CREATE INDEX promise_breaks ON promises.promise (breaks_at, id) WHERE state = 'open';
CREATE INDEX promise_warn ON promises.promise (warn_at, id) WHERE state = 'open' AND warned_at IS NULL;
CREATE INDEX promise_due ON promises.promise (state, due_at, id);
CREATE INDEX promise_case ON promises.promise (case_id, id);
CREATE INDEX promise_address ON promises.promise (address_id, id);
CREATE INDEX promise_message ON promises.promise (message_id) WHERE message_id IS NOT NULL;
CREATE UNIQUE INDEX promise_moved ON promises.promise (moved_from) WHERE moved_from IS NOT NULL;
CREATE UNIQUE INDEX promise_answer_by ON promises.promise (case_id) WHERE state = 'open' AND kind = 'answer_by';
COMMENT ON TABLE promises.promise IS 'what was said to happen, by when; it has one outcome, or is open';
COMMENT ON COLUMN promises.promise.case_id IS 'the case it was made in; whoever asks knows which cases were merged since';
COMMENT ON COLUMN promises.promise.address_id IS 'to whom: never re-owned; whose it is follows the address map';
COMMENT ON COLUMN promises.promise.owner_id IS 'the member who keeps it; NULL = whoever answers for the area';
COMMENT ON COLUMN promises.promise.said IS 'the words in which it was made';
COMMENT ON COLUMN promises.promise.basis IS 'what its due time was told by: the name of a calendar; empty = whoever made it said so';
COMMENT ON COLUMN promises.promise.breaks_at IS 'when it is broken unless kept: its due time, and a little later for a call';
COMMENT ON COLUMN promises.promise.settled_at IS 'when it got its outcome; done_at when what was promised happened, also where that was too late';
COMMENT ON COLUMN promises.promise.outcome IS 'in words, where somebody said any';
COMMENT ON COLUMN promises.promise.moved_from IS 'the promise in whose place this one stands; that one is moved';
