-- Systems we read from.
CREATE SCHEMA sources;

CREATE TABLE sources.source (
    id          integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name        text NOT NULL UNIQUE CHECK (name ~ '^[a-z0-9][a-z0-9_-]{0,62}$'),
    kind        text NOT NULL DEFAULT 'server' CHECK (kind IN ('server', 'browser')),
    region      text NOT NULL DEFAULT 'ZZ' CHECK (region ~ '^[A-Z]{2}$'),
    enabled     boolean NOT NULL DEFAULT true,
    mapping     jsonb NOT NULL DEFAULT '{}',
    rhythm_s    integer CHECK (rhythm_s > 0),
    created_at  timestamptz NOT NULL
);
COMMENT ON COLUMN sources.source.kind IS 'browser: its key is public, so what it claims of people proves less';
COMMENT ON COLUMN sources.source.region IS 'country whose dialling rules its phone numbers follow; ZZ = numbers must be international';
COMMENT ON COLUMN sources.source.mapping IS 'path in the event -> address kind or field, applied before reading';
COMMENT ON COLUMN sources.source.rhythm_s IS 'how often something is expected from it; NULL = no expectation';
