package dev.sluice.embedded;

import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/**
 * In which ways do clients get into the embedded broker, and as whom? Immutable; the passwords are never printed. Whoever is in may do
 * everything: the broker has no ACLs.
 *
 * @param listeners the kinds of its listeners, in Kafka's order
 * @param clientAuth what the ssl listener asks of clients: Kafka's {@code ssl.client.auth}
 * @param users passwords by name, for SASL's PLAIN and SCRAM
 * @param certificates where keys and certificates are kept; made when a listener needs them
 * @param clientFiles where files for clients are written; null for none
 */
public record BrokerSecurity(Set<SecurityProtocol> listeners, ClientAuth clientAuth, Map<String, String> users, Path certificates,
        Path clientFiles) {

    /** Who has made no users has this one, whose password is its name. It is no secret. */
    public static final String DEFAULT_USER = "sluice";
    /** One listener for everybody. */
    public static final BrokerSecurity PLAINTEXT =
            new BrokerSecurity(Set.of(SecurityProtocol.PLAINTEXT), ClientAuth.REQUESTED, Map.of(), null, null);

    /** Of a client's certificate. With REQUESTED a client without one is let in, and one whose CA the broker doesn't know mostly shows none. */
    public enum ClientAuth {
        NONE, REQUESTED, REQUIRED
    }

    /** @throws IllegalArgumentException when there are no listeners */
    public BrokerSecurity {
        listeners = Collections.unmodifiableSet(EnumSet.copyOf(listeners));
        Objects.requireNonNull(clientAuth, "clientAuth");
        users = Map.copyOf(users);
        if (listeners.stream().anyMatch(BrokerSecurity::isTls)) {
            Objects.requireNonNull(certificates, "certificates");
        }
    }

    /** How far the port of this kind is from the client port: as Amazon MSK has them, 9092, 9094 and 9096. */
    public static int portOffset(SecurityProtocol kind) {
        return switch (kind) {
            case PLAINTEXT -> 0;
            case SSL -> 2;
            case SASL_PLAINTEXT -> 3;
            case SASL_SSL -> 4;
        };
    }

    static boolean isTls(SecurityProtocol kind) {
        return kind == SecurityProtocol.SSL || kind == SecurityProtocol.SASL_SSL;
    }

    static boolean isSasl(SecurityProtocol kind) {
        return kind == SecurityProtocol.SASL_PLAINTEXT || kind == SecurityProtocol.SASL_SSL;
    }

    boolean needsCertificates() {
        return listeners.stream().anyMatch(BrokerSecurity::isTls);
    }

    boolean isPlaintextOnly() {
        return listeners.equals(Set.of(SecurityProtocol.PLAINTEXT));
    }

    /** Those of the config; else the one that everybody knows. */
    Map<String, String> usersOrDefault() {
        return users.isEmpty() ? Map.of(DEFAULT_USER, DEFAULT_USER) : users;
    }

    @Override
    public String toString() {
        return "BrokerSecurity[listeners=" + listeners + ", clientAuth=" + clientAuth + ", users=" + users.keySet() + ", certificates="
                + certificates + ", clientFiles="
                + clientFiles + "]";
    }
}
