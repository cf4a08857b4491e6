-- Attachments: which files there are, who uses them. The bytes lie on a shelf outside the database.
CREATE SCHEMA files;

CREATE TABLE files.file (
    hash             bytea PRIMARY KEY,
    key              text NOT NULL UNIQUE,
    size_bytes       bigint NOT NULL,
    media_type       text NOT NULL,
    made_at          timestamptz NOT NULL,
    thumbnail_state  text NOT NULL DEFAULT 'none' CHECK (thumbnail_state IN ('none', 'asked', 'made', 'impossible')),
    thumbnail_key    text NOT NULL DEFAULT '',
    width            integer,
    height           integer
);
CREATE INDEX file_thumbnail ON files.file (thumbnail_key) WHERE thumbnail_key <> '';
COMMENT ON COLUMN files.file.hash IS 'SHA-256 of the content: the same file is kept once';
COMMENT ON COLUMN files.file.key IS 'where the bytes lie on the shelf; never used again for others';
COMMENT ON COLUMN files.file.media_type IS 'by its content, not by what the sender said';

CREATE TABLE files.use (
    id          uuid PRIMARY KEY,
    hash        bytea NOT NULL REFERENCES files.file,
    room        text NOT NULL,
    object_id   uuid NOT NULL,
    name        text NOT NULL,
    content_id  text NOT NULL DEFAULT '',
    made_at     timestamptz NOT NULL
);
CREATE INDEX use_object ON files.use (room, object_id);
CREATE INDEX use_hash ON files.use (hash);
CREATE INDEX use_waiting ON files.use (made_at) WHERE room = 'waiting';
COMMENT ON COLUMN files.use.room IS 'whose object it is attached to; waiting = a member or visitor has brought it and not sent it yet';
