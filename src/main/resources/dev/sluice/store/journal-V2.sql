-- What the filters of each mapping kept from its function. Each time a row changes it is written anew, so that rowids are in that order.
CREATE TABLE filtered_out (
    mapping_id      TEXT    NOT NULL PRIMARY KEY,
    records         INTEGER NOT NULL,
    of_other_format INTEGER NOT NULL, -- those that only the format of their values kept from matching
    topic           TEXT    NOT NULL, -- the last one
    partition       INTEGER NOT NULL,
    record_offset   INTEGER NOT NULL,
    reason          TEXT    NOT NULL
) STRICT;
