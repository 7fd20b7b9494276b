-- Functions of which it is said where their Java code runs, and those whose process waits for a debugger.

ALTER TABLE function_versions ADD COLUMN isolation TEXT;     -- the name of an Isolation; NULL: what the server does with all functions
ALTER TABLE function_versions ADD COLUMN debug_port INTEGER; -- NULL: no process waits for a debugger
