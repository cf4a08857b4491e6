-- name: all_sources
-- Every source, by name.
SELECT id, name, kind, region, enabled, mapping, rhythm_s, created_at FROM sources.source ORDER BY name

-- name: get
-- One source by its number.
SELECT id, name, kind, region, enabled, mapping, rhythm_s, created_at FROM sources.source WHERE id = %(id)s

-- name: by_name
-- One source by its name.
SELECT id, name, kind, region, enabled, mapping, rhythm_s, created_at FROM sources.source WHERE name = %(name)s

-- name: create
-- A new source, unless the name is taken.
INSERT INTO sources.source (name, kind, region, mapping, rhythm_s, created_at)
VALUES (%(name)s, %(kind)s, %(region)s, %(mapping)s, %(rhythm_s)s, %(now)s)
ON CONFLICT (name) DO NOTHING
RETURNING id, name, kind, region, enabled, mapping, rhythm_s, created_at

-- name: change
-- New settings of a source.
UPDATE sources.source
SET kind = %(kind)s, region = %(region)s, enabled = %(enabled)s, mapping = %(mapping)s, rhythm_s = %(rhythm_s)s
WHERE id = %(id)s
