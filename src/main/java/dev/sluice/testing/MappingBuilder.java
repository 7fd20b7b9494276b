package dev.sluice.testing;

import dev.sluice.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which event source mapping is to be created? Begins with one of the embedded or given brokers as an MSK cluster, from the oldest record on
 * (TRIM_HORIZON), without a batching window, as a test waits for what it has written (AWS's default is 500 ms); each method sets a member of AWS's CreateEventSourceMapping, and {@link #member} any of them. What AWS refuses is refused in
 * AWS's words by {@link #create}. Confined to one thread.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html">CreateEventSourceMapping</a>
 */
public final class MappingBuilder {

    private final SluiceAccount account;
    private final String function;
    private final Map<String, Object> members = new LinkedHashMap<>();
    private boolean recordsFailures;

    MappingBuilder(SluiceAccount account, String function) {
        this.account = account;
        this.function = function;
        members.put("FunctionName", function);
        members.put("StartingPosition", "TRIM_HORIZON");
        members.put("MaximumBatchingWindowInSeconds", 0);
        members.put("EventSourceArn", "arn:aws:kafka:" + account.region() + ":" + account.accountId()
                + ":cluster/test/00000000-0000-0000-0000-000000000000-1");
    }

    /** AWS allows one; several are for a server with {@code --relaxed}. */
    public MappingBuilder onTopic(String... topics) {
        return member("Topics", List.of(topics));
    }

    /** {@code TRIM_HORIZON} or {@code LATEST}. */
    public MappingBuilder startingPosition(String position) {
        return member("StartingPosition", position);
    }

    public MappingBuilder startingAt(Instant timestamp) {
        member("StartingPosition", "AT_TIMESTAMP");
        return member("StartingPositionTimestamp", timestamp.toEpochMilli() / 1000.0);
    }

    public MappingBuilder enabled(boolean enabled) {
        return member("Enabled", enabled);
    }

    public MappingBuilder batchSize(int records) {
        return member("BatchSize", records);
    }

    /** {@code MaximumBatchingWindowInSeconds}. */
    public MappingBuilder batchingWindow(Duration window) {
        return member("MaximumBatchingWindowInSeconds", window.toSeconds());
    }

    /** Patterns of {@code FilterCriteria}; a record passes that fits one of them. */
    public MappingBuilder filter(String... patterns) {
        List<Object> filters = new ArrayList<>();
        for (String pattern : patterns) {
            filters.add(Map.of("Pattern", pattern));
        }
        return member("FilterCriteria", Map.of("Filters", filters));
    }

    /** Only with {@link #provisioned}, as on AWS; so are the next three. */
    public MappingBuilder maximumRetryAttempts(int attempts) {
        return member("MaximumRetryAttempts", attempts);
    }

    public MappingBuilder maximumRecordAge(Duration age) {
        return member("MaximumRecordAgeInSeconds", age.toSeconds());
    }

    public MappingBuilder bisectBatchOnFunctionError() {
        return member("BisectBatchOnFunctionError", true);
    }

    public MappingBuilder reportBatchItemFailures() {
        return member("FunctionResponseTypes", List.of("ReportBatchItemFailures"));
    }

    /** {@code ProvisionedPollerConfig}. */
    public MappingBuilder provisioned(int minimumPollers, int maximumPollers) {
        return member("ProvisionedPollerConfig", Map.of("MinimumPollers", minimumPollers, "MaximumPollers", maximumPollers));
    }

    /** @param destination the ARN of a queue, topic or bucket, or {@code kafka://TOPIC} */
    public MappingBuilder onFailure(String destination) {
        return member("DestinationConfig", Map.of("OnFailure", Map.of("Destination", destination)));
    }

    /** Keeps what is given up for {@link SluiceAccount#failures}: in a topic of its own, for which AWS wants provisioned mode. */
    public MappingBuilder recordingFailures() {
        recordsFailures = true;
        members.putIfAbsent("ProvisionedPollerConfig", Map.of("MinimumPollers", 1, "MaximumPollers", 1));
        return onFailure("kafka://" + account.failureTopic(function));
    }

    public MappingBuilder consumerGroupId(String group) {
        return member(isMsk() ? "AmazonManagedKafkaEventSourceConfig" : "SelfManagedKafkaEventSourceConfig",
                Map.of("ConsumerGroupId", group));
    }

    /** A cluster of one's own instead of MSK's. AWS wants {@code SourceAccessConfigurations} for it: {@link #sourceAccess}. */
    public MappingBuilder selfManaged(String bootstrapServers) {
        members.remove("EventSourceArn");
        return member("SelfManagedEventSource",
                Map.of("Endpoints", Map.of("KAFKA_BOOTSTRAP_SERVERS", List.of(bootstrapServers.split(",")))));
    }

    /** {@code BASIC_AUTH} and the ARN of a secret, for example. */
    public MappingBuilder sourceAccess(String type, String uri) {
        List<Object> all = new ArrayList<>((List<?>) members.getOrDefault("SourceAccessConfigurations", List.of()));
        all.add(Map.of("Type", type, "URI", uri));
        return member("SourceAccessConfigurations", all);
    }

    /** Any member of the request, by AWS's name; the value is made of Maps, Lists, texts, numbers and booleans. */
    public MappingBuilder member(String name, Object value) {
        members.put(name, value);
        return this;
    }

    /**
     * Creates it, and returns when it is Enabled, or Disabled where that was said: from then on it reads, and LATEST is what comes later.
     *
     * @throws SluiceRefusedException when it is refused, in AWS's words where AWS refuses it
     * @throws AssertionError when it isn't so soon, with what is in the way
     */
    public SluiceMapping create() {
        if (recordsFailures) {
            account.topics().make(account.failureTopic(function), 1);
        }
        return account.create(new Json(members));
    }

    private boolean isMsk() {
        return members.containsKey("EventSourceArn");
    }
}
