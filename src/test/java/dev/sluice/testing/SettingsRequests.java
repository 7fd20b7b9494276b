package dev.sluice.testing;

import dev.sluice.mapping.KafkaConfig;
import dev.sluice.mapping.Monitoring.MetricGroup;
import dev.sluice.mapping.SettingsRequest;
import dev.sluice.mapping.SettingsRequest.Failures;
import dev.sluice.mapping.SettingsRequest.Inapplicable;
import dev.sluice.mapping.SettingsRequest.Logging;
import dev.sluice.mapping.SettingsRequest.Pollers;
import dev.sluice.mapping.SourceAccessConfiguration;
import java.time.Duration;
import java.util.List;

/**
 * Requested settings for tests: {@code SettingsRequests.settings().batchSize(7).build()}; what isn't said is absent. Not thread-safe.
 */
public final class SettingsRequests {

    private Integer batchSize;
    private Duration maximumBatchingWindow;
    private List<SourceAccessConfiguration> sourceAccessConfigurations;
    private List<String> filterPatterns;
    private Failures failures = Failures.NONE;
    private Pollers provisionedPollers;
    private Logging logging;
    private List<MetricGroup> metrics;
    private String kmsKeyArn;
    private KafkaConfig.Blocks kafka = KafkaConfig.Blocks.NONE;
    private Inapplicable inapplicable = Inapplicable.NONE;

    private SettingsRequests() {
    }

    public static SettingsRequests settings() {
        return new SettingsRequests();
    }

    public SettingsRequests batchSize(int newBatchSize) {
        batchSize = newBatchSize;
        return this;
    }

    public SettingsRequests maximumBatchingWindow(Duration newMaximumBatchingWindow) {
        maximumBatchingWindow = newMaximumBatchingWindow;
        return this;
    }

    /** Null for absent. */
    public SettingsRequests sourceAccessConfigurations(List<SourceAccessConfiguration> configurations) {
        sourceAccessConfigurations = configurations;
        return this;
    }

    public SettingsRequests filterPatterns(String... patterns) {
        filterPatterns = List.of(patterns);
        return this;
    }

    public SettingsRequests failures(Failures newFailures) {
        failures = newFailures;
        return this;
    }

    public SettingsRequests maximumRetryAttempts(int attempts) {
        return failures(new Failures(attempts, null, null, null, null));
    }

    public SettingsRequests maximumRecordAgeInSeconds(int seconds) {
        return failures(new Failures(null, seconds, null, null, null));
    }

    public SettingsRequests onFailureDestination(String destination) {
        return failures(new Failures(null, null, null, null, destination));
    }

    public SettingsRequests provisionedPollers(Integer minimum, Integer maximum) {
        provisionedPollers = new Pollers(minimum, maximum, null);
        return this;
    }

    public SettingsRequests provisionedPollers(Pollers newPollers) {
        provisionedPollers = newPollers;
        return this;
    }

    public SettingsRequests logging(Logging newLogging) {
        logging = newLogging;
        return this;
    }

    public SettingsRequests metrics(MetricGroup... groups) {
        metrics = List.of(groups);
        return this;
    }

    public SettingsRequests kmsKeyArn(String newKmsKeyArn) {
        kmsKeyArn = newKmsKeyArn;
        return this;
    }

    /** Either may be {@link KafkaConfig#NONE}. */
    public SettingsRequests kafka(KafkaConfig amazon, KafkaConfig selfManaged) {
        kafka = new KafkaConfig.Blocks(amazon, selfManaged);
        return this;
    }

    public SettingsRequests inapplicable(boolean onSuccess, String... members) {
        inapplicable = new Inapplicable(onSuccess, List.of(members));
        return this;
    }

    public SettingsRequest build() {
        return new SettingsRequest(batchSize, maximumBatchingWindow, sourceAccessConfigurations, filterPatterns, failures,
                provisionedPollers, logging, metrics, kmsKeyArn, kafka, inapplicable);
    }
}
