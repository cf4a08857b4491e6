-- name: keep_file
-- Name a file, or find the one with the same content; its key, which is another's where it was there.
INSERT INTO files.file (hash, key, size_bytes, media_type, made_at)
VALUES (%(hash)s, %(key)s, %(size_bytes)s, %(media_type)s, %(now)s)
ON CONFLICT (hash) DO UPDATE SET hash = excluded.hash
RETURNING key, thumbnail_state

-- name: add_use
-- Say who uses a file.
INSERT INTO files.use (id, hash, room, object_id, name, content_id, made_at)
VALUES (%(id)s, %(hash)s, %(room)s, %(object_id)s, %(name)s, %(content_id)s, %(now)s)

-- name: hand_over
-- Give uses to another object; those that were there.
UPDATE files.use SET room = %(room)s, object_id = %(object_id)s
WHERE id = ANY(%(ids)s) AND room = %(from_room)s AND object_id = %(from_id)s
RETURNING id

-- name: attachment
-- One use with its file.
SELECT u.id, u.room, u.object_id, f.hash, f.key, u.name, f.size_bytes, f.media_type, u.content_id, f.thumbnail_key,
       f.width, f.height, u.made_at
FROM files.use u JOIN files.file f USING (hash) WHERE u.id = %(id)s

-- name: attachments
-- What some objects of a room have attached, in the order it was.
SELECT u.id, u.room, u.object_id, f.hash, f.key, u.name, f.size_bytes, f.media_type, u.content_id, f.thumbnail_key,
       f.width, f.height, u.made_at
FROM files.use u JOIN files.file f USING (hash)
WHERE u.room = %(room)s AND u.object_id = ANY(%(object_ids)s) ORDER BY u.object_id, u.id

-- name: drop_uses
-- Take uses of some objects away; the files they were of.
DELETE FROM files.use WHERE room = %(room)s AND object_id = ANY(%(object_ids)s) RETURNING hash

-- name: drop_old_uses
-- Take away uses of a room from before a time, some at a time; the files they were of.
DELETE FROM files.use WHERE id IN (
    SELECT id FROM files.use WHERE room = %(room)s AND made_at < %(before)s ORDER BY made_at LIMIT %(limit)s
) RETURNING hash

-- name: lock_files
-- Hold these files, so that who names one of them meanwhile waits.
SELECT hash FROM files.file WHERE hash = ANY(%(hashes)s) ORDER BY hash FOR UPDATE

-- name: drop_unused
-- Take away those of these files nobody uses; where their bytes lie.
DELETE FROM files.file f
WHERE f.hash = ANY(%(hashes)s) AND NOT EXISTS (SELECT FROM files.use u WHERE u.hash = f.hash)
RETURNING f.key, f.thumbnail_key

-- name: file_key
-- Where the bytes of a file lie.
SELECT key FROM files.file WHERE hash = %(hash)s

-- name: note_thumbnail
-- Say where the small picture of a file lies, or that there can be none.
UPDATE files.file SET thumbnail_state = %(state)s, thumbnail_key = %(key)s, width = %(width)s, height = %(height)s
WHERE hash = %(hash)s

-- name: ask_thumbnail
-- Say that a small picture is being made.
UPDATE files.file SET thumbnail_state = 'asked' WHERE hash = %(hash)s

-- name: known_keys
-- Which of these keys belong to a file.
SELECT key FROM files.file WHERE key = ANY(%(keys)s)
UNION ALL SELECT thumbnail_key FROM files.file WHERE thumbnail_key = ANY(%(keys)s)

-- name: unused
-- Files nobody uses, which must not be.
SELECT f.hash FROM files.file f WHERE NOT EXISTS (SELECT FROM files.use u WHERE u.hash = f.hash) LIMIT %(limit)s

-- name: count_files
-- How many files there are.
SELECT count(*) FROM files.file
