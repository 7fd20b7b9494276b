package dev.sluice.store;

import static dev.sluice.fixture.FunctionDefinitions.aFunction;
import static dev.sluice.fixture.Mappings.aMapping;
import static dev.sluice.fixture.Mappings.like;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.fixture.FunctionDefinitions;
import dev.sluice.function.FunctionCode;
import dev.sluice.function.FunctionDefinition;
import dev.sluice.function.FunctionDefinition.Origin;
import dev.sluice.function.Isolation;
import dev.sluice.function.LocalOptions;
import dev.sluice.function.LoggingConfig;
import dev.sluice.function.SnapStart;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.SourceAccessConfiguration;
import dev.sluice.resource.Scope;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which databases are taken, brought up to date, or refused and left as they are. */
class SchemaIT {

    @TempDir
    private Path directory;

    @Test
    void makesADatabaseOfTheCurrentVersion() throws Exception {
        SqliteStore.open(file()).close();

        assertThat(userVersion(file())).isEqualTo(Schema.current().version());
    }

    @Test
    void makesADatabaseOfAnEmptyFile() throws Exception {
        Files.createFile(file());

        SqliteStore.open(file()).close();

        assertThat(userVersion(file())).isEqualTo(Schema.current().version());
    }

    @Test
    void keepsWhatIsInADatabaseOfTheCurrentVersion() {
        EventSourceMapping mapping = aMapping().selfManagedKafka("a:9092").build();
        try (SqliteStore store = SqliteStore.open(file())) {
            store.mappings().insert(mapping);
        }

        try (SqliteStore store = SqliteStore.open(file())) {
            assertThat(store.mappings().all()).containsExactly(mapping);
        }
    }

    @Test
    void bringsAnOlderDatabaseUpStepByStep() throws Exception {
        EventSourceMapping mapping = aMapping().build();
        try (SqliteStore store = SqliteStore.open(file())) {
            store.mappings().insert(mapping);
        }

        open(next("CREATE TABLE two (a); INSERT INTO two VALUES (1);", "INSERT INTO two VALUES (2)")).close();

        assertThat(userVersion(file())).isEqualTo(Schema.current().version() + 2);
        assertThat(number(file(), "SELECT sum(a) FROM two")).isEqualTo(3);
        assertThat(number(file(), "SELECT count(*) FROM mappings")).isEqualTo(1);
    }

    // A row as 0.1.0 wrote it: what it couldn't say reads as AWS's defaults.
    @Test
    void keepsTheMappingsOfVersion1() throws Exception {
        Database.open(file(), new Schema(Schema.current().scripts().subList(0, 1)), Database.BUSY_TIMEOUT).close();
        EventSourceMapping mapping = aMapping().selfManagedKafka("a:9092").topics("t")
                .maximumBatchingWindow(Duration.ofSeconds(2)).startingPositionApplied(true)
                .sourceAccessConfigurations(new SourceAccessConfiguration("VPC_SUBNET", "subnet:s")).build();
        String id = mapping.id().toString();
        try (Connection old = connect(file()); Statement statement = old.createStatement()) {
            statement.execute("INSERT INTO mappings VALUES ('" + id + "', '000000000000', 'us-east-1', "
                    + Micros.of(mapping.created()) + ", NULL, 'TRIM_HORIZON', NULL, '" + id + "', '000000000000', 'us-east-1',"
                    + " 'my-kafka-function', NULL, 100, 2000000000, 'ENABLED', 'USER_INITIATED', 'No records processed', "
                    + Micros.of(mapping.created()) + ", 1, 1)");
            statement.execute("INSERT INTO mapping_topics VALUES ('" + id + "', 0, 't')");
            statement.execute("INSERT INTO mapping_bootstrap_servers VALUES ('" + id + "', 0, 'a:9092')");
            statement.execute("INSERT INTO mapping_source_access_configurations VALUES ('" + id + "', 0, 'VPC_SUBNET', 'subnet:s')");
        }

        try (SqliteStore store = SqliteStore.open(file())) {
            assertThat(store.mappings().all()).containsExactly(mapping);
            EventSourceMapping changed = like(mapping).filterPatterns("{}").joinForeignGroups(true)
                    .sourceAccessConfigurations(new SourceAccessConfiguration("IAM_AUTH", null)).build();
            assertThat(store.mappings().replace(mapping, changed).done()).isTrue();
            assertThat(store.mappings().all()).containsExactly(changed);
        }
        assertThat(userVersion(file())).isEqualTo(Schema.current().version());
    }

