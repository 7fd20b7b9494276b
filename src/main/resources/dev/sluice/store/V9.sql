-- Functions whose Java code has moved out of the server's JVM by itself.

ALTER TABLE functions ADD COLUMN moved_because TEXT; -- as a sentence goes on; NULL: it has not moved
ALTER TABLE functions ADD COLUMN moved_at INTEGER;   -- microseconds since 1970; of one that has moved
