package dev.sluice.mapping;

import dev.sluice.resource.FunctionArn;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What of a mapping an update may change. Immutable.
 *
 * @param maximumBatchingWindow null when the caller gave none: AWS then waits 500 ms and returns no member, and no later update
 *     brings that default back
 * @param filterPatterns empty when every record passes; otherwise one of them must match
 * @param provisionedPollers null for on-demand mode
 * @param kmsKeyArn the key that AWS would encrypt the filters with; null for none; has no effect here
 * @param schemaRegistry null for none
 * @param joinForeignGroups whether a group may be joined that has members which aren't this server's, on brokers elsewhere too; no
 *     member of AWS's, only declarations say it
 */
public record MappingSettings(FunctionArn functionArn, int batchSize, @Nullable Duration maximumBatchingWindow,
        List<SourceAccessConfiguration> sourceAccessConfigurations, List<String> filterPatterns,
        FailureHandling failureHandling, @Nullable ProvisionedPollers provisionedPollers, Monitoring monitoring,
        @Nullable String kmsKeyArn, @Nullable SchemaRegistry schemaRegistry, boolean joinForeignGroups) {

    public static final int DEFAULT_BATCH_SIZE = 100;
    public static final Duration DEFAULT_BATCHING_WINDOW = Duration.ofMillis(500);

    public MappingSettings {
        Objects.requireNonNull(functionArn, "functionArn");
        Objects.requireNonNull(failureHandling, "failureHandling");
        Objects.requireNonNull(monitoring, "monitoring");
        if (batchSize < 1 || batchSize > 10_000) {
            throw new IllegalArgumentException("batchSize is " + batchSize + "; allowed are 1 to 10000");
        }
        if (maximumBatchingWindow != null
                && (maximumBatchingWindow.isNegative() || maximumBatchingWindow.compareTo(Duration.ofSeconds(300)) > 0)) {
            throw new IllegalArgumentException("maximumBatchingWindow is " + maximumBatchingWindow + "; allowed are 0 to 300 s");
        }
        sourceAccessConfigurations = List.copyOf(sourceAccessConfigurations);
        filterPatterns = List.copyOf(filterPatterns);
        if (kmsKeyArn != null && kmsKeyArn.isEmpty()) {
            throw new IllegalArgumentException("kmsKeyArn is empty; none is null");
        }
    }

    /** Settings whose other members are AWS's defaults. */
    public MappingSettings(FunctionArn functionArn, int batchSize, @Nullable Duration maximumBatchingWindow,
            List<SourceAccessConfiguration> sourceAccessConfigurations) {
        this(functionArn, batchSize, maximumBatchingWindow, sourceAccessConfigurations, List.of(), FailureHandling.DEFAULT, null,
                Monitoring.DEFAULT, null, null, false);
    }

    /** What a new mapping has of which its request says nothing. */
    static MappingSettings defaults(FunctionArn functionArn, boolean joinForeignGroups) {
        return new MappingSettings(functionArn, DEFAULT_BATCH_SIZE, null, List.of(), List.of(), FailureHandling.DEFAULT, null,
                Monitoring.DEFAULT, null, null, joinForeignGroups);
    }

    /** The same settings for another function. */
    MappingSettings with(FunctionArn newFunctionArn) {
        return new MappingSettings(newFunctionArn, batchSize, maximumBatchingWindow, sourceAccessConfigurations, filterPatterns,
                failureHandling, provisionedPollers, monitoring, kmsKeyArn, schemaRegistry, joinForeignGroups);
    }

    /** How long a batch waits for more records, counted from its first one. */
    public Duration effectiveBatchingWindow() {
        return maximumBatchingWindow == null ? DEFAULT_BATCHING_WINDOW : maximumBatchingWindow;
    }

    /** How many pollers run, if the topics have as many partitions. */
    public int pollers() {
        return provisionedPollers == null ? 1 : provisionedPollers.minimum();
    }
}
