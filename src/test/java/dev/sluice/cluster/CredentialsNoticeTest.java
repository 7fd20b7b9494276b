package dev.sluice.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.mapping.EventSource;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.KafkaSource;
import dev.sluice.mapping.MappingId;
import dev.sluice.mapping.MappingSettings;
import dev.sluice.mapping.MappingState;
import dev.sluice.mapping.MappingStatus;
import dev.sluice.mapping.SourceAccessConfiguration;
import dev.sluice.mapping.StartingPosition;
import dev.sluice.mapping.StateTransitionReason;
import dev.sluice.resource.FunctionArn;
import dev.sluice.resource.Scope;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CredentialsNoticeTest {
    private final CredentialsNotice notice = new CredentialsNotice(new ClusterDirectory("localhost:9092", Map.of(), List.of()));

    @Test
    void saysOncePerMappingWhichCredentialsAreUsed() {
        assertThat(notice.pollingStarts(mapping(1, "SASL_SCRAM_512_AUTH"), CredentialUse.PROPERTIES)).isTrue();
        assertThat(notice.pollingStarts(mapping(1, "SASL_SCRAM_512_AUTH"), CredentialUse.PROPERTIES)).isFalse();
        assertThat(notice.pollingStarts(mapping(2, "SASL_SCRAM_512_AUTH"), CredentialUse.PROPERTIES)).isTrue();
        assertThat(notice.pollingStarts(mapping(1, "BASIC_AUTH"), CredentialUse.PROPERTIES)).isTrue();
    }

    @Test
    void saysNothingOfSecretsThatAreUsed() {
        assertThat(notice.pollingStarts(mapping(1, "SASL_SCRAM_512_AUTH"), CredentialUse.SECRETS)).isFalse();
        assertThat(notice.pollingStarts(mapping(1, "SASL_SCRAM_512_AUTH"), CredentialUse.PLAINTEXT)).isTrue();
    }

    @Test
    void saysNothingOfVpcEntries() {
        assertThat(notice.pollingStarts(mapping(1, "VPC_SUBNET"), CredentialUse.NONE)).isFalse();
    }

    @Test
    void warnsOnceOfEachThingThatAwsDoesNotTake() {
        assertThat(notice.clientIsMade(mapping(1, "BASIC_AUTH"), List.of("no TLS"))).isEqualTo(1);
        assertThat(notice.clientIsMade(mapping(1, "BASIC_AUTH"), List.of("no TLS"))).isZero();
        assertThat(notice.clientIsMade(mapping(1, "BASIC_AUTH"), List.of("no TLS", "no right"))).isEqualTo(1);
        assertThat(notice.clientIsMade(mapping(2, "BASIC_AUTH"), List.of("no TLS"))).isEqualTo(1);
        assertThat(notice.clientIsMade(mapping(3, "BASIC_AUTH"), List.of())).isZero();
    }

    private static EventSourceMapping mapping(long id, String type) {
        Scope scope = new Scope("000000000000", "us-east-1");
        return new EventSourceMapping(new MappingId(new UUID(0, id)), scope, Instant.EPOCH,
                new KafkaSource(new EventSource.SelfManagedKafka(List.of("localhost:9092")), List.of("t"), StartingPosition.LATEST, "g"),
                new MappingSettings(new FunctionArn(scope, "f", null), 100, null, List.of(new SourceAccessConfiguration(type, "uri"))),
                new MappingStatus(MappingState.CREATING, StateTransitionReason.USER_INITIATED, MappingStatus.NO_RECORDS_PROCESSED,
                        Instant.EPOCH, 1, false));
    }
}
