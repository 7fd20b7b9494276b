-- Functions whose code runs in a process, in the directory in which it is written, and those whose processes attach themselves.

ALTER TABLE function_versions ADD COLUMN directory TEXT;                      -- where the process runs; NULL: the code is no such directory
ALTER TABLE function_versions ADD COLUMN attached INTEGER NOT NULL DEFAULT 0; -- 1: the code is in processes that others start

-- None of a function with a directory: what runs there is what its runtime runs.
CREATE TABLE function_version_command (
    version_id INTEGER NOT NULL REFERENCES function_versions (id) ON DELETE CASCADE,
    position   INTEGER NOT NULL,    -- 0: the program; then its arguments
    word       TEXT    NOT NULL,
    PRIMARY KEY (version_id, position)
) STRICT, WITHOUT ROWID;
