package dev.sluice.mapping;

import static dev.sluice.fixture.SettingsRequests.settings;

import dev.sluice.mapping.SettingsRequest.Failures;
import dev.sluice.mapping.SettingsRequest.Pollers;
import dev.sluice.resource.FunctionReference;
import dev.sluice.resource.Tags;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A request about a self-managed mapping that tests spoil member by member. Not thread-safe. */
final class RequestDraft {

    static final String SECRET = "arn:aws:secretsmanager:us-west-2:111111111111:secret:kafka";
    static final String BROKER = "kafka:9092";

    String function = "my-function";
    boolean source = true;
    boolean topics = true;
    boolean access = true;
    final List<SourceAccessConfiguration> accesses = new ArrayList<>(List.of(new SourceAccessConfiguration("BASIC_AUTH", SECRET)));
    SourceRequest.Position position;
    boolean onSuccess;
    final List<String> inapplicable = new ArrayList<>();
    KafkaConfig amazon = KafkaConfig.NONE;
    String consumerGroupId;
    KafkaSource.ConsumptionMode mode;
    Duration window;
    KafkaConfig.Registry registry;
    Integer retries;
    Integer recordAge;
    String destination;
    Pollers pollers;
    final List<String> filters = new ArrayList<>();

    EventSourceMappings.Create create() {
        return new EventSourceMappings.Create(reference(), new SourceRequest(null, source ? List.of(BROKER) : null,
                topics ? List.of("orders") : null, position, consumerGroupId, mode), null, request(), Tags.NONE, false);
    }

    EventSourceMappings.Update update() {
        return new EventSourceMappings.Update(reference(), null, request());
    }

    private FunctionReference reference() {
        return FunctionReference.parse(function).orElseThrow();
    }

    private SettingsRequest request() {
        return settings().sourceAccessConfigurations(access ? accesses : null).filterPatterns(filters.toArray(String[]::new))
                .failures(new Failures(retries, recordAge, null, null, destination)).provisionedPollers(pollers)
                .kafka(amazon, new KafkaConfig(consumerGroupId, mode, registry)).maximumBatchingWindow(window)
                .inapplicable(onSuccess, inapplicable.toArray(String[]::new))
                .build();
    }
}
