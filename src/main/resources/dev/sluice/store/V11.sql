-- The members of a function's settings that have an effect here were JSON in function_version_members; now they are values.

ALTER TABLE function_versions ADD COLUMN log_format TEXT;            -- TEXT, JSON; NULL, here and below: not said
ALTER TABLE function_versions ADD COLUMN application_log_level TEXT;
ALTER TABLE function_versions ADD COLUMN system_log_level TEXT;
ALTER TABLE function_versions ADD COLUMN log_group TEXT;
ALTER TABLE function_versions ADD COLUMN snap_start TEXT NOT NULL DEFAULT 'NONE'; -- NONE, PUBLISHED_VERSIONS

CREATE TABLE function_version_layers (
    version_id INTEGER NOT NULL REFERENCES function_versions (id) ON DELETE CASCADE,
    position   INTEGER NOT NULL,    -- the lowest layer first
    arn        TEXT    NOT NULL,
    PRIMARY KEY (version_id, position)
) STRICT, WITHOUT ROWID;

UPDATE function_versions
SET (log_format, application_log_level, system_log_level, log_group) = (
    SELECT upper(json ->> 'LogFormat'), json ->> 'ApplicationLogLevel', json ->> 'SystemLogLevel', json ->> 'LogGroup'
    FROM function_version_members WHERE version_id = function_versions.id AND name = 'LoggingConfig')
WHERE id IN (SELECT version_id FROM function_version_members WHERE name = 'LoggingConfig');

UPDATE function_versions SET snap_start = 'PUBLISHED_VERSIONS'
WHERE id IN (SELECT version_id FROM function_version_members
             WHERE name = 'SnapStart' AND json ->> 'ApplyOn' = 'PublishedVersions');

INSERT INTO function_version_layers (version_id, position, arn)
SELECT members.version_id, layer.key, layer.value
FROM function_version_members AS members, json_each(members.json) AS layer WHERE members.name = 'Layers';

DELETE FROM function_version_members WHERE name IN ('Layers', 'LoggingConfig', 'SnapStart');
