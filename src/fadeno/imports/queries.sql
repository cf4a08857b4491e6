-- name: add_import
-- One file handed in.
INSERT INTO imports.import
    (id, source_id, target, file_name, file_bytes, file_hash, tables, options, state, made_by, made_at, heard_at)
VALUES (%(id)s, %(source_id)s, %(target)s, %(file_name)s, %(file_bytes)s, %(file_hash)s, %(tables)s, %(options)s,
        'receiving', %(made_by)s, %(now)s, %(now)s)

-- name: one
-- One import with its source.
SELECT i.id, i.source_id, s.name AS source_name, coalesce(i.target, '') AS target, i.file_name, i.file_bytes, i.file_hash, i.tables, i.options,
       i.state, i.fault, i.rows_total, i.rows_read, i.rows_new, i.rows_changed, i.rows_unchanged, i.rows_refused,
       i.rows_left_out, i.rows_gone, i.rows_joined, i.told, i.is_stopping, i.made_by, i.made_at, i.heard_at,
       i.finished_at
FROM imports.import i JOIN sources.source s ON s.id = i.source_id
WHERE i.id = %(id)s

-- name: page
-- Imports, newest first.
SELECT i.id, i.source_id, s.name AS source_name, coalesce(i.target, '') AS target, i.file_name, i.file_bytes, i.file_hash, i.tables, i.options,
       i.state, i.fault, i.rows_total, i.rows_read, i.rows_new, i.rows_changed, i.rows_unchanged, i.rows_refused,
       i.rows_left_out, i.rows_gone, i.rows_joined, i.told, i.is_stopping, i.made_by, i.made_at, i.heard_at,
       i.finished_at
FROM imports.import i JOIN sources.source s ON s.id = i.source_id
WHERE %(before)s::uuid IS NULL OR i.id < %(before)s
ORDER BY i.id DESC
LIMIT %(limit)s

-- name: lock
-- Take one import against another hand; its state.
SELECT state, is_stopping, source_id, target, heard_at, rows_read FROM imports.import WHERE id = %(id)s FOR UPDATE

-- name: set_state
-- An import goes on to another state.
UPDATE imports.import
SET state = %(state)s, fault = %(fault)s, heard_at = %(now)s, is_stopping = false,
    finished_at = CASE WHEN %(is_over)s THEN %(now)s::timestamptz END
WHERE id = %(id)s

-- name: set_received
-- The whole file is here.
UPDATE imports.import SET state = 'reading', file_bytes = %(bytes)s, file_hash = %(hash)s, heard_at = %(heard_at)s
WHERE id = %(id)s

-- name: beat
-- A sign of life of who works on an import.
UPDATE imports.import SET heard_at = %(now)s WHERE id = %(id)s

-- name: wanted
-- Imports some process is to work on: handed over just now, or left by one that died; they count as heard of now.
UPDATE imports.import SET heard_at = %(now)s, tries = tries + 1
WHERE id IN (
    SELECT id FROM imports.import
    WHERE state IN ('reading', 'applying', 'taking_back') AND (heard_at IS NULL OR heard_at < %(dead)s)
    ORDER BY id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
)
RETURNING id

-- name: give_up
-- Imports whose processes died so often without getting further.
UPDATE imports.import SET state = 'failed', fault = %(fault)s, finished_at = %(now)s
WHERE state IN ('reading', 'applying', 'taking_back') AND tries >= %(most)s
  AND (heard_at IS NULL OR heard_at < %(dead)s)

-- name: give_over
-- Some process is to work on an import.
UPDATE imports.import SET heard_at = NULL, tries = 0 WHERE id = %(id)s

-- name: leave
-- Whoever worked on an import is gone: another is to do it at once, if it is not done.
UPDATE imports.import
SET heard_at = NULL, tries = CASE WHEN %(is_orderly)s THEN greatest(tries - 1, 0) ELSE tries END
WHERE id = %(id)s AND state IN ('reading', 'applying', 'taking_back')

-- name: fail_unreceived
-- Uploads that broke off.
UPDATE imports.import SET state = 'failed', finished_at = %(now)s,
    fault = '{"code": "import_broken_off", "message": "The file did not arrive whole.", "hint": "Send it again.",
              "word": "import_broken_off", "values": {}}'
