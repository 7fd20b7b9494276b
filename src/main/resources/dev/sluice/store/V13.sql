-- A mapping may consume its topics as a queue. It has no starting position then: starting_position is NONE.

ALTER TABLE mappings ADD COLUMN consumption_mode TEXT NOT NULL DEFAULT 'STREAM'; -- STREAM, QUEUE
