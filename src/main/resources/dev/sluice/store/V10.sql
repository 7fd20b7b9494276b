-- Why and since when a mapping is Disabled without having been asked to be.
CREATE TABLE mapping_failures (
    mapping_id TEXT    PRIMARY KEY REFERENCES mappings (id) ON DELETE CASCADE,
    generation INTEGER NOT NULL,    -- of the mapping; one of an older generation is over
    since      INTEGER NOT NULL,    -- microseconds since 1970
    cause      TEXT    NOT NULL
) STRICT, WITHOUT ROWID;
