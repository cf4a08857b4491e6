-- Files brought in row by row; every row is known again for ever.
CREATE SCHEMA imports;

CREATE TABLE imports.import (
    id              uuid PRIMARY KEY,
    source_id       integer NOT NULL,
    target          text CHECK (target IN ('customers', 'orders', 'products', 'stock', 'places', 'events', 'messages')),
    file_name       text NOT NULL,
    file_bytes      bigint,
    file_hash       uuid,
    tables          jsonb NOT NULL DEFAULT '[]',
    options         jsonb NOT NULL DEFAULT '{}',
    state           text NOT NULL
                    CHECK (state IN ('receiving', 'reading', 'asking', 'ready', 'applying', 'done', 'failed', 'cancelled',
                                     'taking_back', 'taken_back')),
    fault           jsonb,
    preview         bytea,
    rows_total      bigint,
    rows_read       bigint NOT NULL DEFAULT 0,
    rows_new        bigint NOT NULL DEFAULT 0,
    rows_changed    bigint NOT NULL DEFAULT 0,
    rows_unchanged  bigint NOT NULL DEFAULT 0,
    rows_refused    bigint NOT NULL DEFAULT 0,
    rows_left_out   bigint NOT NULL DEFAULT 0,
    rows_gone       bigint NOT NULL DEFAULT 0,
    rows_joined     bigint NOT NULL DEFAULT 0,
    rows_taken      bigint NOT NULL DEFAULT 0,
    rows_to_take    bigint NOT NULL DEFAULT 0,
    told            jsonb NOT NULL DEFAULT '{}',
    is_stopping     boolean NOT NULL DEFAULT false,
    tries           smallint NOT NULL DEFAULT 0,
    made_by         text NOT NULL,
    made_at         timestamptz NOT NULL,
    heard_at        timestamptz,
    finished_at     timestamptz
);
CREATE UNIQUE INDEX import_working ON imports.import (source_id, target) WHERE state IN ('applying', 'taking_back');
COMMENT ON COLUMN imports.import.target IS 'NULL until it is guessed, where nobody said it';
COMMENT ON COLUMN imports.import.tables IS 'of each sheet of the file: where its rows are and what its columns hold';
COMMENT ON COLUMN imports.import.options IS 'whole list or additions, zone, currency, region';
COMMENT ON COLUMN imports.import.rows_read IS 'rows of the file that are done, in its order: where an interrupted import goes on';
COMMENT ON COLUMN imports.import.rows_taken IS 'taken back by now, of rows_to_take; an order is one';
COMMENT ON COLUMN imports.import.told IS 'how often each thing worth telling was met: code -> count';
COMMENT ON COLUMN imports.import.tries IS 'processes that began to work on it since it last got further; after three it is given up';
COMMENT ON COLUMN imports.import.preview IS 'sealed; forgotten when the import begins to write';
COMMENT ON COLUMN imports.import.heard_at IS 'the last sign of life of the process at work on it; NULL = some process is to begin';

CREATE TABLE imports.chunk (
    import_id  uuid NOT NULL REFERENCES imports.import,
    ordinal    integer NOT NULL,
    sealed     bytea NOT NULL,
    PRIMARY KEY (import_id, ordinal)
);
ALTER TABLE imports.chunk ALTER COLUMN sealed SET STORAGE EXTERNAL;
COMMENT ON TABLE imports.chunk IS 'the file itself, compressed and sealed, until a day after the import ended';

CREATE TABLE imports.row (
    key        uuid PRIMARY KEY,
    content    uuid NOT NULL,
    import_id  uuid NOT NULL,
    event_id   uuid,
    thing_id   uuid,
    gone_in    uuid,
    is_edit    boolean NOT NULL DEFAULT false
);
CREATE INDEX row_import ON imports.row (import_id);
CREATE INDEX row_thing ON imports.row (thing_id) WHERE thing_id IS NOT NULL;
CREATE INDEX row_gone ON imports.row (gone_in) WHERE gone_in IS NOT NULL;
COMMENT ON COLUMN imports.row.key IS 'digest of source, target and what names the row there; kept for ever';
COMMENT ON COLUMN imports.row.content IS 'digest of what the row says, by which a second saying is known to be nothing new';
COMMENT ON COLUMN imports.row.thing_id IS 'what the row is of: a customer''s address, a product, a place, a count of stock';
COMMENT ON COLUMN imports.row.gone_in IS 'the whole list it was missing from';
COMMENT ON COLUMN imports.row.is_edit IS 'what was edited in a sheet of ours: no row of any list, so never missing from one';

-- How rows stood before an import changed them: what taking it back restores.
CREATE TABLE imports.before (
    import_id      uuid NOT NULL,
    key            uuid NOT NULL,
    was_content    uuid NOT NULL,
    was_import_id  uuid NOT NULL,
    was_event_id   uuid,
    was_gone_in    uuid,
    PRIMARY KEY (import_id, key)
);
CREATE INDEX before_was ON imports.before (was_import_id);
CREATE INDEX before_key ON imports.before (key);

-- The rows a whole list named, while it is being brought in; those it did not name are gone.
CREATE TABLE imports.seen (
    import_id  uuid NOT NULL,
    key        uuid NOT NULL
);
CREATE INDEX seen_import ON imports.seen (import_id);

CREATE TABLE imports.refused (
    import_id  uuid NOT NULL REFERENCES imports.import,
    ordinal    bigint NOT NULL,
    sealed     bytea NOT NULL,
    PRIMARY KEY (import_id, ordinal)
);
COMMENT ON TABLE imports.refused IS 'rows that were not brought in, each with its reasons, sealed in blocks; forgotten after 30 days';

CREATE TABLE imports.mapping (
    source_id    integer NOT NULL,
    target       text NOT NULL,
    fingerprint  uuid NOT NULL,
    fields       jsonb NOT NULL,
    options      jsonb NOT NULL,
    said_at      timestamptz NOT NULL,
    PRIMARY KEY (source_id, target, fingerprint)
);
COMMENT ON COLUMN imports.mapping.fingerprint IS 'digest of the headers it is for';
COMMENT ON COLUMN imports.mapping.fields IS 'header -> field, or null for a column that is no field';
