package dev.sluice.server;

import static dev.sluice.fixture.SettingsRequests.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.aws.AwsEndpoints;
import dev.sluice.cluster.ClusterConfiguration;
import dev.sluice.cluster.SourcePattern;
import dev.sluice.embedded.BrokerSecurity.ClientAuth;
import dev.sluice.function.ClassPathEntry;
import dev.sluice.function.FunctionCode;
import dev.sluice.function.FunctionSettings;
import dev.sluice.function.Isolation;
import dev.sluice.function.LocalOptions;
import dev.sluice.mapping.EventSourceMappings;
import dev.sluice.mapping.KafkaConfig;
import dev.sluice.mapping.KafkaConfig.Access;
import dev.sluice.mapping.KafkaConfig.Registry;
import dev.sluice.mapping.KafkaConfig.Validation;
import dev.sluice.mapping.Monitoring.MetricGroup;
import dev.sluice.mapping.Monitoring.SystemLogLevel;
import dev.sluice.mapping.SchemaRegistry.Attribute;
import dev.sluice.mapping.SchemaRegistry.AuthType;
import dev.sluice.mapping.SchemaRegistry.EventRecordFormat;
import dev.sluice.mapping.SettingsRequest.Failures;
import dev.sluice.mapping.SettingsRequest.Logging;
import dev.sluice.mapping.SettingsRequest.Pollers;
import dev.sluice.mapping.SourceAccessConfiguration;
import dev.sluice.mapping.SourceRequest;
import dev.sluice.mapping.StartingPosition;
import dev.sluice.resource.FunctionReference;
import dev.sluice.resource.Tags;
import dev.sluice.secret.ConfiguredSecrets;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigFileIT {

    private static final String ARN = "arn:aws:kafka:us-west-2:111111111111:cluster/my-cluster/fc2f5bdf-fd1b-45ad-85dd-15b4a5a6247e-2";
    private static final String SECRET = "arn:aws:secretsmanager:us-east-1:000000000000:secret:scram-AbCdEf";

    @TempDir
    private Path directory;

    @Test
    void readsEveryKey() throws IOException {
        ServerConfig config = load("""
                host: 0.0.0.0
                port: ${PORT:-5000}
                dataDir: data
                kafka: [a:1, b:2]
                embeddedKafkaPort: 0
                embeddedKafkaAdvertise: kafka:29092
                embeddedKafkaSslClientAuth: none
                embeddedKafkaUsers: {alice: {value: 'a: b'}}
                strictClusters: true
                joinForeignGroups: true
                region: eu-central-1
                accountId: 012345678901   # YAML 1.1 would make an octal number of it
                relaxed: true
                movableClock: true
                isolation: process
                runtimes: {python3.12: .venv/bin/python, nodejs22.x: /opt/node/bin/node}
                layers:
                  arn:aws:lambda:us-east-1:012345678901:layer:deps:3: layers/deps.zip
                  arn:aws:lambda:us-east-1:012345678901:layer:deps: /opt/deps
                allowedHosts: [sluice.example]
                retry: {initialBackoff: 1s, maxBackoff: 2s}
                timeouts: {broker: 1s, stop: 2s, revoke: 3s, abandonedCall: 4s, unrecoverable: 5s, refusedLogIn: 6s, secretAge: 7s}
                endpoints: {sqs: 'http://localhost:4566', sns: 'http://localhost:4566', s3: 'http://localhost:9000',
                            secretsmanager: 'http://localhost:4566'}
                secrets:
                  arn:aws:secretsmanager:us-east-1:000000000000:secret:scram-AbCdEf: {value: '{"username":"u","password":"p: q"}'}
                  block: {value: {username: u, password: 0123}}
                  ca: {file: certificates/ca.json}
                  from-variable: {variable: JAAS}
                functionEnvironment: {AWS_ENDPOINT_URL_DYNAMODB: 'http://localhost:${DYNAMODB_PORT:-8000}', RATE: 1.50}
                clusters:
                  - arn: %s
                    bootstrapServers: b-1.example:9094,b-2.example:9094
                    properties:
                      security.protocol: SASL_SSL
                      sasl.jaas.config: ${JAAS}
                  - bootstrapServers: localhost:9094
                    listener: sasl_ssl
                    sourceAccessConfigurations: [{type: SASL_SCRAM_512_AUTH, uri: '%s'}]
                functions:
                  orders:
                    jar: target/orders.jar
                    handler: com.example.Orders::handle
                    timeoutSeconds: 30
                    memoryMb: 512
                    environment: {TABLE: orders, RATE: 1.50, EMPTY: }
                  tree: {classpath: [target/classes, 'target/dependency/*.jar', /opt/x.jar], handler: H}
                  laidOut: {directory: build/function, handler: H, debug: true}
                  apart: {directory: build/function, handler: H, isolation: process, debugPort: 5005}
                  together: {directory: build/function, handler: H, isolation: jvm}
                  java: {directory: build/function, handler: H, runtime: java21}
                  python: {directory: ../app, handler: app.handler, runtime: python3.12}
                  custom: {directory: app, runtime: provided.al2023}
                  command: {command: [node, --port, 1, ''], handler: app.handler, debug: true}
                  script: {command: [./run.sh], workingDirectory: scripts, attach: false}
                  attached: {attach: true, timeoutSeconds: 5}
                  web: {url: 'http://localhost:8080/orders'}
                  rie: {invokeUrl: 'http://localhost:9000/2015-03-31/functions/function/invocations'}
                mappings:
                  orders:
                    function: orders
                    eventSourceArn: %s
                    topic: Orders
                    startingPosition: LATEST
                    batchSize: 500
                    maximumBatchingWindowInSeconds: 0
                    enabled: false
                    consumerGroupId: my-group
                    filterPatterns: ['{"value": {"a": [1, 2]}}', '{"value": {"b": [3]}}']
                    maximumRetryAttempts: -1
                    maximumRecordAgeInSeconds: 60
                    bisectBatchOnFunctionError: true
                    functionResponseTypes: [ReportBatchItemFailures]
                    onFailureDestination: kafka://dead
                    provisionedPollerConfig: {minimumPollers: 2, maximumPollers: 3, pollerGroupName: g}
                    systemLogLevel: INFO
                    metrics: [EventCount, KafkaMetrics]
                    kmsKeyArn: arn:aws:kms:us-east-1:000000000000:key/k
                    schemaRegistryConfig:
                      schemaRegistryURI: https://registry
                      eventRecordFormat: JSON
                      accessConfigs: [{type: BASIC_AUTH, uri: 'arn:aws:secretsmanager:us-east-1:000000000000:secret:s'}]
                      schemaValidationConfigs: [KEY, VALUE]
                    tags: {team: payments, none: }
                    joinForeignGroups: true
                  mine:
                    function: web:live
                    bootstrapServers: [kafka:9092]
                    topics: [a1, b1]
                    startingPosition: AT_TIMESTAMP
                    startingPositionTimestamp: '2026-01-31T12:00:00Z'
                    sourceAccessConfigurations:
                      - {type: VPC_SUBNET, uri: 'subnet:subnet-local'}
                    filterPatterns: '{"value": {"a": [1, 2]}}'
                """.formatted(ARN, SECRET, ARN), Map.of("JAAS", "example.Module required password=secret;"));

        assertThat(config.http()).isEqualTo(new ServerConfig.Http("0.0.0.0", 5000, List.of("sluice.example"), false));
        assertThat(config.dataDir()).isEqualTo(directory.resolve("data"));
        assertThat(config.kafka()).isEqualTo(new ServerConfig.Kafka(List.of("a:1", "b:2"),
                new ServerConfig.EmbeddedBroker(0, List.of("kafka:29092"), null, ClientAuth.NONE,
                        Map.of("alice", "a: b")),
                List.of(new ClusterConfiguration(List.of(SourcePattern.parse(ARN).orElseThrow()),
                        List.of("b-1.example:9094", "b-2.example:9094"),
                        Map.of("security.protocol", "SASL_SSL", "sasl.jaas.config",
                                "example.Module required password=secret;"),
                        null),
                        new ClusterConfiguration(List.of(), List.of("localhost:9094"), Map.of(), null, SecurityProtocol.SASL_SSL,
                                List.of(new SourceAccessConfiguration("SASL_SCRAM_512_AUTH", SECRET)))),
                true, true));
        assertThat(config.kafka().embedded()).isFalse();
        assertThat(config.aws().scope().accountId()).isEqualTo("012345678901");
        assertThat(config.aws().scope().region()).isEqualTo("eu-central-1");
        assertThat(config.aws().relaxed()).isTrue();
        assertThat(config.declarations().runtimes()).isEqualTo(new ServerConfig.Runtimes(Isolation.PROCESS,
                Map.of("python3.12", directory.resolve(".venv/bin/python"), "nodejs22.x", Path.of("/opt/node/bin/node")),
                Map.of("arn:aws:lambda:us-east-1:012345678901:layer:deps:3", directory.resolve("layers/deps.zip"),
                        "arn:aws:lambda:us-east-1:012345678901:layer:deps", Path.of("/opt/deps"))));
        assertThat(config.aws().endpoints()).isEqualTo(new AwsEndpoints(URI.create("http://localhost:4566"),
                URI.create("http://localhost:4566"), URI.create("http://localhost:9000"), URI.create("http://localhost:4566")));
        assertThat(config.aws().secrets()).isEqualTo(new ConfiguredSecrets(Map.of(
                "arn:aws:secretsmanager:us-east-1:000000000000:secret:scram-AbCdEf",
                new ConfiguredSecrets.Entry.Value("{\"username\":\"u\",\"password\":\"p: q\"}"),
                "block", new ConfiguredSecrets.Entry.Value("{\"username\":\"u\",\"password\":\"0123\"}"),
                "ca", new ConfiguredSecrets.Entry.InFile(directory.resolve("certificates/ca.json")),
                "from-variable", new ConfiguredSecrets.Entry.Value("example.Module required password=secret;"))));
        assertThat(config.timing()).isEqualTo(new ServerConfig.Timing(
                new ServerConfig.Retry(Duration.ofSeconds(1), Duration.ofSeconds(2)),
                new ServerConfig.Timeouts(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(3), Duration.ofSeconds(4),
                        Duration.ofSeconds(5), Duration.ofSeconds(6), Duration.ofSeconds(7)),
                true));
        assertThat(config.declarations().environment().variables())
                .isEqualTo(Map.of("AWS_ENDPOINT_URL_DYNAMODB", "http://localhost:8000", "RATE", "1.50"));
        assertThat(config.declarations().functions()).containsExactly(
                new ServerConfig.DeclaredFunction("orders", new FunctionCode.LocalJar(directory.resolve("target/orders.jar")),
                        new FunctionSettings(null, "com.example.Orders::handle", null, "", Duration.ofSeconds(30), 512,
                                Map.of("TABLE", "orders", "RATE", "1.50", "EMPTY", ""))),
                new ServerConfig.DeclaredFunction("tree", new FunctionCode.LocalTree(List.of(
                        new ClassPathEntry(directory.resolve("target/classes"), null),
                        new ClassPathEntry(directory.resolve("target/dependency"), "*.jar"),
                        new ClassPathEntry(Path.of("/opt/x.jar"), null))), handler()),
                new ServerConfig.DeclaredFunction("laidOut", FunctionCode.LocalTree.ofDirectory(directory.resolve("build/function")),
                        handler().with(new LocalOptions(null, true, null))),
                new ServerConfig.DeclaredFunction("apart", FunctionCode.LocalTree.ofDirectory(directory.resolve("build/function")),
                        handler().with(new LocalOptions(Isolation.PROCESS, false, 5005))),
                new ServerConfig.DeclaredFunction("together", FunctionCode.LocalTree.ofDirectory(directory.resolve("build/function")),
                        handler().with(new LocalOptions(Isolation.JVM, false, null))),
                new ServerConfig.DeclaredFunction("java", FunctionCode.LocalTree.ofDirectory(directory.resolve("build/function")),
                        said("java21", "H", 3)),
                new ServerConfig.DeclaredFunction("python", new FunctionCode.LocalDirectory(directory.resolveSibling("app"), List.of()),
                        said("python3.12", "app.handler", 3)),
                new ServerConfig.DeclaredFunction("custom", new FunctionCode.LocalDirectory(directory.resolve("app"), List.of()),
                        said("provided.al2023", null, 3)),
                new ServerConfig.DeclaredFunction("command", new FunctionCode.LocalDirectory(directory, List.of("node", "--port", "1", "")),
                        said(null, "app.handler", 3).with(new LocalOptions(null, true, null))),
                new ServerConfig.DeclaredFunction("script",
                        new FunctionCode.LocalDirectory(directory.resolve("scripts"), List.of("./run.sh")),
                        untouched()),
                new ServerConfig.DeclaredFunction("attached", new FunctionCode.Attached(), said(null, null, 5)),
                new ServerConfig.DeclaredFunction("web",
                        new FunctionCode.HttpEndpoint(URI.create("http://localhost:8080/orders"), false), untouched()),
                new ServerConfig.DeclaredFunction("rie", new FunctionCode.HttpEndpoint(
                        URI.create("http://localhost:9000/2015-03-31/functions/function/invocations"), true), untouched()));
        assertThat(config.declarations().mappings()).containsExactly(
                new ServerConfig.DeclaredMapping("orders", new EventSourceMappings.Create(
                        new FunctionReference(null, null, "orders", null),
                        new SourceRequest(ARN, null, List.of("Orders"), SourceRequest.Position.of(StartingPosition.LATEST), "my-group"),
                        false,
                        settings().batchSize(500).maximumBatchingWindow(Duration.ZERO)
                                .filterPatterns("{\"value\": {\"a\": [1, 2]}}", "{\"value\": {\"b\": [3]}}")
                                .failures(new Failures(-1, 60, true, true, "kafka://dead")).provisionedPollers(new Pollers(2, 3, "g"))
                                .logging(new Logging(SystemLogLevel.INFO))
                                .metrics(MetricGroup.EVENT_COUNT, MetricGroup.KAFKA_METRICS)
                                .kmsKeyArn("arn:aws:kms:us-east-1:000000000000:key/k")
                                .kafka(new KafkaConfig(null, null, new Registry("https://registry", EventRecordFormat.JSON,
                                        List.of(new Access(AuthType.BASIC_AUTH, "arn:aws:secretsmanager:us-east-1:000000000000:secret:s")),
                                        List.of(new Validation(Attribute.KEY), new Validation(Attribute.VALUE)))), KafkaConfig.NONE)
                                .build(),
                        new Tags(Map.of("team", "payments", "none", "")), true)),
                new ServerConfig.DeclaredMapping("mine", new EventSourceMappings.Create(
                        new FunctionReference(null, null, "web", "live"),
                        new SourceRequest(null, List.of("kafka:9092"), List.of("a1", "b1"),
                                SourceRequest.Position.of(StartingPosition.atTimestamp(Instant.parse("2026-01-31T12:00:00Z"))), null),
                        null,
                        settings().sourceAccessConfigurations(List.of(new SourceAccessConfiguration("VPC_SUBNET", "subnet:subnet-local")))
                                .filterPatterns("{\"value\": {\"a\": [1, 2]}}").build(),
                        Tags.NONE, false)));
    }

    private static FunctionSettings said(String runtime, String handler, int timeoutSeconds) {
        return new FunctionSettings(runtime, handler, null, "", Duration.ofSeconds(timeoutSeconds), FunctionSettings.DEFAULT_MEMORY_MB,
                Map.of());
    }

    private static FunctionSettings handler() {
        return said(null, "H", 3);
    }

    private static FunctionSettings untouched() {
        return said(null, null, 3);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "prot: 1 | prot: unknown key; did you mean 'port'?",
            "port: [1, 2] | port: is a list; allowed is a single value",
            "port: {a: 1} | port: is a block; allowed is a single value",
            "port: a | port: is 'a'; allowed is a whole number from 0 to 65535",
            "host: ${NOBODY} | host: is '${NOBODY}'; allowed is a variable that is set: NOBODY is not; ${NOBODY:-default} gives a default",
            "retry: 5s | retry: is a single value; allowed is a block of keys",
            "retry: {inital: 5s} | retry.inital: unknown key; did you mean 'initialBackoff'?",
            "functionEnvironment: {a-b: c} | functionEnvironment.a-b: is no variable's name; allowed are letters, digits and _, beginning with a letter",
            "clusters: {arn: x} | clusters: is a block; allowed is a list",
            "clusters: [{arn: x, bootstrapServers: a:1}] | clusters[0].arn: is 'x'; allowed is the ARN of an MSK cluster, arn:aws:kafka:REGION:ACCOUNT:cluster/NAME/ID",
            "clusters: [{match: [x], bootstrapServers: a:1}] | clusters[0].match[0]: is 'x'; allowed is the ARN of an MSK cluster or HOST:PORT of a broker, each with * for any characters",
            "clusters: [{bootstrapServers: a:1, advertise: x}] | clusters[0].advertise: is 'x'; allowed is HOST:PORT, several separated by commas, without a scheme",
            "clusters: [{bootstrapServers: a:1, properties: {security.protocl: SSL}}] | clusters[0].properties.security.protocl: is no setting of Kafka's clients; did you mean 'security.protocol'?",
            "clusters: [{bootstrapServers: a:1, listener: tls}] | clusters[0].listener: is 'tls'; allowed is plaintext, ssl, sasl_plaintext or sasl_ssl",
            "clusters: [{bootstrapServers: a:1, listener: ssl, properties: {security.protocol: SASL_SSL}}] | clusters[0].listener: is 'ssl', and properties.security.protocol is 'SASL_SSL'; allowed is one of the two, or the same in both",
            "clusters: [{bootstrapServers: a:1, sourceAccessConfigurations: [{type: VPC_SUBNET, uri: 'subnet:subnet-a'}]}] | clusters[0].sourceAccessConfigurations: has type 'VPC_SUBNET'; allowed are BASIC_AUTH, SASL_SCRAM_256_AUTH, SASL_SCRAM_512_AUTH, CLIENT_CERTIFICATE_TLS_AUTH, SERVER_ROOT_CA_CERTIFICATE, OAUTHBEARER_AUTH and what goes with it",
            "clusters: [{bootstrapServers: a:1, sourceAccessConfigurations: [{type: BASIC_AUTH}]}] | clusters[0].sourceAccessConfigurations: has no uri for BASIC_AUTH, which needs one",
            "secrets: {s: {value: pw, file: pw}} | secrets.s: needs exactly one of value, file, variable",
            "embeddedKafkaSslClientAuth: want | embeddedKafkaSslClientAuth: is 'want'; allowed is none, requested or required",
            "embeddedKafkaListeners: plain | embeddedKafkaListeners: is 'plain'; allowed is plaintext, ssl, sasl_plaintext or sasl_ssl",
            "embeddedKafkaListeners: [ssl, SSL] | embeddedKafkaListeners: is 'ssl,SSL'; allowed is each kind once: plaintext, ssl, sasl_plaintext, sasl_ssl",
            "embeddedKafkaUsers: {a: {file: no.such.file}} | embeddedKafkaUsers.a: has no text; allowed is a value, a variable, or a file that can be read",
            "embeddedKafkaUsers: {a: {value: ''}} | embeddedKafkaUsers.a: has no text; allowed is a value, a variable, or a file that can be read",
            "secrets: {s: {}} | secrets.s: needs exactly one of value, file, variable",
            "secrets: {s: pw} | secrets.s: is a single value; allowed is a block of keys",
            "secrets: {s: {variable: NO_SUCH_VARIABLE}} | secrets.s.variable: is 'NO_SUCH_VARIABLE', which is not set; allowed is the name of a variable that has the secret's text",
            "secrets: {s: {value: pw, valeu: pw}} | secrets.s.valeu: unknown key; did you mean 'value'?",
            "clusters: [{properties: {}}] | clusters[0].bootstrapServers: is missing; a cluster needs it",
            "clusters: [a] | clusters[0]: is a single value; allowed is a block of keys",
            "clusters: [{bootstrapServers: a:1, properties: {a: [1]}}] | clusters[0].properties.a: is a list; allowed is a single value",
            "functions: [{url: http://a}] | functions: is a list; allowed is a block with one name for each",
            "functions: {f: {url: http://a, timout: 3}} | functions.f.timout: unknown key; did you mean 'timeoutSeconds'?",
            "functions: {f: {url: http://a, timeoutSeconds: 901}} | functions.f.timeoutSeconds: is '901'; allowed is a whole number from 1 to 900",
            "functions: {f: {url: http://a, memoryMb: 1}} | functions.f.memoryMb: is '1'; allowed is a whole number from 128 to 10240",
            "clusters: [{bootstrapServers: 'a:1', properties: {sasl.jaas.config: 'a.B pw'}}] | clusters[0].properties.sasl.jaas.config: can't be "
                    + "read; allowed is MODULE required username=\"…\" password=\"…\"; where MODULE is Kafka's log-in module with its package",
            "functions: {f: {url: 'http://u:pw@a/'}} | functions.f.url: is 'http://…@a/'; allowed is a URL that names no user",
            "functions: {f: {url: ftp://a}} | functions.f.url: is 'ftp://a'; allowed is a URL that starts with http:// or https://",
            "functions: {f: {}} | functions.f: has no code; one of jar, classpath, directory, command, attach, url, invokeUrl is needed",
            "functions: {f: {attach: false}} | functions.f: has no code; one of jar, classpath, directory, command, attach, url, invokeUrl is needed",
            "functions: {f: {attach: yes}} | functions.f.attach: is 'yes'; allowed is true or false",
            "functions: {f: {attach: true, handler: x}} | functions.f.handler: goes with jar, classpath, directory, command and with nothing else",
            "functions: {f: {attach: true, debugPort: 1}} | functions.f.debugPort: goes with jar, classpath, directory and with nothing else",
            "functions: {f: {command: node server.mjs}} | functions.f.command: is 'node server.mjs'; allowed is a list of the program and its arguments, as in [node, server.mjs]",
            "functions: {f: {command: {a: b}}} | functions.f.command: is a block; allowed is a list of the program and its arguments, as in [node, server.mjs]",
            "functions: {f: {command: []}} | functions.f.command: names no program; allowed is a list of the program and its arguments, as in [node, server.mjs]",
            "functions: {f: {command: [' ', a]}} | functions.f.command: names no program; allowed is a list of the program and its arguments, as in [node, server.mjs]",
            "functions: {f: {command: [a, [b]]}} | functions.f.command[1]: is a list; allowed is a single value",
            "functions: {f: {command: [a], runtime: python3.12}} | functions.f.runtime: goes with jar, classpath, directory and with nothing else",
            "functions: {f: {command: [a], isolation: jvm}} | functions.f.isolation: goes with jar, classpath, directory and with nothing else",
            "functions: {f: {directory: a, workingDirectory: b, handler: H}} | functions.f.workingDirectory: goes with command and with nothing else",
            "functions: {f: {directory: a, handler: H, runtime: python2.7}} | functions.f.runtime: is 'python2.7'; allowed is javaNN as in java21, python3.NN as in python3.12, nodejsNN.x as in nodejs22.x, provided.al2 or provided.al2023",
            "functions: {f: {directory: a, runtime: go1.x}} | functions.f.runtime: is 'go1.x'; allowed is javaNN as in java21, python3.NN as in python3.12, nodejsNN.x as in nodejs22.x, provided.al2 or provided.al2023",
            "functions: {f: {directory: a, runtime: python3.12}} | functions.f.handler: is missing; python3.12 needs it, as in app.handler",
            "functions: {f: {directory: a, runtime: nodejs22.x}} | functions.f.handler: is missing; nodejs22.x needs it, as in index.handler",
            "functions: {f: {directory: a, runtime: java21}} | functions.f.handler: is missing; Java code needs it, as in com.example.Orders::handleRequest",
            "functions: {f: {jar: a, handler: H, runtime: nodejs22.x}} | functions.f.runtime: is nodejs22.x; allowed with jar and classpath is one of Java as in java21, and with directory also others",
            "functions: {f: {directory: a, handler: H, runtime: nodejs22.x, isolation: process}} | functions.f.isolation: goes with Java code and with nothing else, and runtime is nodejs22.x",
            "runtimes: {python3.12: python3} | runtimes.python3.12: is 'python3'; allowed is the path of a program, as in .venv/bin/python or /usr/bin/python3",
            "runtimes: {python3.12: } | runtimes.python3.12: is ''; allowed is the path of a program, as in .venv/bin/python or /usr/bin/python3",
            "runtimes: {java21: /opt/java} | runtimes.java21: is no runtime that a program of this machine runs; allowed are python3.NN as in python3.12 and nodejsNN.x as in nodejs22.x",
            "runtimes: {python3.12: [a/b]} | runtimes.python3.12: is a list; allowed is a single value",
            "layers: {deps: a.zip} | layers.deps: is no layer's ARN; allowed are arn:aws:lambda:REGION:ACCOUNT:layer:NAME:VERSION and the same without :VERSION, for every version",
            "layers: {'arn:aws:lambda:us-east-1:012345678901:layer:deps:1': ' '} | layers.arn:aws:lambda:us-east-1:012345678901:layer:deps:1: is ' '; allowed is a text that is not empty",
            "functions: {f: {url: http://a, invokeUrl: http://a}} | functions.f: has more than one of jar, classpath, directory, command, attach, url, invokeUrl; exactly one is needed",
            "functions: {f: {jar: a.jar}} | functions.f.handler: is missing; Java code needs it, as in com.example.Orders::handleRequest",
            "functions: {f: {url: http://a, handler: x}} | functions.f.handler: goes with jar, classpath, directory, command and with nothing else",
            "functions: {f: {directory: out}} | functions.f.handler: is missing; Java code needs it, as in com.example.Orders::handleRequest",
            "functions: {f: {classpath: [out, 'a/*/b'], handler: H}} | functions.f.classpath[1]: is 'a/*/b'; allowed is a directory, a JAR, or the JARs of a directory as in target/dependency/*.jar",
            "functions: {f: {classpath: [], handler: H}} | functions.f.classpath: has no entry that can be used; at least one is needed",
            "functions: {f: {classpath: {a: b}, handler: H}} | functions.f.classpath: is a block; allowed is a list of single values",
            "functions: {f: {url: http://a, debug: 1}} | functions.f.debug: is '1'; allowed is true or false",
            "isolation: docker | isolation: is 'docker'; allowed is auto, jvm or process",
            "functions: {f: {jar: a.jar, handler: H, isolation: Process}} | functions.f.isolation: is 'Process'; allowed is auto, jvm or process",
            "functions: {f: {jar: a.jar, handler: H, isolation: docker, debugPort: 5005}} | functions.f.isolation: is 'docker'; allowed is auto, jvm or process",
            "functions: {f: {url: http://a, isolation: jvm}} | functions.f.isolation: goes with jar, classpath, directory and with nothing else",
            "functions: {f: {url: http://a, debugPort: 5005}} | functions.f.debugPort: goes with jar, classpath, directory and with nothing else",
            "functions: {f: {jar: a.jar, handler: H, debugPort: 0}} | functions.f.debugPort: is '0'; allowed is a whole number from 1 to 65535",
            "functions: {f: {jar: a.jar, handler: H, debugPort: 65536}} | functions.f.debugPort: is '65536'; allowed is a whole number from 1 to 65535",
            "functions: {f: {jar: a.jar, handler: H, isolation: jvm, debugPort: 5005}} | functions.f.debugPort: goes with isolation: process, and isolation is jvm; "
                    + "a debugger of the server's own JVM needs no debugPort",
            "functions: {f: {jar: a.jar, handler: H, debugPort: 5005}, g: {directory: out, handler: H, debugPort: 5005}} | functions.g.debugPort: is 5005, as that "
                    + "of functions.f; allowed is a port that no other function has",
            "functions: {f g: {url: http://a}} | functions.f g: is no function name; allowed are 1 to 64 letters, digits, - and _",
            "functions: {f: {url: http://a, environment: x}} | functions.f.environment: is a single value; allowed is a block of names and values",
            "mappings: {m: {bootstrapServers: a:1, topic: tt}} | mappings.m.function: is missing; a mapping needs it",
            "mappings: {m: {function: f, topic: tt}} | mappings.m: needs exactly one of eventSourceArn, bootstrapServers",
            "mappings: {m: {function: f, bootstrapServers: a:1}} | mappings.m: needs exactly one of topic, topics",
            "mappings: {m: {function: f, bootstrapServers: a:1, topics: [aa, bb]}} | mappings.m.topics: has 2 topics; allowed is 1, as on AWS (relaxed: true lifts this)",
            "mappings: {m: {function: f, bootstrapServers: a:1, topic: t!}} | mappings.m.topic: is 't!'; allowed are 2 to 249 letters, digits, ., _ and -, not beginning with a .",
            "mappings: {m: {function: f, bootstrapServers: a:1, topic: tt, batchSize: 0}} | mappings.m.batchSize: is '0'; allowed is a whole number from 1 to 10000",
            "mappings: {m: {function: f, bootstrapServers: a:1, topic: tt, startingPosition: latest}} | mappings.m.startingPosition: is 'latest'; allowed is TRIM_HORIZON or LATEST or AT_TIMESTAMP",
            "mappings: {m: {function: f, bootstrapServers: a:1, topic: tt, startingPosition: AT_TIMESTAMP}} | mappings.m.startingPositionTimestamp: is missing; AT_TIMESTAMP needs it",
            "mappings: {m: {function: f, bootstrapServers: a:1, topic: tt, BatchSize: 1}} | mappings.m.BatchSize: unknown key; did you mean 'batchSize'?",
            "mappings: {m: {function: f, bootstrapServers: a:1, topic: tt, maximumRetryAttempts: -2}} | mappings.m.maximumRetryAttempts: is '-2'; allowed is a whole number from -1 to 10000",
            "mappings: {m: {function: f, bootstrapServers: a:1, topic: tt, maximumRecordAgeInSeconds: 59}} | mappings.m.maximumRecordAgeInSeconds: is '59'; allowed is -1 or a whole number from 60 to 604800",
            "mappings: {m: {function: f, bootstrapServers: a:1, topic: tt, bisectBatchOnFunctionError: yes}} | mappings.m.bisectBatchOnFunctionError: is 'yes'; allowed is true or false",
            "mappings: {m: {function: f, bootstrapServers: a:1, topic: tt, functionResponseTypes: [ReportItems]}} | mappings.m.functionResponseTypes[0]: is 'ReportItems'; allowed is ReportBatchItemFailures",
            "mappings: {m: {function: f, bootstrapServers: a:1, topic: tt, filterPatterns: [{value: a}]}} | mappings.m.filterPatterns[0]: is a block; allowed is a single value",
            "mappings: {m: {function: f, bootstrapServers: a:1, topic: tt, filterPatterns: {value: a}}} | mappings.m.filterPatterns: is a block; allowed is a list of single values",
            "mappings: {m: {function: f, bootstrapServers: a:1, topic: tt, provisionedPollerConfig: 3}} | mappings.m.provisionedPollerConfig: is a single value; allowed is a block of keys",
            "mappings: {m: {function: f, bootstrapServers: a:1, topic: tt, provisionedPollerConfig: {minimumPollers: 0}}} | mappings.m.provisionedPollerConfig.minimumPollers: is '0'; allowed is a whole number from 1 to 200",
            "mappings: {m: {function: f, bootstrapServers: a:1, topic: tt, provisionedPollerConfig: {maximumPoller: 1}}} | mappings.m.provisionedPollerConfig.maximumPoller: unknown key; did you mean 'maximumPollers'?",
            "mappings: {m: {function: f, bootstrapServers: a:1, topic: tt, provisionedPollerConfig: {pollerGroupName: a b}}} | mappings.m.provisionedPollerConfig.pollerGroupName: is 'a b'; allowed is 1 to 128 letters, digits, - and _",
            "mappings: {m: {function: f, bootstrapServers: a:1, topic: tt, systemLogLevel: ERROR}} | mappings.m.systemLogLevel: is 'ERROR'; allowed is DEBUG or INFO or WARN",
            "mappings: {m: {function: f, bootstrapServers: a:1, topic: tt, metrics: EventCounts}} | mappings.m.metrics: is 'EventCounts'; allowed is EventCount or ErrorCount or KafkaMetrics",
            "mappings: {m: {function: f, bootstrapServers: a:1, topic: tt, kmsKeyArn: my-key}} | mappings.m.kmsKeyArn: is 'my-key'; allowed is the ARN of a key, arn:aws:kms:REGION:ACCOUNT:key/ID",
            "mappings: {m: {function: f, bootstrapServers: a:1, topic: tt, schemaRegistryConfig: {eventRecordFormat: AVRO}}} | mappings.m.schemaRegistryConfig.eventRecordFormat: is 'AVRO'; allowed is JSON or SOURCE",
            "mappings: {m: {function: f, bootstrapServers: a:1, topic: tt, schemaRegistryConfig: {schemaValidationConfigs: [KEYS]}}} | mappings.m.schemaRegistryConfig.schemaValidationConfigs[0]: is 'KEYS'; allowed is KEY or VALUE",
            "mappings: {m: {function: f, bootstrapServers: a:1, topic: tt, schemaRegistryConfig: {accessConfigs: [{type: NONE}]}}} | mappings.m.schemaRegistryConfig.accessConfigs[0].type: is 'NONE'; allowed is BASIC_AUTH or CLIENT_CERTIFICATE_TLS_AUTH or OAUTHBEARER_AUTH or SERVER_ROOT_CA_CERTIFICATE",
            "mappings: {m: {function: f, bootstrapServers: a:1, topic: tt, tags: {'aws:a': b}}} | mappings.m.tags: The key of tag 'aws:a' begins with aws:, which AWS keeps for itself.",
            "mappings: {m: {function: f, bootstrapServers: a:1, topic: tt, joinForeignGroups: 1}} | mappings.m.joinForeignGroups: is '1'; allowed is true or false",
            "mappings: {m: {function: 'a b', bootstrapServers: a:1, topic: tt}} | mappings.m.function: is 'a b'; allowed is a function's name or ARN",
    })
    void refuses(String yaml, String problem) {
        assertThatThrownBy(() -> load(yaml, Map.of())).isInstanceOfSatisfying(InvalidConfigException.class,
                e -> assertThat(e.problems()).containsExactly("sluice.yaml: " + problem));
    }

    @Test
    void tellsEveryProblemOfWhereFunctionsRunAtOnce() {
        assertThatThrownBy(() -> load("""
                functions:
                  a: {jar: a.jar, handler: H, isolation: jvm, debugPort: 5005}
                  b: {url: 'http://b', isolation: process, debugPort: x}
                  c: {jar: a.jar, debugPort: 5005}
                  d: {handler: H, classpath: ['?*/'], debugPort: 5006}
                  e: {directory: out, handler: H, isolation: process, debugPort: 5006}
                isolation: on
                """, Map.of())).isInstanceOfSatisfying(InvalidConfigException.class, e -> assertThat(e.problems())
                .extracting(problem -> problem.split(": ")[1]).containsExactlyInAnyOrder("functions.a.debugPort",
                        "functions.b.isolation", "functions.b.debugPort", "functions.b.debugPort", "functions.c.handler",
                        "functions.d.classpath[0]", "functions.d.classpath", "functions.e.debugPort", "isolation"));
    }

    @Test
    void refusesAKeyThatIsThereTwice() {
        assertThatThrownBy(() -> load("port: 1\nfunctions:\n  a: {url: 'http://a'}\n  a: {url: 'http://b'}\nport: 2\n", Map.of()))
                .hasMessageContaining("sluice.yaml: functions.a: is there twice")
                .hasMessageContaining("sluice.yaml: port: is there twice");
    }

    @Test
    void refusesBrokenYamlWithItsLine() {
        assertThatThrownBy(() -> load("port: 1\nhost: [a\n", Map.of())).isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining("sluice.yaml: line ").hasMessageContaining("is no YAML");
    }

    @Test
    void refusesASecondDocumentAListAndAnAlias() {
        assertThatThrownBy(() -> load("port: 1\n---\nport: 2\n", Map.of())).hasMessageContaining("more than one document");
        assertThatThrownBy(() -> load("- port\n", Map.of())).hasMessageContaining("sluice.yaml: is no block of keys and values");
        assertThatThrownBy(() -> load("host: &h localhost\nregion: *h\n", Map.of())).hasMessageContaining("region: aliases");
    }

    @Test
    void aBadValueIsAProblemEvenWhereAFlagWins() throws IOException {
        Files.writeString(directory.resolve("sluice.yaml"), "port: x\n");
        ConfigSources sources = new ConfigSources(directory, null, Map.of(), Map.of("port", "1"), List.of());

        assertThatThrownBy(() -> ServerConfig.load(sources)).hasMessageContaining("sluice.yaml: port: is 'x'");
    }

    @Test
    void aVariableWinsOverTheFileAndAFlagOverBoth() throws IOException {
        Files.writeString(directory.resolve("sluice.yaml"), "port: 1\nregion: eu-west-1\nhost: a\n");
        ServerConfig config = ServerConfig.load(new ConfigSources(directory, null,
                Map.of("SLUICE_PORT", "2", "SLUICE_REGION", "eu-west-2"), Map.of("port", "3"), List.of()));

        assertThat(config.http().port()).isEqualTo(3);
        assertThat(config.aws().scope().region()).isEqualTo("eu-west-2");
        assertThat(config.http().host()).isEqualTo("a");
    }

    @Test
    void relativePathsStartAtTheFileAndThoseOfFlagsAtTheWorkingDirectory() throws IOException {
        Path elsewhere = Files.createDirectory(directory.resolve("conf"));
        Files.writeString(elsewhere.resolve("my.yaml"), "dataDir: ../data\nfunctions: {f: {jar: f.jar, handler: H}}\n");
        Map<String, String> environment = Map.of("SLUICE_CONFIG", "conf/my.yaml");

        ServerConfig fromFile = ServerConfig.load(new ConfigSources(directory, null, environment, Map.of(), List.of()));
        ServerConfig fromFlag = ServerConfig.load(new ConfigSources(directory, null, environment, Map.of("dataDir", "d"), List.of()));

        assertThat(fromFile.dataDir()).isEqualTo(directory.resolve("data"));
        assertThat(fromFile.declarations().functions().get(0).code()).isEqualTo(new FunctionCode.LocalJar(elsewhere.resolve("f.jar")));
        assertThat(fromFlag.dataDir()).isEqualTo(directory.resolve("d"));
    }

    @Test
    void anEmptyFileIsAsGoodAsNone() throws IOException {
        assertThat(load("", Map.of()).http().port()).isEqualTo(4574);
        assertThat(load("# nothing\n", Map.of()).http().port()).isEqualTo(4574);
        assertThat(load("port:\n", Map.of()).http().port()).isEqualTo(4574);
    }

    private ServerConfig load(String yaml, Map<String, String> environment) throws IOException {
        // Functions that the file doesn't declare may be in there.
        Files.createDirectories(directory.resolve(".sluice"));
        Files.writeString(directory.resolve(".sluice/sluice.db"), "");
        Files.writeString(directory.resolve("sluice.yaml"), yaml);
        return ServerConfig.load(new ConfigSources(directory, null, environment, Map.of(), List.of()));
    }
}
