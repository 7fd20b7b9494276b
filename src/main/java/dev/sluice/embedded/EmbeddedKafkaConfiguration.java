package dev.sluice.embedded;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/**
 * Where does the embedded broker keep its data, where does it listen, and under which addresses is it known? Immutable.
 *
 * <p>{@code directory} belongs to the broker alone and is created when missing. {@code host} is {@code localhost} (both loopback
 * addresses), an address of this machine, or {@code 0.0.0.0} (all of them). {@code port} is the client port; 0 picks a free one.
 *
 * <p>{@code advertised} may be empty: the broker is then known as {@code localhost:PORT} ({@code HOST:PORT} when {@code host} is an
 * address). Otherwise each entry gets a listener of its own, since Kafka tells a client the address that belongs to the listener
 * it came in on: the first entry listens on {@code port}, whatever its own port is, so that a port mapping may lie between; every
 * further one listens on the port it names. A container that publishes 9092 to its host and is called {@code sluice} on its own
 * network: {@code localhost:9092,sluice:29092}. All of these are plaintext; a listener of another kind is known by the first entry's host
 * and listens on {@code port} plus {@link BrokerSecurity#portOffset}.
 */
public record EmbeddedKafkaConfiguration(Path directory, String host, int port, List<HostAndPort> advertised, BrokerSecurity security) {

    public static final String DEFAULT_HOST = "localhost";
    public static final int DEFAULT_PORT = 9092;

    /** @throws IllegalArgumentException when a port is out of range, or two listeners would share one */
    public EmbeddedKafkaConfiguration {
        Objects.requireNonNull(host, "host");
        directory = directory.toAbsolutePath().normalize();
        if (host.isBlank()) {
            throw new IllegalArgumentException("host is empty; allowed are localhost, 0.0.0.0 or an address of this machine");
        }
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("embedded-kafka-port is " + port + "; allowed are 0 (a free one) to 65535");
        }
        advertised = List.copyOf(advertised);
        Objects.requireNonNull(security, "security");
        Set<Integer> bound = new HashSet<>(Set.of(port));
        for (SecurityProtocol kind : security.listeners()) {
            bound.add(port(port, kind));
            if (port(port, kind) > 65535) {
                throw new IllegalArgumentException("embedded-kafka-port is " + port + ", and the " + kind.name
                        + " listener's port is that plus "
                        + BrokerSecurity.portOffset(kind) + "; allowed are 0 (free ones) to " + (65535 - BrokerSecurity.portOffset(kind)));
            }
        }
        for (HostAndPort address : advertised.subList(Math.min(1, advertised.size()), advertised.size())) {
            if (!bound.add(address.port())) {
                throw new IllegalArgumentException("embedded-kafka-advertise has " + address + ", but port " + address.port()
                        + " is taken by another listener of the broker: each advertised address after the first needs a port"
                        + " of its own, and the first one uses the client port " + port);
            }
        }
    }

    /** One with a plaintext listener for everybody. */
    public EmbeddedKafkaConfiguration(Path directory, String host, int port, List<HostAndPort> advertised) {
        this(directory, host, port, advertised, BrokerSecurity.PLAINTEXT);
    }

    /** Where listeners of this kind are; 0 for any free port. */
    int port(SecurityProtocol kind) {
        return port(port, kind);
    }

    private static int port(int client, SecurityProtocol kind) {
        return client == 0 ? 0 : client + BrokerSecurity.portOffset(kind);
    }

    /** On both loopback addresses at {@code port}, known as {@code localhost}. */
    public static EmbeddedKafkaConfiguration onLocalhost(Path directory, int port) {
        return new EmbeddedKafkaConfiguration(directory, DEFAULT_HOST, port, List.of());
    }
}