    // Rows as 0.2.0 wrote them, of every kind of code it knew.
    @Test
    void keepsTheFunctionsOfVersion2() throws Exception {
        Database.open(file(), new Schema(Schema.current().scripts().subList(0, 2)), Database.BUSY_TIMEOUT).close();
        FunctionDefinition archive = aFunction("orders").scope(new Scope("000000000000", "us-east-1")).origin(Origin.LAMBDA_API)
                .code(new FunctionCode.Archive("c2hhMjU2", 42)).role("arn:aws:iam::000000000000:role/r").description("d")
                .timeout(Duration.ofSeconds(7)).memoryMb(512).environment(Map.of("A", "1", "EMPTY", "")).build();
        FunctionDefinition jar = aFunction("orders").code(new FunctionCode.LocalJar(Path.of("/opt/f.jar"))).build();
        FunctionDefinition url = aFunction("web").origin(Origin.CONFIG).url("http://localhost:1/").build();
        FunctionDefinition emulator = aFunction("rie").url("http://localhost:2/").code(
                new FunctionCode.HttpEndpoint(URI.create("http://localhost:2/"), true)).build();
        long modified = Micros.of(archive.latest().lastModified());
        try (Connection old = connect(file()); Statement statement = old.createStatement()) {
            statement.execute("INSERT INTO functions VALUES (3, 'orders', '000000000000', 'us-east-1', 'LAMBDA_API', 'c2hhMjU2', 42, NULL,"
                    + " NULL, NULL, 'java17', 'example.Handler::handleRequest', 'arn:aws:iam::000000000000:role/r', 'd', 7000000000, 512, "
                    + modified + ", 'revision-1')");
            statement.execute("INSERT INTO functions VALUES (5, 'orders', NULL, NULL, 'CONTROL_API', NULL, NULL, '/opt/f.jar', NULL, NULL,"
                    + " 'java17', 'example.Handler::handleRequest', NULL, '', 3000000000, 128, " + modified + ", 'revision-1')");
            statement.execute("INSERT INTO functions VALUES (7, 'web', NULL, NULL, 'CONFIG', NULL, NULL, NULL, 'http://localhost:1/', 0,"
                    + " NULL, NULL, NULL, '', 3000000000, 128, " + modified + ", 'revision-1')");
            statement.execute(
                    "INSERT INTO functions VALUES (8, 'rie', NULL, NULL, 'CONTROL_API', NULL, NULL, NULL, 'http://localhost:2/', 1,"
                            + " NULL, NULL, NULL, '', 3000000000, 128, " + modified + ", 'revision-1')");
            statement.execute("INSERT INTO function_environment VALUES (3, 'A', '1'), (3, 'EMPTY', '')");
        }

        try (SqliteStore store = SqliteStore.open(file())) {
            assertThat(store.functions().all()).containsExactlyInAnyOrder(archive, jar, url, emulator);
            FunctionDefinition published = aFunction("web").origin(Origin.CONFIG).url("http://localhost:1/").published(1)
                    .alias("live", "1", Map.of()).tags(Map.of("team", "orders")).reservedConcurrency(0).build();
            store.functions().save(published);
            assertThat(store.functions().find("web", null)).contains(published);
            assertThat(store.functions().delete("orders", null)).isTrue();
            assertThat(store.functions().all()).containsExactlyInAnyOrder(archive, published, emulator);
        }
        assertThat(userVersion(file())).isEqualTo(Schema.current().version());
    }

