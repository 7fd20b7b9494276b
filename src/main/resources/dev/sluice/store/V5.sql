-- Which declaration of the config file a function was made from, as a hash: what the API did to it since stays until that changes.

CREATE TABLE function_declarations (
    name        TEXT NOT NULL PRIMARY KEY,
    declaration TEXT NOT NULL
) STRICT, WITHOUT ROWID;
