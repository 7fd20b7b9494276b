-- A mapping's key, schema registry and tags. NULL: the caller gave none.

ALTER TABLE mappings ADD COLUMN kms_key_arn TEXT;
ALTER TABLE mappings ADD COLUMN schema_registry_uri TEXT;                  -- NULL: no registry, and nothing in the tables of its lists
ALTER TABLE mappings ADD COLUMN schema_registry_event_record_format TEXT;

CREATE TABLE mapping_schema_registry_access_configs (
    mapping_id TEXT    NOT NULL REFERENCES mappings (id) ON DELETE CASCADE,
    position   INTEGER NOT NULL,
    type       TEXT    NOT NULL,
    uri        TEXT    NOT NULL,
    PRIMARY KEY (mapping_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE mapping_schema_validation_configs (
    mapping_id TEXT    NOT NULL REFERENCES mappings (id) ON DELETE CASCADE,
    position   INTEGER NOT NULL,
    attribute  TEXT    NOT NULL,
    PRIMARY KEY (mapping_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE mapping_tags (
    mapping_id TEXT NOT NULL REFERENCES mappings (id) ON DELETE CASCADE,
    tag_key    TEXT NOT NULL,
    tag_value  TEXT NOT NULL,
    PRIMARY KEY (mapping_id, tag_key)
) STRICT, WITHOUT ROWID;
