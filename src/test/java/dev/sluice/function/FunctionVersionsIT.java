package dev.sluice.function;

import static dev.sluice.fixture.FunctionsFixture.CALLER;
import static dev.sluice.fixture.FunctionsFixture.create;
import static dev.sluice.fixture.FunctionsFixture.named;
import static dev.sluice.fixture.FunctionsFixture.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.fixture.FunctionsFixture;
import dev.sluice.fixture.OwnThread;
import dev.sluice.fixture.Zip;
import dev.sluice.function.FunctionVersions.Publish;
import dev.sluice.resource.Tags;
import dev.sluice.runtime.Functions;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recorded from AWS where no comment says otherwise: TestLambdaVersions and TestLambdaRevisions of localstack's snapshots. */
class FunctionVersionsIT {

    private static final String ARN = "arn:aws:lambda:us-east-1:000000000000:function:f";
    private static final Publish PLAIN = new Publish(null, null, null);

    @TempDir
    Path directory;
    private FunctionsFixture fixture;
    private Functions functions;

    @BeforeEach
    void open() {
        fixture = new FunctionsFixture(directory);
        functions = fixture.functions;
        functions.registry().create(CALLER, create("f", zip("x"), "h"));
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void freezesWhatLatestIsAndGivesLatestAnotherRevision() {
        FunctionVersion before = latest();

        FunctionVersion one = functions.versions().publish(CALLER, named("f"),
                new Publish(before.code().sha256(), "first", before.revisionId()));

        assertThat(one.version()).isEqualTo("1");
        assertThat(one.settings().description()).isEqualTo("first");
        assertThat(one.code()).isEqualTo(before.code());
        assertThat(latest().settings().description()).isEmpty();
        assertThat(latest().revisionId()).isNotIn(before.revisionId(), one.revisionId());

        functions.registry().updateCode(CALLER, named("f"), update(zip("y")));
        assertThat(functions.registry().get(CALLER, named("f:1")).version("1")).contains(one);
        assertThat(publish(PLAIN).version()).isEqualTo("2");
    }

    @Test
    void returnsTheNewestVersionWhenNothingChangedWhateverDescriptionIsGiven() {
        FunctionVersion one = publish(new Publish(null, "first", null));
        String revision = latest().revisionId();

        assertThat(publish(new Publish(null, "second", null))).isEqualTo(one);
        assertThat(publish(PLAIN)).isEqualTo(one);
        assertThat(latest().revisionId()).isEqualTo(revision);
    }

    @Test
    void publishesAnewWhenOnlyTheDescriptionOfLatestChanged() {
        publish(new Publish(null, "first", null));
        functions.registry().updateConfiguration(CALLER, named("f"),
                new SettingsChange(null, null, null, "Second version :))", null, null, null, Map.of()), null);

        FunctionVersion two = publish(PLAIN);

        assertThat(two.version()).isEqualTo("2");
        assertThat(two.settings().description()).isEqualTo("Second version :))");
    }

    @Test
    void publishesNothingThatTheCallerHasNotSeen() {
        assertThatThrownBy(() -> publish(new Publish("somenonexistentsha256", null, null)))
                .isInstanceOf(FunctionException.InvalidParameter.class).hasMessage("CodeSHA256 (somenonexistentsha256) is different from "
                        + "current CodeSHA256 in $LATEST (" + latest().code().sha256()
                        + "). Please try again with the CodeSHA256 in $LATEST.");
        assertThatThrownBy(() -> publish(new Publish(null, null, "doesntexist"))).isInstanceOf(FunctionException.PreconditionFailed.class);
        assertThat(functions.registry().get(CALLER, named("f")).publications()).isEqualTo(Publications.NONE);
    }

    // That only $LATEST can be changed is documented; the texts are those recorded for PutFunctionConcurrency.
    @Test
    void onlyLatestCanBePublishedOrChanged() {
        publish(PLAIN);
        functions.aliases().create(CALLER, named("f"), "live", new FunctionAliases.Change("1", null, null));

        assertThat(publish(PLAIN, "f:$LATEST").version()).isEqualTo("1");
        for (String qualified : new String[] {"f:1", "f:live"}) {
            assertThatThrownBy(() -> publish(PLAIN, qualified))
                    .hasMessageStartingWith("This operation is permitted on Lambda functions only.");
            assertThatThrownBy(() -> functions.registry().updateCode(CALLER, named(qualified), update(zip("y"))))
                    .hasMessageStartingWith("This operation is permitted on Lambda functions only.");
            assertThatThrownBy(() -> functions.registry().updateConfiguration(CALLER, named(qualified), FunctionsFixture.NOTHING, null))
                    .hasMessageStartingWith("This operation is permitted on Lambda functions only.");
        }
        assertThatThrownBy(() -> publish(PLAIN, "nope")).hasMessage(
                "Function not found: arn:aws:lambda:us-east-1:000000000000:function:nope:$LATEST");
    }

    // The text: programs on GitHub that wait for it from AWS.
    @Test
    void aVersionThatAnAliasLeadsToStays() throws Exception {
        publish(PLAIN);
        functions.registry().updateCode(CALLER, named("f"), update(zip("y")));
        publish(PLAIN);
        functions.aliases().create(CALLER, named("f"), "live", new FunctionAliases.Change("1", null, Map.of("2", 0.1)));
        functions.aliases().create(CALLER, named("f"), "beta", new FunctionAliases.Change("2", null, null));

        assertThatThrownBy(() -> functions.versions().delete(CALLER, named("f:2"))).isInstanceOf(FunctionException.Conflict.class)
                .hasMessage("Unable to delete version because the following aliases reference it: [beta, live]");
        assertThatThrownBy(() -> functions.versions().delete(CALLER, named("f:7"))).hasMessage("Function not found: " + ARN);

        functions.aliases().delete(CALLER, named("f"), "live");
        functions.versions().delete(CALLER, named("f:1"));
        assertThat(functions.exists(FunctionsFixture.arn("f").withQualifier("1"))).isFalse();
        try (Stream<Path> stored = Files.list(fixture.codeDirectory)) {
            assertThat(stored).as("uploads").hasSize(1);
        }
    }

    @Test
    void aNumberIsNeverGivenAgain() {
        publish(PLAIN);
        functions.versions().delete(CALLER, named("f:1"));

        assertThat(publish(PLAIN).version()).isEqualTo("2");
    }

    @Test
    void whatHangsOnAFunctionStaysWhenItIsRegisteredAnew() {
        FunctionCode code = new FunctionCode.HttpEndpoint(URI.create("http://localhost:1/"), false);
        functions.registry().register("shared", code, FunctionsFixture.settings(null, 3));
        publish(PLAIN, "shared");
        functions.aliases().create(CALLER, named("shared"), "live", new FunctionAliases.Change("1", null, null));
        functions.account().tag(CALLER, named("shared"), Map.of("team", "orders"));
        functions.account().reserve(CALLER, named("shared"), 5);

        FunctionDefinition replaced = functions.registry().declare("shared", code, FunctionsFixture.settings(null, 9));

        assertThat(replaced.latest().settings().timeout()).hasSeconds(9);
        assertThat(replaced.version("live")).hasValueSatisfying(version -> assertThat(version.settings().timeout()).hasSeconds(3));
        assertThat(replaced.tags()).isEqualTo(new Tags(Map.of("team", "orders")));
        assertThat(replaced.reservedConcurrency()).isEqualTo(5);
    }

    @Test
    void aRegistrationLosesNothingThatIsSaidOfTheFunctionAtTheSameTime() throws Exception {
        FunctionCode code = new FunctionCode.HttpEndpoint(URI.create("http://localhost:1/"), false);
        functions.registry().register("shared", code, FunctionsFixture.settings(null, 3));
        CompletableFuture<Void> registering = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < 2_000; i++) {
                functions.registry().register("shared", code, FunctionsFixture.settings(null, 1 + i % 900));
            }
        }, OwnThread.EXECUTOR);
        for (int i = 0; i < 2_000; i++) {
            String value = String.valueOf(i);
            functions.account().tag(CALLER, named("shared"), Map.of("last", value));
            assertThat(functions.account().tags(CALLER, named("shared")).values()).containsEntry("last", value);
        }
        registering.get(30, TimeUnit.SECONDS);

        assertThat(functions.account().tags(CALLER, named("shared")).values()).containsEntry("last", "1999");
    }

    // Sluice's own, as nothing of it is on AWS: a version is run as it was when it was published.
    @Test
    void howADeclaredFunctionIsRunHereOutlivesTheAwsApiAndIsFrozenWithAVersion() {
        LocalOptions apart = new LocalOptions(Isolation.PROCESS, true, 5005);
        FunctionCode code = FunctionCode.LocalTree.ofDirectory(directory);
        functions.registry().declare("g", code, FunctionsFixture.settings("h", 3).with(apart));

        fixture.timeout("g", 60);
        functions.registry().updateCode(CALLER, named("g"), update(zip("y")));
        functions.account().reserve(CALLER, named("g"), 2);
        FunctionVersion one = publish(PLAIN, "g");

        assertThat(one.settings().local()).isEqualTo(apart);
        assertThat(functions.registry().get(CALLER, named("g")).latest().settings().local()).isEqualTo(apart);
        assertThat(functions.registry().declare("g", code, FunctionsFixture.settings("h", 3).with(apart)).latest().settings().timeout())
                .as("the same declaration").hasSeconds(60);

        functions.registry().declare("g", code, FunctionsFixture.settings("h", 3));
        assertThat(functions.registry().get(CALLER, named("g")).latest().settings().local()).isEqualTo(LocalOptions.DEFAULT);
        assertThat(publish(PLAIN, "g").version()).isEqualTo("2");
        assertThat(functions.registry().get(CALLER, named("g")).version("1")).contains(one);
    }

    @Test
    void aDryRunReturnsTheHashOfItsCodeAndStoresNothing() throws Exception {
        FunctionVersion before = latest();

        FunctionDefinition dry = functions.registry().updateCode(CALLER, named("f"),
                new FunctionRegistry.CodeUpdate(new CodeSource.Zip(zip("y")), FunctionsFixture.NOTHING, true, null, true));

        assertThat(dry.latest().code().sha256()).isNotEqualTo(before.code().sha256());
        assertThat(dry.publications().versions()).isEmpty();
        assertThat(latest()).isEqualTo(before);
        try (Stream<Path> stored = Files.list(fixture.codeDirectory)) {
            assertThat(stored).as("uploads").hasSize(1);
        }
    }

    // Pasted by users of AWS: appleboy/lambda-action#28, pythonista-chromeless#19.
    @Test
    void aPackageTypeIsForEver() {
        assertThatThrownBy(() -> functions.registry().updateCode(CALLER, named("f"), code(new CodeSource.Image("repo/image:1"))))
                .hasMessage("Please don't provide ImageUri when updating a function with packageType Zip.");
        SettingsChange image = new SettingsChange(null, null, "role", null, null, null, null, Map.of("PackageType", "\"Image\""));
        functions.registry().create(CALLER,
                new FunctionRegistry.Create("i", new CodeSource.Image("repo/image:1"), image, Tags.NONE, false));
        assertThatThrownBy(() -> functions.registry().updateCode(CALLER, named("i"), update(zip("y"))))
                .hasMessage("Please provide ImageUri when updating a function with packageType Image.");
        assertThat(functions.registry().updateCode(CALLER, named("i"), code(new CodeSource.Image("repo/image:2"))).latest().code())
                .isEqualTo(new FunctionCode.Image("repo/image:2"));
    }

    private static FunctionRegistry.CodeUpdate code(CodeSource source) {
        return new FunctionRegistry.CodeUpdate(source, FunctionsFixture.NOTHING, false, null, false);
    }

    private FunctionVersion latest() {
        return functions.registry().get(CALLER, named("f")).latest();
    }

    private FunctionVersion publish(Publish request) {
        return publish(request, "f");
    }

    private FunctionVersion publish(Publish request, String name) {
        return functions.versions().publish(CALLER, named(name), request);
    }

    private static byte[] zip(String content) {
        return new Zip().file("example/Handler.class", content).bytes();
    }
}
