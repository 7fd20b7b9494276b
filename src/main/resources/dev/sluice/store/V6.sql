-- Functions that run from a class path in the working tree, and those whose timeout doesn't apply because they are being debugged.

ALTER TABLE function_versions ADD COLUMN debug INTEGER NOT NULL DEFAULT 0;
ALTER TABLE function_versions ADD COLUMN zip_layout INTEGER; -- NULL: the code is no class path; 1: it is a directory laid out as Lambda's zip

CREATE TABLE function_version_class_path (
    version_id INTEGER NOT NULL REFERENCES function_versions (id) ON DELETE CASCADE,
    position   INTEGER NOT NULL,
    path       TEXT    NOT NULL,
    pattern    TEXT,                -- the names of JARs in the directory; NULL: the path is the entry
    PRIMARY KEY (version_id, position)
) STRICT, WITHOUT ROWID;
