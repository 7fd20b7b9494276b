package dev.sluice.cluster;

import dev.sluice.fault.FatalFaults;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.ApiVersions;
import org.apache.kafka.clients.BootstrapConfiguration;
import org.apache.kafka.clients.ClientRequest;
import org.apache.kafka.clients.ClientUtils;
import org.apache.kafka.clients.ManualMetadataUpdater;
import org.apache.kafka.clients.MetadataRecoveryStrategy;
import org.apache.kafka.clients.NetworkClient;
import org.apache.kafka.clients.NetworkClientUtils;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.network.ChannelBuilder;
import org.apache.kafka.common.network.Selector;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.DescribeConfigsRequest;
import org.apache.kafka.common.requests.DescribeConfigsResponse;
import org.apache.kafka.common.requests.MetadataRequest;
import org.apache.kafka.common.requests.MetadataResponse;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.common.utils.internals.LogContext;

/**
 * Which brokers and topics does the broker at one address tell of, and may we read its settings? Asks that very address with Kafka's network client: an Admin, after its
 * first answer, talks only to the advertised addresses, and when those can't be reached it times out without telling them.
 */
final class MetadataQuestion {
    private static final int NODE_ID = -1;
    private static final int BUFFER_AS_THE_SYSTEM_HAS_IT = -1;

    private MetadataQuestion() {
    }

    /**
     * @throws AuthenticationException when the broker refuses credentials or the TLS handshake fails
     * @throws UnansweredException when there is no answer of Kafka's kind in time
     * @throws UnusableSettingsException when no connection can be made of these settings
     */
    static MetadataResponse ask(Brokers brokers, String address, List<String> topics, Duration timeout) {
        return (MetadataResponse) answer(brokers, address, MetadataRequest.Builder.forTopicNames(topics, false), timeout);
    }

    /** Whether our user has the permission DescribeConfigs of the cluster; throws as {@link #ask}. */
    static boolean mayDescribeConfigs(Brokers brokers, String address, Duration timeout) {
        // Of no broker in particular: the permission is looked at first.
        var defaults = new DescribeConfigsRequestData.DescribeConfigsResource().setResourceType(ConfigResource.Type.BROKER.id())
                .setResourceName("").setConfigurationKeys(List.of("log.retention.ms"));
        DescribeConfigsResponse answer = (DescribeConfigsResponse) answer(brokers, address,
                new DescribeConfigsRequest.Builder(new DescribeConfigsRequestData().setResources(List.of(defaults))), timeout);
        return answer.data().results().stream().noneMatch(result -> result.errorCode() == Errors.CLUSTER_AUTHORIZATION_FAILED.code());
    }

    private static AbstractResponse answer(Brokers brokers, String address, AbstractRequest.Builder<?> question, Duration timeout) {
        Time time = Time.SYSTEM;
        LogContext log = new LogContext("[broker probe] ");
        int millis = (int) Math.max(1, timeout.toMillis());
        int colon = address.lastIndexOf(':');
        Node node =
                new Node(NODE_ID, address.substring(0, colon).replaceAll("^\\[|]$", ""), Integer.parseInt(address.substring(colon + 1)));
        Metrics metrics = new Metrics();
        try (metrics; Selector selector = new Selector(millis, metrics, time, "probe", channels(brokers, address, time, log), log);
                NetworkClient client = new NetworkClient(selector, new ManualMetadataUpdater(List.of(node)), "sluice-probe", 1, 50, 50,
                        BUFFER_AS_THE_SYSTEM_HAS_IT, BUFFER_AS_THE_SYSTEM_HAS_IT, millis, millis, millis, time, true, new ApiVersions(),
                        log, MetadataRecoveryStrategy.NONE, BootstrapConfiguration.DISABLED, false)) {
            if (!NetworkClientUtils.awaitReady(client, node, time, millis)) {
                throw new UnansweredException("no answer in time", null);
            }
            ClientRequest request = client.newClientRequest(node.idString(), question, time.milliseconds(), true);
            return NetworkClientUtils.sendAndReceive(client, request, time).responseBody();
        } catch (IOException e) {
            throw new UnansweredException(e.getMessage(), e);
        } catch (OutOfMemoryError tooLarge) { // the first bytes of another protocol, read as the length of Kafka's answer
            if (FatalFaults.heapIsFull()) {
                throw tooLarge;
            }
            throw new UnansweredException("what it sent begins with no length of an answer", tooLarge);
        }
    }

    private static ChannelBuilder channels(Brokers brokers, String address, Time time, LogContext log) {
        try {
            Map<String, Object> settings = new HashMap<>(brokers.toClientSettings());
            settings.put("bootstrap.servers", address);
            return ClientUtils.createChannelBuilder(new AdminClientConfig(settings), time, log);
        } catch (KafkaException e) {
            throw new UnusableSettingsException(e);
        }
    }

    /** The address accepted the connection and then did not answer as Kafka does. */
    static final class UnansweredException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UnansweredException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** The client settings are wrong in themselves: a trust store that isn't there, an unknown protocol. */
    static final class UnusableSettingsException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UnusableSettingsException(KafkaException cause) {
            super(root(cause), cause);
        }

        private static String root(Throwable e) {
            Throwable root = e;
            while (root.getCause() != null) {
                root = root.getCause();
            }
            return root.getMessage();
        }
    }
}