    // Rows as a server wrote them that knew of no isolation.
    @Test
    void keepsTheFunctionsOfVersion6() throws Exception {
        Database.open(file(), new Schema(Schema.current().scripts().subList(0, 6)), Database.BUSY_TIMEOUT).close();
        FunctionDefinition function = aFunction("orders").origin(Origin.CONFIG)
                .code(FunctionCode.LocalTree.ofDirectory(Path.of("/opt/out"))).local(new LocalOptions(null, true, null))
                .environment(Map.of("A", "1")).published(1).local(LocalOptions.DEFAULT).build();
        long modified = Micros.of(function.latest().lastModified());
        try (Connection old = connect(file()); Statement statement = old.createStatement()) {
            statement.execute("INSERT INTO functions VALUES (3, 'orders', NULL, NULL, 'CONFIG', 1, NULL)");
            for (String version : List.of("4, 3, '$LATEST'", "5, 3, '1'")) {
                statement.execute("INSERT INTO function_versions VALUES (" + version + ", NULL, NULL, NULL, NULL, NULL, NULL, 'java17',"
                        + " 'example.Handler::handleRequest', NULL, '', 3000000000, 128, " + modified + ", 'revision-1', "
                        + (version.startsWith("5") ? 1 : 0) + ", 1)");
            }
            statement.execute("INSERT INTO function_version_class_path SELECT id, 0, '/opt/out', NULL FROM function_versions");
            statement.execute("INSERT INTO function_version_class_path SELECT id, 1, '/opt/out/lib', '*.jar' FROM function_versions");
            statement.execute("INSERT INTO function_version_environment SELECT id, 'A', '1' FROM function_versions");
            statement.execute("INSERT INTO function_declarations VALUES ('orders', 'mark')");
        }

        try (SqliteStore store = SqliteStore.open(file())) {
            assertThat(store.functions().all()).containsExactly(function);
            assertThat(store.functions().declaration("orders")).contains("mark");
            FunctionDefinition apart = aFunction("orders").local(new LocalOptions(Isolation.PROCESS, false, 5005)).build();
            store.functions().save(apart);
            assertThat(store.functions().all()).containsExactly(apart);
        }
        assertThat(userVersion(file())).isEqualTo(Schema.current().version());
    }

    // Rows as a server wrote them that knew of no code in a process but Java's.
    @Test
    void keepsTheFunctionsOfVersion7() throws Exception {
        Database.open(file(), new Schema(Schema.current().scripts().subList(0, 7)), Database.BUSY_TIMEOUT).close();
        FunctionDefinition tree = aFunction("orders").origin(Origin.CONFIG).code(FunctionCode.LocalTree.ofDirectory(Path.of("/opt/out")))
                .local(new LocalOptions(Isolation.PROCESS, false, 5005)).build();
        FunctionDefinition jar = aFunction("web").code(new FunctionCode.LocalJar(Path.of("/opt/f.jar"))).build();
        long modified = Micros.of(tree.latest().lastModified());
        try (Connection old = connect(file()); Statement statement = old.createStatement()) {
            statement.execute("INSERT INTO functions VALUES (3, 'orders', NULL, NULL, 'CONFIG', 0, NULL),"
                    + " (4, 'web', NULL, NULL, 'CONTROL_API', 0, NULL)");
            String settings = "'java17', 'example.Handler::handleRequest', NULL, '', 3000000000, 128, " + modified + ", 'revision-1', 0, ";
            statement.execute("INSERT INTO function_versions VALUES"
                    + " (5, 3, '$LATEST', NULL, NULL, NULL, NULL, NULL, NULL, " + settings + "1, 'PROCESS', 5005),"
                    + " (6, 4, '$LATEST', NULL, NULL, '/opt/f.jar', NULL, NULL, NULL, " + settings + "NULL, NULL, NULL)");
            statement.execute("INSERT INTO function_version_class_path VALUES (5, 0, '/opt/out', NULL), (5, 1, '/opt/out/lib', '*.jar')");
        }

        try (SqliteStore store = SqliteStore.open(file())) {
            assertThat(store.functions().all()).containsExactlyInAnyOrder(tree, jar);
            FunctionDefinition command =
                    aFunction("web").code(new FunctionCode.LocalDirectory(Path.of("/opt"), List.of("node", "x"))).build();
            store.functions().save(command);
            assertThat(store.functions().find("web", null)).contains(command);
            assertThat(store.functions().delete("web", null)).isTrue();
        }
        assertThat(number(file(), "SELECT count(*) FROM function_version_command")).isZero();
        assertThat(userVersion(file())).isEqualTo(Schema.current().version());
    }