WHERE state = 'receiving' AND heard_at < %(before)s

-- name: untouched
-- Imports nobody went on with for long, taken.
SELECT id FROM imports.import
WHERE state IN ('reading', 'ready', 'asking') AND heard_at < %(before)s
ORDER BY id LIMIT %(limit)s FOR UPDATE SKIP LOCKED

-- name: begin_anew
-- The counts begin at nothing, as the file is now to be written and not only looked at.
UPDATE imports.import
SET rows_read = 0, rows_new = 0, rows_changed = 0, rows_unchanged = 0, rows_refused = 0, rows_left_out = 0,
    rows_gone = 0, rows_joined = 0, told = '{}', preview = NULL
WHERE id = %(id)s

-- name: set_understood
-- How the file is understood.
UPDATE imports.import SET target = %(target)s, tables = %(tables)s, options = %(options)s WHERE id = %(id)s

-- name: set_options
-- How somebody says a file is to be understood; it is looked at anew.
UPDATE imports.import SET target = %(target)s, options = %(options)s WHERE id = %(id)s

-- name: set_preview
-- What would happen, as found by reading the whole file.
UPDATE imports.import SET preview = %(preview)s, rows_total = %(total)s WHERE id = %(id)s

-- name: preview
-- What would happen, sealed.
SELECT preview FROM imports.import WHERE id = %(id)s

-- name: advance
-- Some rows more are done; whether the import is to stop.
UPDATE imports.import
SET rows_read = %(read)s, rows_new = rows_new + %(new)s, rows_changed = rows_changed + %(changed)s,
    rows_unchanged = rows_unchanged + %(unchanged)s, rows_refused = rows_refused + %(refused)s,
    rows_left_out = rows_left_out + %(left_out)s, rows_gone = rows_gone + %(gone)s,
    rows_joined = rows_joined + %(joined)s, heard_at = %(now)s,
    tries = CASE WHEN state = 'applying' THEN 0 ELSE tries END,
    told = CASE WHEN %(told)s::jsonb = '{}' THEN told ELSE (
        SELECT jsonb_object_agg(key, n) FROM (
            SELECT key, sum(value::bigint) AS n
            FROM (SELECT key, value FROM jsonb_each_text(told) UNION ALL SELECT key, value FROM jsonb_each_text(%(told)s::jsonb)) b
            GROUP BY key
        ) x
    ) END
WHERE id = %(id)s

-- name: stop
-- Ask who works on an import to stop.
UPDATE imports.import SET is_stopping = true WHERE id = %(id)s

-- name: add_chunk
-- A piece of the file.
INSERT INTO imports.chunk (import_id, ordinal, sealed) VALUES (%(id)s, %(ordinal)s, %(sealed)s)

-- name: chunk
-- A piece of the file.
SELECT sealed FROM imports.chunk WHERE import_id = %(id)s AND ordinal = %(ordinal)s

-- name: drop_chunks
-- Files of imports that ended long enough ago.
DELETE FROM imports.chunk c USING imports.import i
WHERE i.id = c.import_id AND i.state IN ('done', 'cancelled', 'failed', 'taken_back') AND i.finished_at < %(before)s

-- name: drop_refused
-- Refused rows nobody asked for in time.
DELETE FROM imports.refused r USING imports.import i
WHERE i.id = r.import_id AND i.finished_at < %(before)s

-- name: known
-- Rows known by their keys.
SELECT key, content, import_id, event_id, gone_in FROM imports.row WHERE key = ANY(%(keys)s::uuid[])

-- name: change_rows
-- Rows that say something else now; how they stood is kept.
WITH new AS (
    SELECT n.key, n.content, n.event_id, n.thing_id
    FROM unnest(%(keys)s::uuid[], %(contents)s::uuid[], %(event_ids)s::uuid[], %(thing_ids)s::uuid[])
        AS n (key, content, event_id, thing_id)
), kept AS (
    INSERT INTO imports.before (import_id, key, was_content, was_import_id, was_event_id, was_gone_in)
    SELECT %(import_id)s, r.key, r.content, r.import_id, r.event_id, r.gone_in
    FROM new JOIN imports.row r ON r.key = new.key
    WHERE r.import_id <> %(import_id)s
    ON CONFLICT (import_id, key) DO NOTHING
)
UPDATE imports.row r
SET content = new.content, event_id = new.event_id, thing_id = coalesce(new.thing_id, r.thing_id),
    import_id = %(import_id)s, gone_in = NULL
