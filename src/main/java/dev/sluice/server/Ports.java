package dev.sluice.server;

import dev.sluice.api.http.ListeningSockets;
import dev.sluice.api.http.PortTakenException;
import dev.sluice.embedded.BrokerSecurity;
import dev.sluice.embedded.EmbeddedKafka;
import dev.sluice.embedded.EmbeddedKafkaConfiguration;
import dev.sluice.embedded.HostAndPort;
import dev.sluice.embedded.PortInUseException;
import dev.sluice.fault.FatalFaults;

/**
 * What a server listens on, bound before anything of it runs. Who starts a second server beside the first finds both ports taken, and
 * is told of both at once.
 *
 * @param embedded the embedded broker, not started yet; null when there is another cluster
 */
record Ports(ListeningSockets api, EmbeddedKafka embedded) {

    /** @throws InvalidConfigException with every port that is taken; nothing stays bound then */
    static Ports open(ServerConfig config, FatalFaults faults) {
        Problems problems = new Problems();
        ListeningSockets api = openApi(config.http(), problems);
        EmbeddedKafka embedded = null;
        boolean complete = false;
        try {
            embedded = config.kafka().embedded() ? openEmbedded(config, problems, faults) : null;
            problems.throwIfAny();
            complete = true;
            return new Ports(api, embedded);
        } finally {
            if (!complete) {
                close(api, embedded);
            }
        }
    }

    /** Null when the problems say why not. */
    private static ListeningSockets openApi(ServerConfig.Http http, Problems problems) {
        try {
            return ListeningSockets.open(http.host(), http.port());
        } catch (PortTakenException taken) {
            problems.add(Setting.PORT.key(), "port " + taken.port() + " on " + taken.host() + " is taken by "
                    + RunningSluice.at(taken.host(), taken.port()).map(RunningSluice::toString).orElse("another program")
                    + "; choose another with --port, or --port 0 for any free one");
        } catch (IllegalArgumentException noAddressHere) {
            problems.add(Setting.HOST.key(), noAddressHere.getMessage());
        }
        return null;
    }

    private static EmbeddedKafka openEmbedded(ServerConfig config, Problems problems, FatalFaults faults) {
        ServerConfig.EmbeddedBroker settings = config.kafka().embeddedBroker();
        String host = settings.advertise().isEmpty() ? EmbeddedKafkaConfiguration.DEFAULT_HOST : config.http().host();
        try {
            return EmbeddedKafka.open(new EmbeddedKafkaConfiguration(config.dataDir().resolve("kafka"), host,
                    settings.port(), settings.advertise().stream().map(HostAndPort::parse).toList(), security(config)), faults);
        } catch (IllegalArgumentException twoOfOnePort) {
            problems.add(Setting.EMBEDDED_KAFKA_ADVERTISE.key(), twoOfOnePort.getMessage());
        } catch (PortInUseException taken) {
            boolean ofSluice = RunningSluice.at(config.http().host(), config.http().port())
                    .filter(running -> running.hasBrokerAt(taken.port())).isPresent();
            problems.add(Setting.EMBEDDED_KAFKA_PORT.key(), "port " + taken.port() + " is taken by "
                    + (ofSluice ? "the broker of that Sluice" : "another program")
                    + ". If it is a Kafka broker and you want to use it, start with --kafka localhost:" + taken.port()
                    + "; for an embedded broker on any free port, with --embedded-kafka-port 0");
        }
        return null;
    }

    private static BrokerSecurity security(ServerConfig config) {
        ServerConfig.EmbeddedBroker settings = config.kafka().embeddedBroker();
        // Not in the broker's own directory, where Kafka takes no other.
        return settings.listeners() == null ? BrokerSecurity.PLAINTEXT
                : new BrokerSecurity(settings.listeners(), settings.clientAuth(), settings.users(),
                        config.dataDir().resolve("kafka-certificates"), config.dataDir().resolve("kafka-clients"));
    }

    private static void close(ListeningSockets api, EmbeddedKafka embedded) {
        if (embedded != null) {
            embedded.close();
        }
        if (api != null) {
            api.close();
        }
    }
}
