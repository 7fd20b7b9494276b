package dev.sluice.credential;

import dev.sluice.secret.Secrets;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/**
 * With what does a client log in, and how does it know the brokers? Client settings of Kafka's but for the security protocol. Immutable;
 * the settings are secrets, never printed, and take no part in what is equal: name and versions say which they are.
 *
 * @param name the types and URIs they are of, for logs
 * @param versions the version of each secret, by ARN
 * @param sasl whether they name somebody who logs in by SASL
 */
public record Credentials(String name, Map<String, Long> versions, boolean sasl, Map<String, Object> settings) {
    public Credentials {
        Objects.requireNonNull(name, "name");
        versions = Map.copyOf(versions);
        settings = Map.copyOf(settings);
    }

    /** @param tls whether the brokers speak TLS; with credentials that are a certificate they do */
    public SecurityProtocol protocol(boolean tls) {
        if (!sasl) {
            return SecurityProtocol.SSL;
        }
        return tls ? SecurityProtocol.SASL_SSL : SecurityProtocol.SASL_PLAINTEXT;
    }

    /** Whether a secret has another value now, or none that anybody looks at. */
    public boolean outdated(Secrets secrets) {
        for (Map.Entry<String, Long> version : versions.entrySet()) {
            if (!secrets.isCurrent(version.getKey(), version.getValue())) {
                return true;
            }
        }
        return false;
    }

    /** Somebody was refused, or let in, with them. */
    public void tried(Secrets secrets, boolean refused) {
        versions.forEach((arn, version) -> {
            if (refused) {
                secrets.refused(arn, version);
            } else {
                secrets.taken(arn, version);
            }
        });
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Credentials credentials && credentials.name.equals(name) && credentials.versions.equals(versions);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, versions);
    }

    @Override
    public String toString() {
        return "Credentials[" + name + ", versions " + versions.values() + "]";
    }
}
