-- The journal of deliveries, a database of its own: it may be deleted without losing anything else.
-- Instants are microseconds since 1970-01-01T00:00:00Z; columns ending in _nanos are durations in nanoseconds.

-- "Sluj": tells the journal from Sluice's other database and from those of other programs.
PRAGMA application_id = 0x536c756a;

CREATE TABLE deliveries (
    seq               INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, -- in the order in which they were first noted
    id                TEXT    NOT NULL UNIQUE,
    mapping_id        TEXT    NOT NULL,
    function_arn      TEXT    NOT NULL,
    function_name     TEXT    NOT NULL,
    replay_of         TEXT,
    state             TEXT    NOT NULL,
    first_seen        INTEGER NOT NULL,
    ended             INTEGER,
    records           TEXT    NOT NULL, -- a line for each partition: topic, partition, runs of offsets such as 5-9,11
    settled           TEXT    NOT NULL, -- a line for each group: fate, topic, partition, first and last offset, count
    attempts          INTEGER NOT NULL, -- how many there were; the table attempts has the first and the last ones
    last_result       TEXT,
    last_detail       TEXT,
    destination_error TEXT,
    sample            INTEGER NOT NULL CHECK (sample IN (0, 1)), -- a success that has its bodies
    bytes             INTEGER NOT NULL  -- about what all its rows take
) STRICT;

CREATE INDEX samples ON deliveries (seq) WHERE sample = 1;

CREATE TABLE attempts (
    delivery      INTEGER NOT NULL REFERENCES deliveries (seq) ON DELETE CASCADE,
    number        INTEGER NOT NULL,
    request_id    TEXT,
    started       INTEGER NOT NULL,
    took_nanos    INTEGER NOT NULL,
    kind          TEXT    NOT NULL,
    result        TEXT    NOT NULL,
    detail        TEXT    NOT NULL,
    records       INTEGER NOT NULL,
    event         TEXT,                 -- the key in the table events; NULL: not kept
    answer        BLOB,                 -- NULL: there was none, or it is not kept
    answer_length INTEGER,
    PRIMARY KEY (delivery, number)
) STRICT;

-- Attempts with the same records have the same event.
CREATE TABLE events (
    delivery INTEGER NOT NULL REFERENCES deliveries (seq) ON DELETE CASCADE,
    key      TEXT    NOT NULL,
    body     BLOB    NOT NULL,
    length   INTEGER NOT NULL,
    PRIMARY KEY (delivery, key)
) STRICT;