FROM new WHERE r.key = new.key

-- name: mark_edits
-- Rows that were edited in a sheet of ours: they stand in no list.
UPDATE imports.row SET is_edit = true WHERE key = ANY(%(keys)s::uuid[])

-- name: gone_things
-- Those of these things that some whole list named once and no list of the same source names any more; which source.
SELECT r.thing_id, i.source_id
FROM imports.row r JOIN imports.import i ON i.id = r.import_id
WHERE r.thing_id = ANY(%(ids)s::uuid[]) AND NOT r.is_edit
GROUP BY r.thing_id, i.source_id
HAVING bool_and(r.gone_in IS NOT NULL)

-- name: gone_customers
-- The same of customers: those of whom all rows of a source are gone.
SELECT g.customer_id AS thing_id, i.source_id
FROM customers.grouping g
JOIN imports.row r ON r.thing_id = g.address_id
JOIN imports.import i ON i.id = r.import_id
WHERE g.customer_id = ANY(%(ids)s::uuid[]) AND NOT r.is_edit
GROUP BY g.customer_id, i.source_id
HAVING bool_and(r.gone_in IS NOT NULL)

-- name: mark_gone
-- Some rows of a source that its whole list did not name.
WITH gone AS (
    SELECT r.key FROM imports.import i JOIN imports.row r ON r.import_id = i.id
    WHERE i.source_id = %(source_id)s AND i.target = %(target)s AND r.gone_in IS NULL AND NOT r.is_edit
      AND NOT EXISTS (SELECT FROM imports.seen s WHERE s.import_id = %(import_id)s AND s.key = r.key)
    LIMIT %(limit)s
)
UPDATE imports.row r SET gone_in = %(import_id)s FROM gone WHERE r.key = gone.key

-- name: count_gone
-- How many rows of a source its whole list does not name.
SELECT count(*) FROM imports.import i JOIN imports.row r ON r.import_id = i.id
WHERE i.source_id = %(source_id)s AND i.target = %(target)s AND r.gone_in IS NULL AND NOT r.is_edit
  AND NOT EXISTS (SELECT FROM imports.seen s WHERE s.import_id = %(import_id)s AND s.key = r.key)

-- name: forget_seen
-- Which rows a whole list named is needed no more.
DELETE FROM imports.seen WHERE import_id = %(import_id)s

-- name: add_refused
-- A block of rows that are not brought in.
INSERT INTO imports.refused (import_id, ordinal, sealed) VALUES (%(id)s, %(ordinal)s, %(sealed)s)
ON CONFLICT (import_id, ordinal) DO NOTHING

-- name: drop_all_refused
-- The refused rows of one import, as it is read again.
DELETE FROM imports.refused WHERE import_id = %(id)s

-- name: refused
-- The next block of refused rows.
SELECT ordinal, sealed FROM imports.refused WHERE import_id = %(id)s AND ordinal > %(after)s ORDER BY ordinal LIMIT 1

-- name: held_after
-- The next imports, with what was seen of their files.
SELECT id, tables, preview FROM imports.import
WHERE %(after)s::uuid IS NULL OR id > %(after)s
ORDER BY id
LIMIT %(limit)s

-- name: put_out_of_sight
-- No cell of a file is shown any more.
UPDATE imports.import SET tables = %(tables)s, preview = NULL WHERE id = %(id)s

-- name: put_refused
-- A block of refused rows, some of them gone.
UPDATE imports.refused SET sealed = %(sealed)s WHERE import_id = %(id)s AND ordinal = %(ordinal)s

-- name: mapping
-- What was said last of a file with these headers, of one kind or of any.
SELECT target, fields FROM imports.mapping
WHERE source_id = %(source_id)s AND fingerprint = %(fingerprint)s AND (%(target)s = '' OR target = %(target)s)
ORDER BY said_at DESC LIMIT 1

-- name: options_said
-- What was said of the last file of a source beside its columns.
SELECT options FROM imports.mapping WHERE source_id = %(source_id)s ORDER BY said_at DESC LIMIT 1

