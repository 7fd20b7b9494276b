-- Versions, aliases, tags and reserved concurrency of functions. What was a function's own becomes its version $LATEST.

CREATE TABLE function_versions (
    id               INTEGER NOT NULL PRIMARY KEY,
    function_id      INTEGER NOT NULL REFERENCES functions (id) ON DELETE CASCADE,
    version          TEXT    NOT NULL,                -- $LATEST or a number
    archive_sha256   TEXT,                            -- the code is an archive, a local JAR, a URL or an image: the rest is NULL
    archive_size     INTEGER,
    jar_path         TEXT,
    url              TEXT,
    runtime_emulator INTEGER,
    image_uri        TEXT,
    runtime          TEXT,
    handler          TEXT,
    role             TEXT,
    description      TEXT    NOT NULL,
    timeout_nanos    INTEGER NOT NULL,
    memory_mb        INTEGER NOT NULL,
    last_modified    INTEGER NOT NULL,
    revision_id      TEXT    NOT NULL,
    UNIQUE (function_id, version)
) STRICT;

INSERT INTO function_versions
SELECT id, id, '$LATEST', archive_sha256, archive_size, jar_path, url, runtime_emulator, NULL, runtime, handler, role, description,
       timeout_nanos, memory_mb, last_modified, revision_id
FROM functions;

CREATE TABLE function_version_environment (
    version_id INTEGER NOT NULL REFERENCES function_versions (id) ON DELETE CASCADE,
    name       TEXT    NOT NULL,
    value      TEXT    NOT NULL,
    PRIMARY KEY (version_id, name)
) STRICT, WITHOUT ROWID;

INSERT INTO function_version_environment SELECT function_id, name, value FROM function_environment;

DROP TABLE function_environment;

-- What a request said of members without a column, as JSON.
CREATE TABLE function_version_members (
    version_id INTEGER NOT NULL REFERENCES function_versions (id) ON DELETE CASCADE,
    name       TEXT    NOT NULL,
    json       TEXT    NOT NULL,
    PRIMARY KEY (version_id, name)
) STRICT, WITHOUT ROWID;

ALTER TABLE functions DROP COLUMN archive_sha256;
ALTER TABLE functions DROP COLUMN archive_size;
ALTER TABLE functions DROP COLUMN jar_path;
ALTER TABLE functions DROP COLUMN url;
ALTER TABLE functions DROP COLUMN runtime_emulator;
ALTER TABLE functions DROP COLUMN runtime;
ALTER TABLE functions DROP COLUMN handler;
ALTER TABLE functions DROP COLUMN role;
ALTER TABLE functions DROP COLUMN description;
ALTER TABLE functions DROP COLUMN timeout_nanos;
ALTER TABLE functions DROP COLUMN memory_mb;
ALTER TABLE functions DROP COLUMN last_modified;
ALTER TABLE functions DROP COLUMN revision_id;
ALTER TABLE functions ADD COLUMN last_version INTEGER NOT NULL DEFAULT 0; -- the newest number that was ever published
ALTER TABLE functions ADD COLUMN reserved_concurrency INTEGER;

CREATE TABLE function_aliases (
    function_id INTEGER NOT NULL REFERENCES functions (id) ON DELETE CASCADE,
    name        TEXT    NOT NULL,
    version     TEXT    NOT NULL,
    description TEXT    NOT NULL,
    revision_id TEXT    NOT NULL,
    PRIMARY KEY (function_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE function_alias_weights (
    function_id INTEGER NOT NULL,
    alias       TEXT    NOT NULL,
    version     TEXT    NOT NULL,
    weight      REAL    NOT NULL,
    PRIMARY KEY (function_id, alias, version),
    FOREIGN KEY (function_id, alias) REFERENCES function_aliases (function_id, name) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE function_tags (
    function_id INTEGER NOT NULL REFERENCES functions (id) ON DELETE CASCADE,
    name        TEXT    NOT NULL,
    value       TEXT    NOT NULL,
    PRIMARY KEY (function_id, name)
) STRICT, WITHOUT ROWID;
