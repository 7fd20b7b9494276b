-- A type of source access may need no URI (IAM_AUTH). SQLite can't take a NOT NULL away.

CREATE TABLE mapping_source_access_configurations_new (
    mapping_id TEXT    NOT NULL REFERENCES mappings (id) ON DELETE CASCADE,
    position   INTEGER NOT NULL,
    type       TEXT    NOT NULL,
    uri        TEXT,                -- NULL: not said
    PRIMARY KEY (mapping_id, position)
) STRICT, WITHOUT ROWID;

INSERT INTO mapping_source_access_configurations_new SELECT * FROM mapping_source_access_configurations;
DROP TABLE mapping_source_access_configurations;
ALTER TABLE mapping_source_access_configurations_new RENAME TO mapping_source_access_configurations;