    // Rows as each of the servers wrote them that kept every member but the oldest as JSON.
    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5, 6, 7, 8, 9, 10})
    void keepsEveryMemberOfTheFunctionsOfVersion(int version) throws Exception {
        Database.open(file(), new Schema(Schema.current().scripts().subList(0, version)), Database.BUSY_TIMEOUT).close();
        Map<String, String> others = new HashMap<>(Map.of("PackageType", "\"Zip\"", "Architectures", "[\"arm64\"]", "VpcConfig",
                "{\"SubnetIds\":[\"s\"],\"SecurityGroupIds\":[\"g\"]}", "DeadLetterConfig", "{\"TargetArn\":\"t\"}", "TracingConfig",
                "{\"Mode\":\"Active\"}", "KMSKeyArn", "\"k\"", "SourceKMSKeyArn", "\"s\"", "CodeSigningConfigArn", "\"c\"",
                "FileSystemConfigs", "[{\"Arn\":\"a\"}]", "ImageConfig", "{\"Command\":[\"c\"]}"));
        others.putAll(Map.of("EphemeralStorage", "{\"Size\":1024}", "CapacityProviderConfig", "{\"a\":1}", "DurableConfig",
                "{\"ExecutionTimeout\":1}", "TenancyConfig", "{\"TenantIsolationMode\":\"PER_TENANT\"}", "Environment", "{}"));
        FunctionDefinitions orders = aFunction("orders").code(new FunctionCode.Archive("c2hhMjU2", 42)).otherMembers(others);
        FunctionDefinition function = orders.layers("arn:b", "arn:a")
                .logging(new LoggingConfig(LoggingConfig.Format.JSON, LoggingConfig.Level.TRACE, LoggingConfig.System.WARN, "g"))
                .snapStart(SnapStart.PUBLISHED_VERSIONS).published(1)
                .layers().logging(LoggingConfig.DEFAULT).snapStart(SnapStart.NONE).published(2)
                .logging(new LoggingConfig(LoggingConfig.Format.TEXT, null, null, null)).build();
        try (Connection old = connect(file()); Statement statement = old.createStatement()) {
            statement.execute("INSERT INTO functions (id, name, origin, last_version) VALUES (3, 'orders', 'CONTROL_API', 2)");
            for (String row : List.of("4, 3, '$LATEST'", "5, 3, '1'", "6, 3, '2'")) {
                statement.execute("INSERT INTO function_versions (id, function_id, version, archive_sha256, archive_size, runtime, handler,"
                        + " description, timeout_nanos, memory_mb, last_modified, revision_id) VALUES (" + row
                        + ", 'c2hhMjU2', 42, 'java17',"
                        + " 'example.Handler::handleRequest', '', 3000000000, 128, " + Micros.of(function.latest().lastModified())
                        + ", 'revision-1')");
            }
            for (Map.Entry<String, String> member : others.entrySet()) {
                statement.execute("INSERT INTO function_version_members SELECT id, '" + member.getKey() + "', '" + member.getValue()
                        + "' FROM function_versions");
            }
            statement.execute("INSERT INTO function_version_members VALUES (5, 'Layers', '[\"arn:b\",\"arn:a\"]'), (5, 'LoggingConfig',"
                    + " '{\"LogGroup\":\"g\",\"SystemLogLevel\":\"WARN\",\"ApplicationLogLevel\":\"TRACE\",\"LogFormat\":\"JSON\"}'),"
                    + " (5, 'SnapStart', '{\"ApplyOn\":\"PublishedVersions\"}'), (6, 'SnapStart', '{}'), (6, 'LoggingConfig', '{}'),"
                    + " (4, 'SnapStart', '{\"ApplyOn\":\"None\"}'),"
                    + " (4, 'LoggingConfig', '{\"LogFormat\":\"Text\",\"ApplicationLogLevel\":null}')");
        }

        try (SqliteStore store = SqliteStore.open(file())) {
            assertThat(store.functions().all()).containsExactly(function);
            store.functions().save(function);
            assertThat(store.functions().find("orders", null)).contains(function);
            assertThat(store.functions().delete("orders", null)).isTrue();
        }
        assertThat(number(file(), "SELECT count(*) FROM function_version_layers")).isZero();
    }

    @Test
    void undoesAStepThatFailsAndKeepsTheOnesBefore() throws Exception {
        Schema broken = next("CREATE TABLE two (a)", "INSERT INTO two VALUES (1); INSERT INTO nowhere VALUES (1)");

        assertThatThrownBy(() -> open(broken)).isInstanceOf(DataDirectoryException.class)
                .hasMessageContaining("version " + (Schema.current().version() + 2))
                .hasMessageContaining(file().toString()).hasMessageContaining("nowhere");

        assertThat(userVersion(file())).isEqualTo(Schema.current().version() + 1);
        assertThat(number(file(), "SELECT count(*) FROM two")).isZero();
        open(next("CREATE TABLE two (a)", "INSERT INTO two VALUES (1)")).close();
        assertThat(number(file(), "SELECT count(*) FROM two")).isEqualTo(1);
    }

    @Test
    void refusesADatabaseOfANewerVersionAndLeavesItAsItIs() throws Exception {
        open(next("CREATE TABLE two (a)")).close();

        assertRefusedUnchanged("version " + (Schema.current().version() + 1), "up to " + Schema.current().version(), file().toString());
    }

    @Test
    void refusesADatabaseWhoseNewerVersionIsOnlyInTheWriteAheadLogAndLeavesBothAsTheyAre() throws Exception {
        Path live = Files.createDirectory(directory.resolve("live")).resolve("sluice.db");
        SqliteStore.open(live).close();
        try (Connection newer = connect(live); Statement statement = newer.createStatement()) {
            statement.execute("PRAGMA wal_autocheckpoint = 0");
            statement.execute("PRAGMA user_version = " + (Schema.current().version() + 1));
            // As kill -9 would leave them.
            Files.copy(live, file());
            Files.copy(sibling(live, "-wal"), sibling(file(), "-wal"));
        }
        byte[] log = Files.readAllBytes(sibling(file(), "-wal"));
        assertThat(log).isNotEmpty();

        assertRefusedUnchanged("version " + (Schema.current().version() + 1), "up to " + Schema.current().version());

        assertThat(Files.readAllBytes(sibling(file(), "-wal"))).isEqualTo(log);
    }

    @Test
    void refusesTheDatabaseOfAnotherProgramAndLeavesItAsItIs() throws Exception {
        try (Connection other = connect(file()); Statement statement = other.createStatement()) {
            statement.execute("CREATE TABLE theirs (a)");
        }

        assertRefusedUnchanged("another program", file().toString());
    }

    @Test
    void refusesAFileThatIsNoDatabaseAndLeavesItAsItIs() throws Exception {
        Files.writeString(file(), "functions:\n".repeat(1000));

        assertRefusedUnchanged("no intact SQLite database", file().toString());
    }

    @Test
    void refusesADamagedDatabase() throws Exception {
        SqliteStore.open(file()).close();
        byte[] bytes = Files.readAllBytes(file());
        Arrays.fill(bytes, 100, bytes.length, (byte) 0x5a);
        Files.write(file(), bytes);

        assertRefusedUnchanged("no intact SQLite database", file().toString());
    }

    @Test
    void saysWhichFileCannotBeOpened() {
        Path missing = directory.resolve("missing").resolve("sluice.db");

        assertThatThrownBy(() -> SqliteStore.open(missing)).isInstanceOf(DataDirectoryException.class)
                .hasMessageContaining(missing.toString());
        assertThatThrownBy(() -> SqliteStore.open(directory)).isInstanceOf(DataDirectoryException.class)
                .hasMessageContaining(directory.toString()).hasMessageContaining("is a directory");
    }

    @Test
    void nobodyElseMayReadTheDatabase() throws Exception {
        try (SqliteStore store = SqliteStore.open(file())) {
            store.mappings().insert(aMapping().build());
            try (Stream<Path> files = Files.list(directory)) {
                assertThat(files).hasSize(3).allSatisfy(file -> assertThat(Files.getPosixFilePermissions(file))
                        .extracting(Enum::name).containsExactlyInAnyOrder("OWNER_READ", "OWNER_WRITE"));
            }
        }
    }

    @Test
    void takesAnyPathThatTheFileSystemTakes() throws Exception {
        Path odd = Files.createDirectory(directory.resolve("a?mode=memory#c%20d 'e'")).resolve("sluice.db");

        try (SqliteStore store = SqliteStore.open(odd)) {
            store.mappings().insert(aMapping().build());
        }

        assertThat(odd).isNotEmptyFile();
        try (SqliteStore store = SqliteStore.open(odd)) {
            assertThat(store.mappings().all()).hasSize(1);
        }
    }

    private void assertRefusedUnchanged(String... messageParts) throws IOException {
        byte[] before = Files.readAllBytes(file());

        assertThatThrownBy(() -> SqliteStore.open(file())).isInstanceOf(DataDirectoryException.class)
                .satisfies(e -> assertThat(e.getMessage()).contains(messageParts));

        assertThat(Files.readAllBytes(file())).isEqualTo(before);
    }

    private Path file() {
        return directory.resolve("sluice.db");
    }

    private Database open(Schema schema) {
        return Database.open(file(), schema, Database.BUSY_TIMEOUT);
    }

    private static Schema next(String... scripts) {
        return new Schema(Stream.concat(Schema.current().scripts().stream(), List.of(scripts).stream()).toList());
    }

    private static Path sibling(Path file, String suffix) {
        return file.resolveSibling(file.getFileName() + suffix);
    }

    private static int userVersion(Path file) throws SQLException {
        return number(file, "PRAGMA user_version");
    }

    private static int number(Path file, String sql) throws SQLException {
        try (Connection connection = connect(file)) {
            return Database.number(connection, sql);
        }
    }

    private static Connection connect(Path file) throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + file);
    }
}
