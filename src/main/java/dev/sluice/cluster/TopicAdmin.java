package dev.sluice.cluster;

import dev.sluice.cluster.TopicNotReadException.Reason;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Asks the brokers of the default cluster about topics, with an Admin of its own each time. Thread-safe. */
final class TopicAdmin {

    private static final int PATIENCE_MILLIS = 8_000;

    private final BrokerAccess access;

    TopicAdmin(BrokerAccess access) {
        this.access = access;
    }

    @FunctionalInterface
    interface Question<T> {
        T ask(Admin admin) throws InterruptedException, ExecutionException;
    }

    /** @param otherwise how a refusal begins @throws TopicNotReadException when there is no answer */
    <T> T ask(String otherwise, Question<T> question) throws InterruptedException {
        SourceBrokers source = access.ofDefaultCluster();
        Brokers brokers = source.found().orElseThrow(() -> new TopicNotReadException(Reason.BROKER_UNREACHABLE,
                source.obstacle().orElseThrow(), null));
        Map<String, Object> settings = new HashMap<>(brokers.toClientSettings());
        settings.put(AdminClientConfig.CLIENT_ID_CONFIG, "sluice-topics");
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, PATIENCE_MILLIS);
        settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, PATIENCE_MILLIS);
        settings.put(AdminClientConfig.ENABLE_METRICS_PUSH_CONFIG, false);
        try (Admin admin = Admin.create(settings)) {
            return question.ask(admin);
        } catch (ExecutionException | KafkaException refused) {
            Throwable cause = refused instanceof ExecutionException ? refused.getCause() : refused;
            access.failed(brokers, cause);
            throw new TopicNotReadException(cause instanceof TimeoutException ? Reason.BROKER_UNREACHABLE
                    : cause instanceof UnknownTopicOrPartitionException ? Reason.UNKNOWN_TOPIC : Reason.REFUSED,
                    otherwise + " (" + brokers.bootstrapServers() + "): " + cause.getMessage(), cause);
        }
    }
}
