package dev.sluice.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * A broker with log-ins, ACLs and TLS for all tests of one JVM, started by the first that asks and closed with the JVM. Tests share it, so
 * each takes users and topics of its own ({@link TestKafka#topicName}). Thread-safe.
 */
public final class SecuredKafka {

    /** A user of SASL/PLAIN; its password is {@link #PLAIN_PASSWORD} for good. */
    public static final String PLAIN_USER = "plain";
    public static final String PLAIN_PASSWORD = "plain-password";

    private static final int PATIENCE_SECONDS = 30;
    private static SecuredKafka shared;

    private final SecuredBroker broker;
    private final Certificates certificates;
    private final TestKafka open;

    private SecuredKafka(Path directory) throws Exception {
        certificates = Certificates.make(Files.createDirectory(directory.resolve("certificates")));
        broker = new SecuredBroker(Files.createDirectory(directory.resolve("data")), certificates, Map.of(PLAIN_USER, PLAIN_PASSWORD));
        open = TestKafka.at(broker.bootstrapServers(SecuredBroker.OPEN));
    }

    public static synchronized SecuredKafka shared() {
        if (shared == null) {
            try {
                Path directory = Files.createTempDirectory("secured-kafka");
                SecuredKafka kafka = new SecuredKafka(directory);
                Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                    kafka.open.close();
                    kafka.broker.close();
                    delete(directory);
                }, "secured-kafka-close"));
                shared = kafka;
            } catch (Exception e) {
                throw new IllegalStateException("The broker did not start", e);
            }
        }
        return shared;
    }

    /** Clients that may do everything. */
    public TestKafka unrestricted() {
        return open;
    }

    public String saslServers() {
        return broker.bootstrapServers(SecuredBroker.SASL);
    }

    public String tlsServers() {
        return broker.bootstrapServers(SecuredBroker.TLS);
    }

    public String mutualTlsServers() {
        return broker.bootstrapServers(SecuredBroker.MUTUAL_TLS);
    }

    /** What a client needs to log in with SCRAM-SHA-512. */
    public static Map<String, String> scram(String user, String password) {
        return Map.of("security.protocol", "SASL_PLAINTEXT", "sasl.mechanism", "SCRAM-SHA-512", "sasl.jaas.config",
                login("scram.ScramLoginModule", user, password));
    }

    /** What a client needs to log in with PLAIN. */
    public static Map<String, String> plain(String user, String password) {
        return Map.of("security.protocol", "SASL_PLAINTEXT", "sasl.mechanism", "PLAIN", "sasl.jaas.config",
                login("plain.PlainLoginModule", user, password));
    }

    /** What a client needs to know the broker by its certificate. */
    public Map<String, String> trust() {
        return Map.of("security.protocol", "SSL", "ssl.truststore.type", "PEM", "ssl.truststore.location",
                certificates.certificate("broker"));
    }

    /** The same, and the client's own certificate. */
    public Map<String, String> trustAndCertificate() {
        return Map.of("security.protocol", "SSL", "ssl.truststore.type", "PEM", "ssl.truststore.location",
                certificates.certificate("broker"), "ssl.keystore.type", "PKCS12", "ssl.keystore.location",
                certificates.keystore("client"), "ssl.keystore.password", Certificates.PASSWORD);
    }

    /** Gives a SCRAM user its first password, or another one. */
    public void setPassword(String user, String password) {
        await(open.admin().alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(user,
                new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4_096), password))).all());
    }

    public void allowReading(String user, ResourceType type, String name) {
        await(open.admin().createAcls(List.of(reading(user, type, name))).all());
    }

    public void allow(String user, AclOperation operation, ResourceType type, String name) {
        await(open.admin().createAcls(List.of(new AclBinding(new ResourcePattern(type, name, PatternType.LITERAL),
                new AccessControlEntry("User:" + user, "*", operation, AclPermissionType.ALLOW)))).all());
    }

    public void forbidReading(String user, ResourceType type, String name) {
        await(open.admin().deleteAcls(List.of(reading(user, type, name).toFilter())).all());
    }

    private static AclBinding reading(String user, ResourceType type, String name) {
        return new AclBinding(new ResourcePattern(type, name, PatternType.LITERAL),
                new AccessControlEntry("User:" + user, "*", AclOperation.READ, AclPermissionType.ALLOW));
    }

    private static String login(String module, String user, String password) {
        return "org.apache.kafka.common.security." + module + " required username=\"" + user + "\" password=\"" + password + "\";";
    }

    private static void await(Future<?> future) {
        try {
            future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void delete(Path directory) {
        try {
            Files.walkFileTree(directory, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path visited, IOException failure) throws IOException {
                    Files.deleteIfExists(visited);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