-- name: keep_mapping
-- Remember how a file with these headers is understood.
INSERT INTO imports.mapping (source_id, target, fingerprint, fields, options, said_at)
VALUES (%(source_id)s, %(target)s, %(fingerprint)s, %(fields)s, %(options)s, %(now)s)
ON CONFLICT (source_id, target, fingerprint) DO UPDATE
SET fields = excluded.fields, options = excluded.options, said_at = excluded.said_at

-- name: others_at_work
-- Whether another file of the same source and kind is being brought in or taken back.
SELECT EXISTS (SELECT FROM imports.import
               WHERE source_id = %(source_id)s AND target = %(target)s AND id <> %(id)s
                 AND state IN ('applying', 'taking_back'))

-- name: take_work
-- Try to be the one who works on an import.
SELECT pg_try_advisory_lock(%(lock)s)

-- name: leave_work
-- Work on an import no more.
SELECT pg_advisory_unlock(%(lock)s)

-- name: count_to_take_back
-- Count the rows that are to be taken back, with those that are.
UPDATE imports.import
SET rows_to_take = rows_taken + (SELECT count(*) FROM imports.row WHERE import_id = %(id)s)
                 + (SELECT count(*) FROM imports.before WHERE was_import_id = %(id)s)
WHERE id = %(id)s

-- name: count_taken
-- Some rows more are taken back.
UPDATE imports.import SET rows_taken = rows_taken + %(rows)s WHERE id = %(id)s

-- name: taken_so_far
-- How many rows are taken back, of how many.
SELECT rows_taken AS done, rows_to_take AS total FROM imports.import WHERE id = %(id)s

-- name: rows_to_take_back
-- Some rows an import was the last to say, with how they stood before it.
SELECT r.key, r.event_id, b.key IS NOT NULL AS was_known, b.was_event_id
FROM imports.row r LEFT JOIN imports.before b ON b.import_id = r.import_id AND b.key = r.key
WHERE r.import_id = %(id)s
ORDER BY r.key
LIMIT %(limit)s
FOR UPDATE OF r

-- name: put_rows_back
-- Rows stand again as they stood before an import.
WITH was AS (
    DELETE FROM imports.before WHERE import_id = %(id)s AND key = ANY(%(keys)s::uuid[])
    RETURNING key, was_content, was_import_id, was_event_id, was_gone_in
)
UPDATE imports.row r
SET content = was.was_content, import_id = was.was_import_id, event_id = was.was_event_id, gone_in = was.was_gone_in
FROM was WHERE r.key = was.key

-- name: drop_rows
-- Rows nobody else ever said.
DELETE FROM imports.row WHERE key = ANY(%(keys)s::uuid[])

-- name: overwritten_to_take_back
-- Some rows an import said and a later one said anew.
SELECT b.import_id, b.key, b.was_event_id AS event_id
FROM imports.before b WHERE b.was_import_id = %(id)s
ORDER BY b.key, b.import_id
LIMIT %(limit)s
FOR UPDATE

-- name: splice
-- What stood before an import stands now before the later ones that overwrote it; or nothing did.
WITH mine AS (
    DELETE FROM imports.before WHERE import_id = %(id)s AND key = ANY(%(keys)s::uuid[])
    RETURNING key, was_content, was_import_id, was_event_id, was_gone_in
), spliced AS (
    UPDATE imports.before b
    SET was_content = m.was_content, was_import_id = m.was_import_id, was_event_id = m.was_event_id,
        was_gone_in = m.was_gone_in
    FROM mine m WHERE b.was_import_id = %(id)s AND b.key = m.key
)
DELETE FROM imports.before b
WHERE b.was_import_id = %(id)s AND b.key = ANY(%(keys)s::uuid[])
  AND NOT EXISTS (SELECT FROM mine m WHERE m.key = b.key)

-- name: unmark_gone
-- Rows an import found missing from its whole list.
UPDATE imports.row SET gone_in = NULL WHERE gone_in = %(id)s

-- name: unmark_gone_before
-- The same of rows that came back since.
UPDATE imports.before SET was_gone_in = NULL WHERE was_gone_in = %(id)s
