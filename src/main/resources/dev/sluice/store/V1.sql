-- Instants are microseconds since 1970-01-01T00:00:00Z; columns ending in _nanos are durations in nanoseconds.
-- Lists keep their order in the column position, counted from 0.

-- "Sluc": tells a database of Sluice from that of another program.
PRAGMA application_id = 0x536c7563;

CREATE TABLE mappings (
    id                             TEXT    NOT NULL PRIMARY KEY, -- the UUID
    account_id                     TEXT    NOT NULL,
    region                         TEXT    NOT NULL,
    created                        INTEGER NOT NULL,
    event_source_arn               TEXT,                         -- NULL: self-managed, see mapping_bootstrap_servers
    starting_position              TEXT    NOT NULL,
    starting_position_timestamp    INTEGER,
    consumer_group_id              TEXT    NOT NULL,
    function_account_id            TEXT    NOT NULL,
    function_region                TEXT    NOT NULL,
    function_name                  TEXT    NOT NULL,
    function_qualifier             TEXT,                         -- NULL: the caller gave none
    batch_size                     INTEGER NOT NULL,
    maximum_batching_window_nanos  INTEGER,                      -- NULL: the caller gave none
    state                          TEXT    NOT NULL,
    reason                         TEXT    NOT NULL,
    last_processing_result         TEXT    NOT NULL,
    last_modified                  INTEGER NOT NULL,
    generation                     INTEGER NOT NULL,
    starting_position_applied      INTEGER NOT NULL CHECK (starting_position_applied IN (0, 1))
) STRICT;

CREATE INDEX mappings_in_order ON mappings (created, id);

CREATE TABLE mapping_topics (
    mapping_id TEXT    NOT NULL REFERENCES mappings (id) ON DELETE CASCADE,
    position   INTEGER NOT NULL,
    topic      TEXT    NOT NULL,
    PRIMARY KEY (mapping_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE mapping_bootstrap_servers (
    mapping_id       TEXT    NOT NULL REFERENCES mappings (id) ON DELETE CASCADE,
    position         INTEGER NOT NULL,
    bootstrap_server TEXT    NOT NULL,
    PRIMARY KEY (mapping_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE mapping_source_access_configurations (
    mapping_id TEXT    NOT NULL REFERENCES mappings (id) ON DELETE CASCADE,
    position   INTEGER NOT NULL,
    type       TEXT    NOT NULL,
    uri        TEXT    NOT NULL,
    PRIMARY KEY (mapping_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE functions (
    id               INTEGER NOT NULL PRIMARY KEY,
    name             TEXT    NOT NULL,
    account_id       TEXT,                            -- account and region NULL: seen from all of them
    region           TEXT,
    origin           TEXT    NOT NULL,
    archive_sha256   TEXT,                            -- the code is an archive, a local JAR or a URL: what it is not is NULL
    archive_size     INTEGER,
    jar_path         TEXT,
    url              TEXT,
    runtime_emulator INTEGER,
    runtime          TEXT,
    handler          TEXT,
    role             TEXT,
    description      TEXT    NOT NULL,
    timeout_nanos    INTEGER NOT NULL,
    memory_mb        INTEGER NOT NULL,
    last_modified    INTEGER NOT NULL,
    revision_id      TEXT    NOT NULL,
    CHECK ((account_id IS NULL) = (region IS NULL))
) STRICT;

-- ifnull, because a unique index takes every NULL for another value.
CREATE UNIQUE INDEX functions_key ON functions (name, ifnull(account_id, ''), ifnull(region, ''));

CREATE TABLE function_environment (
    function_id INTEGER NOT NULL REFERENCES functions (id) ON DELETE CASCADE,
    name        TEXT    NOT NULL,
    value       TEXT    NOT NULL,
    PRIMARY KEY (function_id, name)
) STRICT, WITHOUT ROWID;

-- Which mapping came from which declaration of the config file; the mapping may be gone since.
CREATE TABLE declarations (
    name       TEXT NOT NULL PRIMARY KEY,
    text       TEXT NOT NULL,
    mapping_id TEXT NOT NULL
) STRICT;
