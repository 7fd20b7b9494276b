package dev.sluice.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/**
 * What does a client of each listener need? Files that Kafka's own tools and others take as they are, and the texts of the secrets that a
 * mapping would name; written anew at each start. No user's password is in them, but of the one that everybody knows.
 */
final class ClientFiles {

    private ClientFiles() {
    }

    static Path properties(Path directory, SecurityProtocol kind) {
        return directory.resolve(kind.name.toLowerCase(Locale.ROOT) + ".properties");
    }

    /** @param certificates null when no listener needs any @throws UncheckedIOException when a file can't be written */
    static void write(BrokerSecurity security, List<EmbeddedKafka.Listener> listeners, BrokerCertificates certificates) {
        Path directory = security.clientFiles();
        try {
            BrokerCertificates.createForOwner(directory);
            if (certificates != null) {
                Files.writeString(directory.resolve("ca.pem"), certificates.ca());
                Files.writeString(directory.resolve("client.pem"), certificates.clientKey() + certificates.clientCertificate());
                Files.writeString(directory.resolve("secret-root-ca.json"), json(Map.of("certificate", certificates.ca())));
                Files.writeString(directory.resolve("secret-client-certificate.json"),
                        json(Map.of("certificate", certificates.clientCertificate(), "privateKey", certificates.clientKey())));
            }
            for (EmbeddedKafka.Listener listener : listeners) {
                Files.writeString(properties(directory, listener.protocol()), text(security, listener));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The files for clients of the embedded broker in " + directory + ": " + e.getMessage(), e);
        }
    }

    private static String text(BrokerSecurity security, EmbeddedKafka.Listener listener) {
        StringBuilder text =
                new StringBuilder("# For clients of the " + listener.protocol().name + " listener of Sluice's embedded broker.\n");
        line(text, "bootstrap.servers", listener.bootstrapServers());
        boolean own = !security.users().isEmpty();
        settings(security, listener.protocol()).forEach((name, value) -> {
            switch (name) {
                case "ssl.keystore.type" -> text.append(switch (security.clientAuth()) {
                    case NONE -> "# The next two are for mutual TLS, which the listener doesn't ask for.\n";
                    case REQUESTED -> "# The next two are for mutual TLS; the listener also takes clients without a certificate.\n";
                    case REQUIRED -> "# The next two are for mutual TLS, without which the listener takes nobody.\n";
                });
                case "sasl.mechanism" -> text.append("# PLAIN and SCRAM-SHA-256 work too.\n");
                case "sasl.jaas.config" -> text
                        .append(own ? "# Put the password in: those of sluice.yaml are written nowhere.\n" : "");
                default -> {
                }
            }
            line(text, name, own && name.equals("sasl.jaas.config") ? logIn(user(security), "PASSWORD") : value);
        });
        return text.toString();
    }

    /** With a user's password, so not to be written anywhere where the config has made the users. */
    static Map<String, String> settings(BrokerSecurity security, SecurityProtocol kind) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("security.protocol", kind.name);
        if (BrokerSecurity.isTls(kind)) {
            settings.put("ssl.truststore.type", "PEM");
            settings.put("ssl.truststore.location", security.clientFiles().resolve("ca.pem").toString());
        }
        if (kind == SecurityProtocol.SSL) {
            settings.put("ssl.keystore.type", "PEM");
            settings.put("ssl.keystore.location", security.clientFiles().resolve("client.pem").toString());
        }
        if (BrokerSecurity.isSasl(kind)) {
            settings.put("sasl.mechanism", "SCRAM-SHA-512");
            settings.put("sasl.jaas.config", logIn(user(security), security.usersOrDefault().get(user(security))));
        }
        return settings;
    }

    private static String user(BrokerSecurity security) {
        return new TreeMap<>(security.usersOrDefault()).firstKey();
    }

    private static String logIn(String user, String password) {
        return "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"" + quoted(user) + "\" password=\""
                + quoted(password) + "\";";
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(name).append('=').append(value.replace("\\", "\\\\")).append('\n');
    }

    /** As JAAS wants it between quotation marks, where a line's end has an escape of its own. */
    private static String quoted(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n").replace("\r", "\\r");
    }

    /** Of texts without anything but line ends to be escaped. */
    private static String json(Map<String, String> members) {
        StringBuilder json = new StringBuilder("{");
        new TreeMap<>(members).forEach((name, value) -> json.append(json.length() == 1 ? "" : ",").append('"').append(name).append("\":\"")
                .append(value.replace("\n", "\\n")).append('"'));
        return json.append("}\n").toString();
    }
}
