package dev.sluice.mapping;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * What of a mapping an update may change. Immutable. {@code maximumBatchingWindow} is null when the caller gave none: AWS then
 * waits 500 ms and returns no member, and no later update brings that default back.
 */
public record MappingSettings(FunctionArn functionArn, int batchSize, Duration maximumBatchingWindow,
                              List<SourceAccessConfiguration> sourceAccessConfigurations) {

    public static final int DEFAULT_BATCH_SIZE = 100;
    public static final Duration DEFAULT_BATCHING_WINDOW = Duration.ofMillis(500);

    public MappingSettings {
        Objects.requireNonNull(functionArn, "functionArn");
        if (batchSize < 1 || batchSize > 10_000) {
            throw new IllegalArgumentException("batchSize is " + batchSize + "; allowed are 1 to 10000");
        }
        if (maximumBatchingWindow != null
                && (maximumBatchingWindow.isNegative() || maximumBatchingWindow.compareTo(Duration.ofSeconds(300)) > 0)) {
            throw new IllegalArgumentException("maximumBatchingWindow is " + maximumBatchingWindow + "; allowed are 0 to 300 s");
        }
        sourceAccessConfigurations = List.copyOf(sourceAccessConfigurations);
    }

    /** How long a batch waits for more records, counted from its first one. */
    public Duration effectiveBatchingWindow() {
        return maximumBatchingWindow == null ? DEFAULT_BATCHING_WINDOW : maximumBatchingWindow;
    }
}
