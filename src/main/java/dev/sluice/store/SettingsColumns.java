package dev.sluice.store;

import dev.sluice.mapping.FailureHandling;
import dev.sluice.mapping.MappingSettings;
import dev.sluice.mapping.Monitoring;
import dev.sluice.mapping.Monitoring.MetricGroup;
import dev.sluice.mapping.Monitoring.SystemLogLevel;
import dev.sluice.mapping.ProvisionedPollers;
import dev.sluice.mapping.SourceAccessConfiguration;
import dev.sluice.resource.FunctionArn;
import dev.sluice.resource.Scope;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/** How the settings of a mapping are written in the table {@code mappings} and in tables of lists. */
final class SettingsColumns {

    /** What {@link #values} gives the values of. */
    static final String NAMES = "function_account_id, function_region, function_name, function_qualifier, batch_size,"
            + " maximum_batching_window_nanos, maximum_retry_attempts, maximum_record_age_seconds, bisect_batch_on_function_error,"
            + " report_batch_item_failures, on_failure_destination, provisioned, minimum_pollers, maximum_pollers, poller_group_name,"
            + " system_log_level, kms_key_arn, " + SchemaRegistryColumns.NAMES + ", join_foreign_groups";

    /** The tables of {@link #insertLists}. */
    static final List<String> LISTS =
            Stream.concat(Stream.of("mapping_source_access_configurations", "mapping_filter_patterns", "mapping_metrics"),
                    SchemaRegistryColumns.LISTS.stream()).toList();

    private SettingsColumns() {
    }

    static List<Object> values(MappingSettings settings) {
        FunctionArn function = settings.functionArn();
        FailureHandling failures = settings.failureHandling();
        ProvisionedPollers pollers = settings.provisionedPollers();
        SystemLogLevel level = settings.monitoring().systemLogLevel();
        List<Object> values = new ArrayList<>();
        Collections.addAll(values, function.scope().accountId(), function.scope().region(), function.name(), function.qualifier(),
                settings.batchSize(), settings.maximumBatchingWindow() == null ? null : settings.maximumBatchingWindow().toNanos(),
                failures.maximumRetryAttempts(), failures.maximumRecordAgeInSeconds(), failures.bisectBatchOnFunctionError(),
                failures.reportBatchItemFailures(), failures.onFailureDestination(),
                pollers != null, pollers == null ? null : pollers.minimumPollers(),
                pollers == null ? null : pollers.maximumPollers(), pollers == null ? null : pollers.pollerGroupName(),
                level == null ? null : level.name(), settings.kmsKeyArn());
        values.addAll(SchemaRegistryColumns.values(settings.schemaRegistry()));
        values.add(settings.joinForeignGroups());
        return values;
    }

    static void insertLists(Transaction transaction, String id, MappingSettings settings) throws SQLException {
        List<SourceAccessConfiguration> access = settings.sourceAccessConfigurations();
        for (int i = 0; i < access.size(); i++) {
            transaction.update("INSERT INTO mapping_source_access_configurations VALUES (?, ?, ?, ?)", id, i,
                    access.get(i).type(), access.get(i).uri());
        }
        List<String> patterns = settings.filterPatterns();
        for (int i = 0; i < patterns.size(); i++) {
            transaction.update("INSERT INTO mapping_filter_patterns VALUES (?, ?, ?)", id, i, patterns.get(i));
        }
        List<MetricGroup> metrics = settings.monitoring().metrics() == null ? List.of() : settings.monitoring().metrics();
        for (int i = 0; i < metrics.size(); i++) {
            transaction.update("INSERT INTO mapping_metrics VALUES (?, ?, ?)", id, i, metrics.get(i).name());
        }
        SchemaRegistryColumns.insertLists(transaction, id, settings.schemaRegistry());
    }

    static MappingSettings settings(Transaction transaction, ResultSet row, String id) throws SQLException {
        Long window = Columns.longOrNull(row, "maximum_batching_window_nanos");
        return new MappingSettings(
                new FunctionArn(new Scope(row.getString("function_account_id"), row.getString("function_region")),
                        row.getString("function_name"), row.getString("function_qualifier")),
                row.getInt("batch_size"), window == null ? null : Duration.ofNanos(window),
                transaction.query(access -> new SourceAccessConfiguration(access.getString(1), access.getString(2)),
                        "SELECT type, uri FROM mapping_source_access_configurations WHERE mapping_id = ? ORDER BY position", id),
                transaction.query(pattern -> pattern.getString(1),
                        "SELECT pattern FROM mapping_filter_patterns WHERE mapping_id = ? ORDER BY position", id),
                failureHandling(row),
                row.getBoolean("provisioned") ? new ProvisionedPollers(Columns.intOrNull(row, "minimum_pollers"),
                        Columns.intOrNull(row, "maximum_pollers"), row.getString("poller_group_name")) : null,
                monitoring(transaction, row, id), row.getString("kms_key_arn"),
                SchemaRegistryColumns.registry(transaction, row, id), row.getBoolean("join_foreign_groups"));
    }

    private static FailureHandling failureHandling(ResultSet row) throws SQLException {
        Integer bisect = Columns.intOrNull(row, "bisect_batch_on_function_error");
        return new FailureHandling(Columns.intOrNull(row, "maximum_retry_attempts"),
                Columns.intOrNull(row, "maximum_record_age_seconds"), bisect == null ? null : bisect == 1,
                row.getBoolean("report_batch_item_failures"), row.getString("on_failure_destination"));
    }

    private static Monitoring monitoring(Transaction transaction, ResultSet row, String id) throws SQLException {
        String level = row.getString("system_log_level");
        return new Monitoring(level == null ? null : SystemLogLevel.valueOf(level),
                transaction.query(metric -> MetricGroup.valueOf(metric.getString(1)),
                        "SELECT metric_group FROM mapping_metrics WHERE mapping_id = ? ORDER BY position", id));
    }
}
