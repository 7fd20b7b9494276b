-- Settings for failures, filters, pollers and monitoring. NULL: the caller gave none, and AWS's default holds.

ALTER TABLE mappings ADD COLUMN maximum_retry_attempts INTEGER;
ALTER TABLE mappings ADD COLUMN maximum_record_age_seconds INTEGER;
ALTER TABLE mappings ADD COLUMN bisect_batch_on_function_error INTEGER CHECK (bisect_batch_on_function_error IN (0, 1));
ALTER TABLE mappings ADD COLUMN report_batch_item_failures INTEGER NOT NULL DEFAULT 0 CHECK (report_batch_item_failures IN (0, 1));
ALTER TABLE mappings ADD COLUMN on_failure_destination TEXT;
ALTER TABLE mappings ADD COLUMN provisioned INTEGER NOT NULL DEFAULT 0 CHECK (provisioned IN (0, 1));
ALTER TABLE mappings ADD COLUMN minimum_pollers INTEGER;
ALTER TABLE mappings ADD COLUMN maximum_pollers INTEGER;
ALTER TABLE mappings ADD COLUMN poller_group_name TEXT;
ALTER TABLE mappings ADD COLUMN system_log_level TEXT;
ALTER TABLE mappings ADD COLUMN join_foreign_groups INTEGER NOT NULL DEFAULT 0 CHECK (join_foreign_groups IN (0, 1));

CREATE TABLE mapping_filter_patterns (
    mapping_id TEXT    NOT NULL REFERENCES mappings (id) ON DELETE CASCADE,
    position   INTEGER NOT NULL,
    pattern    TEXT    NOT NULL,
    PRIMARY KEY (mapping_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE mapping_metrics (
    mapping_id   TEXT    NOT NULL REFERENCES mappings (id) ON DELETE CASCADE,
    position     INTEGER NOT NULL,
    metric_group TEXT    NOT NULL,
    PRIMARY KEY (mapping_id, position)
) STRICT, WITHOUT ROWID;
