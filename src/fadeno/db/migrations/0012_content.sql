-- What the company says: opening hours, texts, saved answers.
CREATE SCHEMA content;

CREATE TABLE content.calendar (
    id                 uuid PRIMARY KEY,
    name               text NOT NULL UNIQUE,
    place_id           uuid UNIQUE,
    hours              text,
    zone               text,
    country            text,
    region             text NOT NULL DEFAULT '',
    on_holidays        text NOT NULL,
    special_days       jsonb NOT NULL DEFAULT '[]',
    answer_within_min  integer NOT NULL CHECK (answer_within_min >= 0),
    is_main            boolean NOT NULL DEFAULT false,
    changed_at         timestamptz NOT NULL,
    CHECK (place_id IS NOT NULL OR (hours IS NOT NULL AND zone IS NOT NULL AND country IS NOT NULL))
);
CREATE UNIQUE INDEX calendar_main ON content.calendar (is_main) WHERE is_main;
COMMENT ON COLUMN content.calendar.place_id IS 'the place whose calendar it is; what is NULL here is as its source says';
COMMENT ON COLUMN content.calendar.special_days IS '[{from_on, to_on, hours, name}], the later one goes before the earlier';
COMMENT ON COLUMN content.calendar.is_main IS 'it holds where no other is named';

CREATE TABLE content.saved_answer (
    id          uuid PRIMARY KEY,
    shortcut    text NOT NULL,
    name        text NOT NULL,
    owner_id    uuid,
    areas       text[] NOT NULL DEFAULT '{}',
    texts       jsonb NOT NULL,
    version     integer NOT NULL,
    use_count   bigint NOT NULL DEFAULT 0,
    used_at     timestamptz,
    changed_at  timestamptz NOT NULL,
    removed_at  timestamptz
);
CREATE UNIQUE INDEX saved_answer_shortcut ON content.saved_answer (shortcut, owner_id) NULLS NOT DISTINCT
    WHERE removed_at IS NULL;
COMMENT ON COLUMN content.saved_answer.owner_id IS 'the member whose own it is; NULL = everybody''s';
COMMENT ON COLUMN content.saved_answer.areas IS 'the areas it is for; empty = all';
COMMENT ON COLUMN content.saved_answer.texts IS 'language tag -> text';

-- What a saved answer said before, so that one knows what a customer was told.
CREATE TABLE content.answer_version (
    answer_id  uuid NOT NULL REFERENCES content.saved_answer,
    version    integer NOT NULL,
    name       text NOT NULL,
    texts      jsonb NOT NULL,
    said_by    text NOT NULL,
    said_at    timestamptz NOT NULL,
    PRIMARY KEY (answer_id, version)
);

-- What fadeno says by itself; where nothing is kept, its own words.
CREATE TABLE content.text (
    id           uuid PRIMARY KEY,
    kind         text NOT NULL CHECK (kind IN ('greeting', 'away', 'holiday', 'rating')),
    channel      text NOT NULL DEFAULT '',
    calendar_id  uuid REFERENCES content.calendar ON DELETE CASCADE,
    texts        jsonb NOT NULL,
    version      integer NOT NULL,
    changed_at   timestamptz NOT NULL
);
CREATE UNIQUE INDEX text_place ON content.text (kind, channel, calendar_id) NULLS NOT DISTINCT;
COMMENT ON COLUMN content.text.channel IS 'the channel it is for; empty = every one without its own';
COMMENT ON COLUMN content.text.calendar_id IS 'whose place or team says it; NULL = every one without its own';
COMMENT ON COLUMN content.text.texts IS 'language tag -> text; none = fadeno''s own words';

-- What such a text said, and since when, so that one knows what a customer was told.
CREATE TABLE content.text_version (
    text_id  uuid NOT NULL REFERENCES content.text ON DELETE CASCADE,
    version  integer NOT NULL,
    texts    jsonb NOT NULL,
    said_by  text NOT NULL,
    said_at  timestamptz NOT NULL,
    PRIMARY KEY (text_id, version)
);
