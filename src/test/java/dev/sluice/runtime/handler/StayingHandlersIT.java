package dev.sluice.runtime.handler;

import static dev.sluice.fixture.FunctionsFixture.CALLER;
import static dev.sluice.fixture.FunctionsFixture.named;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fixture.CompiledHandler;
import dev.sluice.fixture.FunctionsFixture;
import dev.sluice.fixture.Recorded;
import dev.sluice.fixture.SecuredKafka;
import dev.sluice.fixture.TestKafka;
import dev.sluice.function.FunctionCode;
import dev.sluice.function.FunctionDefinition;
import dev.sluice.function.FunctionSettings;
import dev.sluice.function.Isolation;
import dev.sluice.runtime.JavaPlacement;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Handlers of the kind that most people write, with libraries that use much of a JVM, but want none for themselves. */
class StayingHandlersIT {

    @TempDir
    Path directory;
    private FunctionsFixture fixture;

    @BeforeEach
    void open() {
        fixture = new FunctionsFixture(directory, Isolation.AUTO);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private void function(String name, String source, List<Path> libraries, Map<String, String> environment) throws Exception {
        Object[] entries = libraries.stream().flatMap(jar -> java.util.stream.Stream.of("lib/" + jar.getFileName(), read(jar))).toArray();
        byte[] zip = CompiledHandler.compileAgainst(directory, name, source, libraries).zip(entries);
        Path jar = Files.write(directory.resolve(name + ".zip"), zip);
        fixture.functions.registry().register(name, new FunctionCode.LocalJar(jar),
                new FunctionSettings(null, "example." + name + "::handle",
                        null, "", Duration.ofSeconds(60), 512, environment));
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static List<Path> withLog4j(List<Path> jars) throws Exception {
        List<Path> all = new ArrayList<>(jars);
        all.addAll(CompiledHandler.copiedJars("log4j-core", "log4j-slf4j2-impl"));
        all.addAll(CompiledHandler.jarsOf("org.apache.logging.log4j.log4j-api", "org.slf4j.slf4j-api"));
        return all;
    }

    /** Twice at once, and again after a deploy: that is where names that are taken already would show. */
    private void staysHere(String name, String answer) throws Exception {
        for (int deploy = 0; deploy < 2; deploy++) {
            Recorded one = fixture.invoke(name, "\"\"");
            Recorded two = fixture.invoke(name, "\"\"");
            assertThat(one.answer()).isEqualTo(answer);
            assertThat(two.answer()).isEqualTo(answer);
            FunctionDefinition function = fixture.functions.registry().get(CALLER, named(name));
            assertThat(function.move()).isNull();
            assertThat(fixture.functions.placement(function).orElseThrow().place()).isEqualTo(JavaPlacement.Place.SHARED);
            fixture.timeout(name, 50 + deploy);
        }
    }

    private static final String PRODUCING = """
            public class Producing {
                public String handle(String event) throws Exception {
                    Properties settings = new Properties();
                    settings.load(new StringReader(System.getenv("SETTINGS")));
                    settings.put("key.serializer", "org.apache.kafka.common.serialization.StringSerializer");
                    settings.put("value.serializer", "org.apache.kafka.common.serialization.StringSerializer");
                    try (var producer = new org.apache.kafka.clients.producer.KafkaProducer<String, String>(settings)) {
                        return producer.partitionsFor(System.getenv("TOPIC")).size() + " partition";
                    }
                }
            }""";

    private static Map<String, String> kafka(Map<String, String> settings, String topic) throws Exception {
        Properties properties = new Properties();
        properties.putAll(settings);
        StringWriter text = new StringWriter();
        properties.store(text, null);
        return Map.of("SETTINGS", text.toString(), "TOPIC", topic);
    }

    @Test
    void aKafkaProducer() throws Exception {
        TestKafka kafka = TestKafka.shared();
        String topic = kafka.createTopic("staying-" + UUID.randomUUID(), 1);
        function("Producing", PRODUCING, withLog4j(CompiledHandler.jarsOf("org.apache.kafka.kafka-clients")),
                kafka(Map.of("bootstrap.servers", kafka.bootstrapServers()), topic));

        staysHere("Producing", "\"1 partition\"");
    }

    /** Kafka's client adds a security provider for each mechanism; the server's own client has done so, too. */
    @Test
    void aKafkaProducerThatLogsInWithScram() throws Exception {
        SecuredKafka kafka = SecuredKafka.shared();
        String topic = kafka.unrestricted().createTopic("staying-" + UUID.randomUUID(), 1);
        kafka.setPassword("producing", "secret");
        kafka.allowReading("producing", ResourceType.TOPIC, topic);
        Map<String, String> settings = new HashMap<>(SecuredKafka.scram("producing", "secret"));
        settings.put("bootstrap.servers", kafka.saslServers());
        function("Producing", PRODUCING, withLog4j(CompiledHandler.jarsOf("org.apache.kafka.kafka-clients")), kafka(settings, topic));

        staysHere("Producing", "\"1 partition\"");
    }

    @Test
    void aPoolOfConnectionsThatRegistersItsBeans() throws Exception {
        List<Path> jars = new ArrayList<>(CompiledHandler.copiedJars("HikariCP", "h2"));
        function("Pooling", """
                public class Pooling {
                    static final com.zaxxer.hikari.HikariDataSource POOL;
                    static {
                        var config = new com.zaxxer.hikari.HikariConfig();
                        config.setJdbcUrl("jdbc:h2:mem:" + UUID.randomUUID());
                        config.setDriverClassName("org.h2.Driver");
                        config.setPoolName("orders");
                        config.setRegisterMbeans(true);
                        config.setMaximumPoolSize(2);
                        POOL = new com.zaxxer.hikari.HikariDataSource(config);
                    }
                    public String handle(String event) throws Exception {
                        try (var connection = POOL.getConnection(); var statement = connection.createStatement();
                                var row = statement.executeQuery("SELECT 6 * 7")) {
                            row.next();
                            return row.getInt(1) + (POOL.getHikariPoolMXBean() == null ? " without a bean" : "");
                        }
                    }
                }""", withLog4j(jars), Map.of());

        staysHere("Pooling", "\"42\"");
    }

    @Test
    void aLoggerOfLog4j() throws Exception {
        function("Logging", """
                public class Logging {
                    private static final org.apache.logging.log4j.Logger LOG = org.apache.logging.log4j.LogManager.getLogger(Logging.class);
                    public String handle(String event) {
                        LOG.error("logged by log4j");
                        return "logged";
                    }
                }""", withLog4j(List.of()), Map.of());

        staysHere("Logging", "\"logged\"");
        assertThat(fixture.output()).contains("logged by log4j");
    }
}
