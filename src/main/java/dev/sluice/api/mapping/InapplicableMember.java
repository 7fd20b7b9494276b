package dev.sluice.api.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.api.http.Members;
import dev.sluice.mapping.SettingsRequest.Inapplicable;
import java.util.ArrayList;
import java.util.List;

/** Which members of a mapping request belong to other event sources than Kafka, and how do AWS's refusals spell them? */
enum InapplicableMember {
    PARALLELIZATION_FACTOR("ParallelizationFactor", "parallelizationFactor", true),
    TUMBLING_WINDOW_IN_SECONDS("TumblingWindowInSeconds", "tumblingWindowInSeconds", true),
    SCALING_CONFIG("ScalingConfig", "scalingConfig", true),
    QUEUES("Queues", "queues", false),
    DOCUMENT_DB_EVENT_SOURCE_CONFIG("DocumentDBEventSourceConfig", "documentDBEventSourceConfig", true);

    /** Of self-managed sources alone. AWS refused it with this very spelling before it had it there (cdkd, measured in September 2026). */
    private static final String CONSUMPTION_MODE = KafkaConfigMembers.CONSUMPTION_MODE;

    private final String member;
    private final String awsSpelling;
    private final boolean inUpdates;

    /** @param inUpdates whether updates have the member too; otherwise it is ignored there, as any unknown one */
    InapplicableMember(String member, String awsSpelling, boolean inUpdates) {
        this.member = member;
        this.awsSpelling = awsSpelling;
        this.inUpdates = inUpdates;
    }

    String member() {
        return member;
    }

    /** What {@code body} has of them, with something in it. @param creates whether it is of a creation; else of an update */
    static Inapplicable in(JsonNode body, boolean creates) {
        List<String> members = new ArrayList<>();
        for (InapplicableMember each : values()) {
            if ((creates || each.inUpdates) && Members.saysSomething(body.get(each.member))) {
                members.add(each.awsSpelling);
            }
        }
        if (Members.saysSomething(body.path(KafkaConfigMembers.AMAZON).get(CONSUMPTION_MODE))) {
            members.add(CONSUMPTION_MODE);
        }
        return new Inapplicable(Members.saysSomething(body.path("DestinationConfig").get("OnSuccess")), members);
    }
}
