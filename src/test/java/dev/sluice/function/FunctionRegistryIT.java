package dev.sluice.function;

import static dev.sluice.fixture.FunctionsFixture.CALLER;
import static dev.sluice.fixture.FunctionsFixture.create;
import static dev.sluice.fixture.FunctionsFixture.named;
import static dev.sluice.fixture.FunctionsFixture.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.fixture.FunctionsFixture;
import dev.sluice.fixture.Zip;
import dev.sluice.function.FunctionDefinition.Origin;
import dev.sluice.resource.FunctionArn;
import dev.sluice.resource.Scope;
import dev.sluice.resource.Tags;
import dev.sluice.runtime.Functions;
import dev.sluice.runtime.code.CodeBuckets;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FunctionRegistryIT {

    private static final Scope OTHER = new Scope("111111111111", "eu-west-1");
    private static final String UNZIP = "Could not unzip uploaded file. Please check your file, then try to upload again.";
    private static final FunctionCode URL = new FunctionCode.HttpEndpoint(URI.create("http://localhost:1/"), false);

    @TempDir
    Path directory;
    private FunctionsFixture fixture;
    private Functions functions;

    @BeforeEach
    void open() {
        fixture = new FunctionsFixture(directory);
        functions = fixture.functions;
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private static byte[] zip(String content) {
        return new Zip().file("example/Handler.class", content).bytes();
    }

    private List<Path> stored() throws Exception {
        try (Stream<Path> entries = Files.list(fixture.codeDirectory)) {
            return entries.toList();
        }
    }

    @Test
    void createsAndFindsAFunctionOfTheCallersScope() {
        FunctionDefinition created = functions.registry().create(CALLER, create("f", zip("x"), "example.Handler"));

        assertThat(created.latest().code()).isInstanceOfSatisfying(FunctionCode.Archive.class, code -> {
            assertThat(code.size()).isEqualTo(zip("x").length);
            assertThat(code.sha256()).hasSize(44).endsWith("=");
        });
        assertThat(functions.registry().get(CALLER, named("f"))).isEqualTo(created);
        assertThat(functions.registry().get(CALLER, named("f:$LATEST"))).isEqualTo(created);
        assertThat(functions.registry().list(CALLER)).containsExactly(created);
        assertThat(functions.registry().list(OTHER)).isEmpty();
        assertThat(functions.exists(FunctionsFixture.arn("f"))).isTrue();
        assertThat(functions.exists(FunctionsFixture.arn("f").withQualifier("prod"))).isFalse();
        assertThat(functions.exists(new FunctionArn(OTHER, "f", null))).isFalse();
    }

    @Test
    void refusesATakenName() {
        functions.registry().create(CALLER, create("f", zip("x"), "h"));

        assertThatThrownBy(() -> functions.registry().create(CALLER, create("f", zip("y"), "h")))
                .isInstanceOf(FunctionException.Conflict.class).hasMessage("Function already exist: f");
        assertThat(functions.registry().create(OTHER, create("f", zip("y"), "h")).scope()).isEqualTo(OTHER);
    }

    @Test
    void saysInAwssWordsWhatIsNotFound() {
        String arn = "arn:aws:lambda:us-east-1:000000000000:function:f";

        assertThatThrownBy(() -> functions.registry().get(CALLER, named("f"))).isInstanceOf(FunctionException.NotFound.class)
                .hasMessage("Function not found: " + arn);
        assertThatThrownBy(() -> functions.registry().get(CALLER, named("f:prod"))).hasMessage("Function not found: " + arn + ":prod");
        assertThatThrownBy(() -> functions.registry().get(CALLER, named("arn:aws:lambda:ap-southeast-1:000000000000:function:f")))
                .hasMessage("Functions from 'ap-southeast-1' are not reachable in this region ('us-east-1')");
        assertThatThrownBy(() -> functions.versions().delete(CALLER, named("f:7"))).hasMessage("Function not found: " + arn);
        assertThatThrownBy(() -> functions.registry().delete(CALLER, named("f"))).hasMessage("Function not found: " + arn);
        assertThatThrownBy(() -> functions.registry().unregister("f")).isInstanceOf(FunctionException.NotFound.class);
    }

    @Test
    void showsAFunctionRegisteredWithoutAScopeToAllButTheirOwnFirst() {
        FunctionDefinition shared = functions.registry().register("f", URL, FunctionsFixture.settings(null, 3));
        assertThat(functions.registry().get(OTHER, named("f"))).isEqualTo(shared);
        assertThat(shared.arn(OTHER)).hasToString("arn:aws:lambda:eu-west-1:111111111111:function:f");
        FunctionDefinition own = new FunctionDefinition(OTHER, Origin.LAMBDA_API,
                FunctionVersion.latest("f", URL, FunctionsFixture.settings(null, 3), shared.latest().lastModified(), "r"));
        fixture.store.insert(own);

        try (FunctionsFixture again = new FunctionsFixture(directory.resolve("again"), FunctionsFixture.LIMITS, fixture.store)) {
            assertThat(again.functions.registry().get(OTHER, named("f"))).isEqualTo(own);
            assertThat(again.functions.registry().list(OTHER)).containsExactly(own);
            assertThat(again.functions.registry().list(CALLER)).containsExactly(shared);
            assertThat(again.functions.registry().all()).hasSize(2);
        }
    }

    @Test
    void setsOnlyTheConfigurationOfADeclaredFunction() throws Exception {
        functions.registry().declare("f", URL, FunctionsFixture.settings(null, 3));

        FunctionDefinition created = functions.registry().create(CALLER,
                new FunctionRegistry.Create("f", new CodeSource.Zip(zip("x")),
                        new SettingsChange("java17", "h", "role", null, 9, null, null, Map.of()), Tags.NONE, false));
        FunctionDefinition updated = functions.registry().updateCode(CALLER, named("f"), update(zip("y")));
        functions.registry().delete(CALLER, named("f"));

        assertThat(created.latest().code()).isEqualTo(URL);
        assertThat(created.latest().settings().timeout()).hasSeconds(9);
        assertThat(created.latest().settings().memoryMb()).isEqualTo(256);
        assertThat(updated.latest().code()).isEqualTo(URL);
        assertThat(functions.exists(FunctionsFixture.arn("f"))).isTrue();
        assertThat(stored()).isEmpty();
    }

    @Test
    void setsOnlyTheConfigurationOfDeclaredCodeInAnyLanguage() {
        List<FunctionCode> codes = List.of(new FunctionCode.LocalDirectory(directory, List.of()),
                new FunctionCode.LocalDirectory(directory, List.of("go", "run", ".")), new FunctionCode.Attached());
        for (FunctionCode code : codes) {
            functions.registry().declare("f", code, settings("python3.12"));

            assertThat(functions.registry().create(CALLER, of("nodejs22.x")).latest()).satisfies(set -> {
                assertThat(set.code()).isEqualTo(code);
                assertThat(set.settings().runtime()).isEqualTo("nodejs22.x");
                assertThat(set.settings().handler()).isEqualTo("index.handler");
            });
            assertThat(functions.registry().updateCode(CALLER, named("f"), update(zip("x"))).latest().code()).isEqualTo(code);
        }
    }

    @Test
    void refusesTheRuntimeOfAnotherKindThanDeclaredCodeHas() {
        functions.registry().declare("f", new FunctionCode.LocalDirectory(directory, List.of()), settings("python3.12"));
        assertThatThrownBy(() -> functions.registry().create(CALLER, of("java21"))).isInstanceOf(FunctionException.InvalidParameter.class)
                .hasMessage("Runtime is java21, and the function's code is registered as code of another language than Java in " + directory
                        + "; say runtime: java21 with its directory in sluice.yaml, or where else it is registered.");

        functions.registry().declare("f", FunctionCode.LocalTree.ofDirectory(directory), settings(null));
        assertThatThrownBy(() -> functions.registry().create(CALLER, of("nodejs22.x")))
                .isInstanceOf(FunctionException.InvalidParameter.class)
                .hasMessageStartingWith("Runtime is nodejs22.x, and the function's code is registered as Java code in " + directory);
        assertThat(functions.registry().get(CALLER, named("f")).latest().settings()).isEqualTo(settings(null));
        assertThat(functions.registry().create(CALLER, of("java21")).latest().settings().runtime()).isEqualTo("java21");
    }

    private static FunctionSettings settings(String runtime) {
        return new FunctionSettings(runtime, "app.handler", null, "", FunctionSettings.DEFAULT_TIMEOUT, 128, Map.of());
    }

    private static FunctionRegistry.Create of(String runtime) {
        return new FunctionRegistry.Create("f", new CodeSource.Zip(zip("x")), new SettingsChange(runtime, "index.handler", null, null, null,
                null, null, Map.of()), Tags.NONE, false);
    }

    @Test
    void appliesADeclarationWhenItIsNewOrHasChangedAndKeepsWhatTheApiSetUntilThen() {
        functions.registry().declare("f", URL, FunctionsFixture.settings(null, 3));
        FunctionDefinition set = functions.registry().updateConfiguration(CALLER, named("f"),
                new SettingsChange("java17", "h", "role", null, 9, null, Map.of("A", "b"), Map.of()), null);

        try (FunctionsFixture again = new FunctionsFixture(directory.resolve("again"), FunctionsFixture.LIMITS, fixture.store)) {
            FunctionRegistry registry = again.functions.registry();
            assertThat(registry.declare("f", URL, FunctionsFixture.settings(null, 3))).isEqualTo(set);
            assertThat(registry.declare("f", URL, FunctionsFixture.settings(null, 4)).latest().settings())
                    .isEqualTo(FunctionsFixture.settings(null, 4));

            registry.unregister("f");
            assertThat(registry.declare("f", URL, FunctionsFixture.settings(null, 4)).origin()).isEqualTo(Origin.CONFIG);
            registry.register("f", URL, FunctionsFixture.settings(null, 5));
            assertThat(registry.declare("f", URL, FunctionsFixture.settings(null, 4)).latest().settings().timeout()).hasSeconds(4);
        }
    }

    @Test
    void tellsListenersOfEveryChangeAndOfNothingElse() {
        List<String> changed = new ArrayList<>();
        functions.onChange(changed::add);

        functions.registry().create(CALLER, create("a", zip("x"), "h"));
        functions.registry().updateCode(CALLER, named("a"), update(zip("y")));
        functions.registry().declare("b", URL, FunctionsFixture.settings(null, 3));
        functions.registry().declare("b", URL, FunctionsFixture.settings(null, 3));
        functions.registry().delete(CALLER, named("a"));
        functions.registry().unregister("b");

        assertThat(changed).containsExactly("a", "a", "b", "a", "b");
    }

    @Test
    void keepsUploadsPrivateAndOnlyWhileSomeFunctionRefersToThem() throws Exception {
        functions.registry().create(CALLER, create("a", zip("x"), "h"));
        functions.registry().create(CALLER, create("b", zip("x"), "h"));
        Path only = stored().get(0);
        assertThat(stored()).hasSize(1);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(only))).isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(only.resolve("code.zip")))).isEqualTo("rw-------");

        functions.registry().updateCode(CALLER, named("a"), update(zip("y")));
        assertThat(stored()).hasSize(2);
        functions.registry().delete(CALLER, named("b"));
        assertThat(stored()).hasSize(1).doesNotContain(only);
        functions.registry().delete(CALLER, named("a"));
        assertThat(stored()).isEmpty();
    }

    @Test
    void clearsAwayWhatACrashLeftAndKeepsTheRest() throws Exception {
        functions.registry().create(CALLER, create("a", zip("x"), "h"));
        Path kept = stored().get(0);
        Files.createDirectories(fixture.codeDirectory.resolve("upload-123/lib"));
        Files.writeString(fixture.codeDirectory.resolve("upload-123/code.zip"), "half");
        Files.createDirectories(fixture.codeDirectory.resolve("sha256-00"));

        try (FunctionsFixture again = new FunctionsFixture(directory, FunctionsFixture.LIMITS, fixture.store)) {
            assertThat(stored()).containsExactly(kept);
            assertThat(again.functions.exists(FunctionsFixture.arn("a"))).isTrue();
        }
    }

    @Test
    void refusesEvilZipsAndLeavesNothingBehind() throws Exception {
        byte[] good = zip("x");
        for (byte[] evil : List.of("no zip".getBytes(), Arrays.copyOf(good, good.length - 5), new Zip().file("../x", "y").bytes(),
                new Zip().link("a", "/etc/passwd").bytes(), new Zip().link("a", "b/../../etc").bytes(),
                new Zip().file("lib/" + "x".repeat(300) + ".jar", "y").bytes(), new Zip().file("a", "1").file("a/b", "2").bytes(),
                new Zip().wrongChecksum("a", "text").bytes(), new Zip().file("lib/..\\x.jar", "y").bytes())) {
            assertThatThrownBy(() -> functions.registry().create(CALLER, create("f", evil, "h")))
                    .isInstanceOf(FunctionException.InvalidParameter.class).hasMessage(UNZIP);
        }
        assertThatThrownBy(() -> functions.registry().create(CALLER, create("f", new Zip().bytes(), "h")))
                .hasMessage("Uploaded file must be a non-empty zip");
        assertThat(stored()).isEmpty();
        assertThat(functions.registry().all()).isEmpty();
    }

    @Test
    void refusesDamagedContent() {
        byte[] noise = new byte[4096];
        new Random(1).nextBytes(noise);
        byte[] damaged = new Zip().file("a", noise).bytes();
        Arrays.fill(damaged, 100, 300, (byte) 0x55);

        assertThatThrownBy(() -> functions.registry().create(CALLER, create("f", damaged, "h"))).hasMessage(UNZIP);
    }

    @Test
    void saysInAHintWhyAZipCantBeUsed() {
        byte[] zip = new Zip().file("lib/" + "x".repeat(300) + ".jar", "y").bytes();

        assertThatThrownBy(() -> functions.registry().create(CALLER, create("f", zip, "h"))).hasMessage(UNZIP)
                .isInstanceOfSatisfying(FunctionException.InvalidParameter.class, refused -> assertThat(refused.hint().orElseThrow())
                        .contains("is a file name of 304 bytes; file systems have 255"));
    }

    @Test
    void takesLinksAndDoubledEntriesAsUnzipDoes() {
        byte[] zip = new Zip().file("./app.py", "x").link("l", "app.py").file("a", "1").file("a", "2").bytes();

        assertThat(functions.registry().create(CALLER, create("f", zip, "h")).latest().code().size()).isEqualTo(zip.length);
    }

    @Test
    void refusesWhatIsTooLargeZippedOrUnzipped() throws Exception {
        Zip bomb = new Zip();
        byte[] zeros = new byte[64 * 1024 * 1024];
        for (int i = 0; i < 4; i++) {
            bomb.file("zeros" + i, zeros);
        }

        assertThatThrownBy(() -> functions.registry().create(CALLER, create("f", bomb.bytes(), "h")))
                .isInstanceOf(FunctionException.InvalidParameter.class).hasMessage("Unzipped size must be smaller than 262144000 bytes");
        assertThatThrownBy(() -> functions.registry().create(CALLER, create("f", new byte[52_428_800], "h")))
                .isInstanceOf(FunctionException.TooLarge.class).hasMessage("Zipped size must be smaller than 52428800 bytes");
        assertThat(stored()).isEmpty();
    }

    private static final CodeSource.S3Object OBJECT = new CodeSource.S3Object("code", "f.zip", "7");

    private static FunctionRegistry.Create createFromBucket(String name) {
        return new FunctionRegistry.Create(name, OBJECT, FunctionsFixture.change("h"), Tags.NONE, false);
    }

    private static FunctionRegistry.CodeUpdate updateFromBucket(boolean dryRun) {
        return new FunctionRegistry.CodeUpdate(OBJECT, FunctionsFixture.NOTHING, false, null, dryRun);
    }

    @Test
    void storesCodeFromABucketAsItStoresAnUpload() throws Exception {
        FunctionCode uploaded = functions.registry().create(CALLER, create("a", zip("x"), "h")).latest().code();
        fixture.buckets.content = zip("x");

        assertThat(functions.registry().create(CALLER, createFromBucket("b")).latest().code()).isEqualTo(uploaded);
        assertThat(stored()).hasSize(1);
        fixture.buckets.content = zip("y");
        FunctionCode updated = functions.registry().updateCode(CALLER, named("b"), updateFromBucket(false)).latest().code();

        fixture.buckets.content = zip("z");
        functions.registry().updateCode(CALLER, named("b"), updateFromBucket(true));

        assertThat(updated).isNotEqualTo(uploaded);
        assertThat(functions.registry().get(CALLER, named("b")).latest().code()).isEqualTo(updated);
        assertThat(stored()).hasSize(2).allSatisfy(home -> assertThat(
                PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("code.zip")))).isEqualTo("rw-------"));
        assertThat(fixture.buckets.asked).containsExactly(OBJECT, OBJECT, OBJECT);
    }

    @Test
    void saysInAwssWordsWhyCodeFromABucketCannotBeUsedAndKeepsNothing() throws Exception {
        fixture.buckets.result = new CodeBuckets.Result.Refused("NoSuchKey", "The specified key does not exist.");
        refused("Error occurred while GetObject. S3 Error Code: NoSuchKey. S3 Error Message: The specified key does not exist.");
        fixture.buckets.result = new CodeBuckets.Result.TooLarge();
        refused("Unzipped size must be smaller than 262144000 bytes");
        fixture.buckets.result = new CodeBuckets.Result.Unavailable("it is down.");
        refused("Sluice can't get the code from s3://code/f.zip: it is down.");
        fixture.buckets.result = new CodeBuckets.Result.Fetched();
        refused(UNZIP);
        fixture.buckets.content = "no zip".getBytes();
        refused(UNZIP);
        fixture.buckets.content = new Zip().bytes();
        refused("Uploaded file must be a non-empty zip");

        assertThat(stored()).isEmpty();
        assertThat(functions.registry().all()).isEmpty();
    }

    private void refused(String message) {
        assertThatThrownBy(() -> functions.registry().create(CALLER, createFromBucket("f")))
                .isInstanceOf(FunctionException.InvalidParameter.class).hasMessage(message);
    }

    @Test
    void asksNoBucketForADeclaredFunctionOrATakenNameOrOneThatIsNotThere() {
        FunctionRegistry registry = functions.registry();
        registry.declare("declared", URL, FunctionsFixture.settings(null, 3));
        registry.create(CALLER, create("taken", zip("x"), "h"));

        assertThat(registry.create(CALLER, createFromBucket("declared")).latest().code()).isEqualTo(URL);
        assertThat(registry.updateCode(CALLER, named("declared"), updateFromBucket(false)).latest().code()).isEqualTo(URL);
        assertThatThrownBy(() -> registry.create(CALLER, createFromBucket("taken"))).isInstanceOf(FunctionException.Conflict.class);
        assertThatThrownBy(() -> registry.updateCode(CALLER, named("unknown"), updateFromBucket(false)))
                .isInstanceOf(FunctionException.NotFound.class);

        assertThat(fixture.buckets.asked).isEmpty();
    }
}
