package dev.sluice.testing;

import static dev.sluice.testing.FunctionDefinitions.aFunction;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.function.ClassPathEntry;
import dev.sluice.function.FunctionCode;
import dev.sluice.function.FunctionDefinition;
import dev.sluice.function.FunctionDefinition.Origin;
import dev.sluice.function.FunctionMove;
import dev.sluice.function.FunctionStore;
import dev.sluice.function.Isolation;
import dev.sluice.function.LocalOptions;
import dev.sluice.function.LoggingConfig;
import dev.sluice.function.SnapStart;
import dev.sluice.resource.Scope;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.NullSource;

/** What every {@link FunctionStore} does. A store's test extends this and says how to get an empty one. */
public abstract class FunctionStoreContract {

    private static final Scope OTHER_REGION = new Scope(Mappings.SCOPE.accountId(), "eu-west-1");
    private static final Scope OTHER_ACCOUNT = new Scope("111111111111", Mappings.SCOPE.region());

    /** The store under test; the same one all through a test method, empty at its beginning. */
    protected abstract FunctionStore store();

    static Stream<FunctionDefinition> shapes() {
        return Stream.of(
                aFunction("f").build(),
                aFunction("f").scope(Mappings.SCOPE).origin(Origin.LAMBDA_API)
                        .code(new FunctionCode.Archive("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", 5_000_000_000L))
                        .runtime("java21").handler("a.B").role("arn:aws:iam::000000000000:role/r").description("it's 'ü'; --")
                        .timeout(Duration.ofSeconds(900)).memoryMb(10_240).revisionId("r-2")
                        .environment(Map.of("A", "1", "a", "", "EMPTY", "", "MANY", "x\ny\u0000\uD83D\uDE00")).build(),
                aFunction("f").origin(Origin.CONFIG).url("http://localhost:8080/a%20b?c=d#e")
                        .timeout(Duration.ofMillis(1500)).build(),
                aFunction("f").code(FunctionCode.LocalTree.ofDirectory(Path.of("out").toAbsolutePath()))
                        .local(new LocalOptions(null, true, null)).published(1).build(),
                aFunction("f").local(new LocalOptions(Isolation.JVM, true, null)).published(1)
                        .local(new LocalOptions(Isolation.PROCESS, false, 1)).published(2).local(new LocalOptions(null, false, 65_535))
                        .build(),
                aFunction("f").code(place("app", "go", "run", "", "a b", "-x")).published(1).code(place("app")).runtime("python3.12")
                        .published(2)
                        .code(new FunctionCode.Attached()).runtime(null).handler(null).build(),
                aFunction("f")
                        .move(new FunctionMove("it called java.util.TimeZone.setDefault", Instant.parse("2026-11-30T10:00:00.123456Z")))
                        .published(1).build(),
                aFunction("f").code(new FunctionCode.HttpEndpoint(URI.create("https://[::1]:9/"), true)).runtime(null)
                        .handler(null).build(),
                aFunction("f").description("first").environment(Map.of("A", "1")).otherMembers(Map.of("Architectures", "[\"arm64\"]"))
                        .layers("arn:b", "arn:a").snapStart(SnapStart.PUBLISHED_VERSIONS)
                        .logging(new LoggingConfig(LoggingConfig.Format.JSON, LoggingConfig.Level.TRACE, LoggingConfig.System.WARN, "g"))
                        .published(1).published(2).description("eleventh").environment(Map.of()).published(11)
                        .alias("blue", "1", Map.of()).alias("a", "$LATEST", Map.of()).alias("green", "11", Map.of("2", 0.125))
                        .tags(Map.of("k", "v", "K", "")).reservedConcurrency(0).build());
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void findsAFunctionAsItWasInserted(FunctionDefinition function) {
        assertThat(store().insert(function)).isTrue();

        assertThat(store().find(function.name(), function.scope())).contains(function);
        assertThat(store().all()).containsExactly(function);
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void findsAFunctionAsItWasSaved(FunctionDefinition function) {
        store().save(function);

        assertThat(store().find(function.name(), function.scope())).contains(function);
    }

    @Test
    void keepsEveryKindOfCode() {
        List<Class<?>> kinds = Stream.of(new FunctionCode.Archive("hash", 1), new FunctionCode.Image("repository/image:1"),
                new FunctionCode.LocalJar(Path.of("a b.jar").toAbsolutePath()),
                new FunctionCode.LocalTree(List.of(entry("b/classes"), entry("a/*.jar"), entry("x.jar"), entry("*"))),
                place("a b", "node", "--", "server.mjs"), new FunctionCode.Attached(),
                new FunctionCode.HttpEndpoint(URI.create("http://localhost"), false))
                .map(code -> {
                    store().save(aFunction("f").code(code).build());
                    FunctionCode stored = store().find("f", null).orElseThrow().latest().code();
                    assertThat(stored).isEqualTo(code);
                    return stored.getClass();
                })
                .collect(Collectors.toList());

        assertThat(kinds).containsExactlyInAnyOrder(FunctionCode.class.getPermittedSubclasses());
    }

    private static FunctionCode place(String directory, String... command) {
        return new FunctionCode.LocalDirectory(Path.of(directory).toAbsolutePath(), List.of(command));
    }

    private static ClassPathEntry entry(String text) {
        return ClassPathEntry.parse(Path.of("").toAbsolutePath(), text).orElseThrow();
    }

    @Test
    void keepsADirectoryApartFromTheClassPathThatItStandsFor() {
        FunctionCode.LocalTree directory = FunctionCode.LocalTree.ofDirectory(Path.of("f").toAbsolutePath());
        store().save(aFunction("f").code(directory).build());
        store().save(aFunction("g").code(new FunctionCode.LocalTree(directory.classPath())).build());

        assertThat(store().find("f", null)).map(function -> function.latest().code()).contains(directory);
        assertThat(store().find("g", null)).map(function -> function.latest().code())
                .contains(new FunctionCode.LocalTree(directory.classPath()));
    }

    @ParameterizedTest
    @EnumSource(Origin.class)
    void keepsEveryOrigin(Origin origin) {
        store().save(aFunction("f").origin(origin).build());

        assertThat(store().find("f", null)).map(FunctionDefinition::origin).contains(origin);
    }

    @Test
    void keepsTheDeclarationBesideTheFunctionWhateverBecomesOfIt() {
        FunctionDefinition function = aFunction("f").scope(null).origin(Origin.CONFIG).build();
        store().saveDeclared(function, "first");
        store().saveDeclared(function, "second");
        assertThat(store().all()).containsExactly(function);

        store().save(aFunction("f").scope(null).description("changed").build());
        store().delete("f", null);

        assertThat(store().declaration("f")).contains("second");
        assertThat(store().declaration("g")).isEmpty();
    }

    @Test
    void keepsTimesToTheMicrosecond() {
        store().save(aFunction("f").lastModified(Instant.parse("2026-01-01T00:00:00.123456789Z")).build());

        assertThat(store().find("f", null)).map(function -> function.latest().lastModified())
                .contains(Instant.parse("2026-01-01T00:00:00.123456Z"));
    }

    static Stream<Scope> scopes() {
        return Stream.of(Mappings.SCOPE, OTHER_REGION, OTHER_ACCOUNT);
    }

    @ParameterizedTest
    @NullSource
    @MethodSource("scopes")
    void insertsNothingWhereAFunctionOfThisNameAndScopeIs(Scope scope) {
        FunctionDefinition first = aFunction("f").scope(scope).environment(Map.of("A", "1")).build();
        store().insert(first);

        assertThat(store().insert(aFunction("f").scope(scope).description("second").build())).isFalse();

        assertThat(store().all()).containsExactly(first);
    }

    @ParameterizedTest
    @NullSource
    @MethodSource("scopes")
    void savingReplacesTheFunctionOfThisNameAndScope(Scope scope) {
        store().save(aFunction("f").scope(scope).environment(Map.of("A", "1", "B", "2")).build());
        FunctionDefinition second = aFunction("f").scope(scope).url("http://localhost").environment(Map.of("B", "3")).build();

        store().save(second);

        assertThat(store().all()).containsExactly(second);
    }

    @Test
    void keepsFunctionsOfOneNameApartByScope() {
        List<FunctionDefinition> functions = Stream.concat(Stream.of((Scope) null), scopes())
                .map(scope -> aFunction("f").scope(scope).description(String.valueOf(scope)).build()).toList();

        assertThat(functions).allSatisfy(function -> assertThat(store().insert(function)).isTrue());

        assertThat(functions).allSatisfy(
                function -> assertThat(store().find("f", function.scope())).contains(function));
        assertThat(store().find("f", new Scope("222222222222", "us-east-1"))).isEmpty();
        assertThat(store().find("g", null)).isEmpty();
    }

    @Test
    void tellsFunctionsApartByTheCaseOfTheirNames() {
        store().save(aFunction("f").build());

        assertThat(store().find("F", null)).isEmpty();
        assertThat(store().insert(aFunction("F").build())).isTrue();
    }

    @Test
    void listsAllFunctionsByNameThenScope() {
        FunctionDefinition b = aFunction("b").build();
        FunctionDefinition a = aFunction("a").build();
        FunctionDefinition aHere = aFunction("a").scope(Mappings.SCOPE).build();
        FunctionDefinition aOtherRegion = aFunction("a").scope(OTHER_REGION).build();
        FunctionDefinition aOtherAccount = aFunction("a").scope(OTHER_ACCOUNT).build();
        FunctionDefinition upperCase = aFunction("Z").build();
        Stream.of(b, aOtherAccount, aHere, a, upperCase, aOtherRegion).forEach(store()::save);

        assertThat(store().all()).containsExactly(upperCase, a, aOtherRegion, aHere, aOtherAccount, b);
    }

    @ParameterizedTest
    @NullSource
    @MethodSource("scopes")
    void deletesTheFunctionOfExactlyThisNameAndScope(Scope scope) {
        Stream.concat(Stream.of((Scope) null), scopes())
                .forEach(each -> store().save(aFunction("f").scope(each).environment(Map.of("A", "1")).build()));
        store().save(aFunction("g").scope(scope).build());

        assertThat(store().delete("f", scope)).isTrue();
        assertThat(store().delete("f", scope)).isFalse();

        assertThat(store().find("f", scope)).isEmpty();
        assertThat(store().all()).hasSize(4);
    }
}
