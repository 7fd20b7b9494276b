package dev.sluice;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.InstanceofCheck;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which package may depend on what: arrows point one way, third parties stay where they belong. */
class ArchitectureTest {

    private static final JavaClasses SLUICE =
            new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("dev.sluice");

    /** What others made, as the table in CONTRIBUTING.md names it. The JDK and slf4j are open to all. */
    private enum Library {
        JACKSON("Jackson", "com.fasterxml.jackson.."),
        KAFKA("Kafka", "org.apache.kafka..", "kafka..", "scala.."),
        JAVALIN("Javalin", "io.javalin..", "jakarta.servlet..", "kotlin.."),
        JETTY("Jetty", "org.eclipse.jetty.."),
        AWS_SDK("AWS SDK", "software.amazon.awssdk.."),
        LAMBDA("Lambda's Java libraries", "com.amazonaws.services.lambda..", "com.amazonaws.lambda.thirdparty.."),
        HTTP_CLIENT("Apache HttpClient", "org.apache.hc.."),
        ASM("ASM", "org.objectweb.asm.."),
        EVENT_RULER("event-ruler", "software.amazon.event.ruler.."),
        METRICS("Micrometer, Prometheus", "io.micrometer..", "io.prometheus.."),
        SQL("java.sql", "java.sql..", "org.sqlite.."),
        YAML("YAML", "org.yaml.snakeyaml.."),
        PICOCLI("picocli", "picocli.."),
        LOGBACK("logback", "ch.qos.logback.."),
        JUNIT("JUnit", "org.junit.jupiter.api..", "org.junit.platform.commons.."),
        // The JDK's, for the demo's HTTP function.
        HTTP_SERVER("com.sun.net.httpserver", "com.sun.net.httpserver..");

        private final String text;
        private final List<String> packages;

        Library(String text, String... packages) {
            this.text = text;
            this.packages = List.of(packages);
        }
    }

    /** What a package may depend on: own ones by name, and libraries. */
    private record Allowed(List<String> own, List<Library> libraries) {
        static Allowed of(String own, Library... libraries) {
            return new Allowed(own.isEmpty() ? List.of() : List.of(own.split(" ")), List.of(libraries));
        }
    }

    /** The allow-list, from the ground up: no package may depend on one that stands below it. CONTRIBUTING.md has the same table. */
    private static final Map<String, Allowed> MAY_DEPEND_ON = new LinkedHashMap<>();

    private static void allow(String name, String own, Library... libraries) {
        MAY_DEPEND_ON.put(name, Allowed.of(own, libraries));
    }

    static {
        allow("resource", "");
        allow("fault", "");
        allow("mapping", "resource");
        allow("invocation", "resource", Library.JACKSON);
        allow("function", "resource invocation", Library.LAMBDA);
        allow("runtime.log", "resource invocation function", Library.JACKSON, Library.LAMBDA);
        allow("runtime.code", "resource fault invocation function");
        allow("runtime.instance", "resource fault invocation function runtime.log runtime.code");
        allow("runtime.handler", "invocation function runtime.log runtime.code runtime.instance", Library.JACKSON, Library.LAMBDA,
                Library.ASM);
        allow("runtime.process", "resource invocation function runtime.log runtime.code runtime.instance runtime.handler", Library.JACKSON,
                Library.LAMBDA);
        allow("runtime.api", "invocation runtime.code runtime.process", Library.JACKSON, Library.JETTY);
        allow("runtime", "resource fault mapping invocation function runtime.log runtime.code runtime.instance runtime.handler"
                + " runtime.process", Library.JACKSON, Library.HTTP_CLIENT);
        allow("role", "resource mapping");
        allow("diagnosis", "resource mapping");
        allow("secret", "fault");
        allow("credential", "mapping secret", Library.JACKSON, Library.KAFKA);
        allow("aws", "resource function runtime.code secret", Library.AWS_SDK);
        allow("cluster", "fault mapping secret credential", Library.KAFKA);
        allow("dispatch", "resource fault mapping invocation", Library.JACKSON);
        allow("batching", "dispatch", Library.KAFKA);
        allow("filter", "mapping dispatch", Library.JACKSON, Library.EVENT_RULER);
        allow("destination", "resource fault mapping aws cluster dispatch", Library.JACKSON, Library.KAFKA, Library.AWS_SDK);
        allow("poller", "resource fault mapping credential cluster dispatch batching filter", Library.KAFKA);
        allow("queue", "invocation mapping cluster dispatch batching filter poller", Library.KAFKA);
        allow("telemetry", "resource fault mapping diagnosis dispatch", Library.JACKSON, Library.METRICS);
        allow("store", "resource fault mapping function dispatch telemetry", Library.SQL);
        allow("embedded", "fault", Library.KAFKA);
        allow("api.http", "resource fault mapping function", Library.JACKSON, Library.JAVALIN, Library.JETTY);
        allow("api.contract", "api.http", Library.JACKSON);
        allow("api.aws", "resource mapping function api.http api.contract", Library.JACKSON, Library.JAVALIN);
        allow("api.mapping", "resource mapping api.http api.aws", Library.JACKSON, Library.JAVALIN);
        allow("api.function", "resource mapping invocation function runtime api.http api.contract api.aws", Library.JACKSON,
                Library.JAVALIN);
        allow("api.control",
                "resource fault mapping function runtime.log runtime.code runtime role diagnosis cluster dispatch telemetry api.http"
                        + " api.mapping",
                Library.JACKSON, Library.JAVALIN);
        allow("api", "resource mapping function runtime api.http api.contract api.aws api.mapping api.function",
                Library.JAVALIN);
        allow("server", String.join(" ", MAY_DEPEND_ON.keySet()), Library.JACKSON, Library.KAFKA, Library.YAML);
        // The one door to java.net.http and to picocli; everything but serve and demo talks HTTP.
        allow("json", "");
        allow("cli.screen", "");
        allow("cli", "json resource server cli.screen", Library.PICOCLI, Library.LOGBACK, Library.HTTP_SERVER);
        // With json, what sluice-junit is made of: it runs in the tests of others, where nothing of the server is.
        allow("testing", "json");
        allow("junit", "testing", Library.JUNIT);
    }

    static Stream<String> packages() {
        return MAY_DEPEND_ON.keySet().stream();
    }

    @Test
    void whatStandsAboveDependsOnNothingBelow() {
        List<String> seen = new ArrayList<>();
        MAY_DEPEND_ON.forEach((name, allowed) -> {
            assertThat(seen).as(name).containsAll(allowed.own());
            seen.add(name);
        });
    }

    /** A row is | `name` | what it is for | its packages; its libraries |. */
    @Test
    void contributingHasTheSameTable() throws IOException {
        Map<String, String> rows = new LinkedHashMap<>();
        for (String line : Files.readAllLines(Path.of("CONTRIBUTING.md"))) {
            String[] cells = line.split("\\|", -1);
            if (cells.length == 5 && cells[1].strip().matches("`[a-z.]+`")) {
                rows.put(cells[1].strip().replace("`", ""), cells[3].strip());
            }
        }
        Map<String, String> expected = new LinkedHashMap<>();
        MAY_DEPEND_ON.forEach((name, allowed) -> expected.put(name, text(allowed, name.equals("server") ? expected.size() : -1)));
        assertThat(rows).containsExactlyEntriesOf(expected);
    }

    private static String text(Allowed allowed, int all) {
        String own = allowed.own().size() == all && all > 0 ? "all above"
                : allowed.own().stream().map(name -> "`" + name + "`").collect(Collectors.joining(" "));
        String libraries = allowed.libraries().stream().map(library -> library.text).collect(Collectors.joining(", "));
        return own + (own.isEmpty() || libraries.isEmpty() ? "" : "; ") + libraries;
    }

    @Test
    void everyPackageIsListed() {
        TreeSet<String> found = new TreeSet<>();
        for (JavaClass type : SLUICE) {
            found.add(type.getPackageName().replaceFirst("dev\\.sluice\\.?", ""));
        }
        assertThat(found).containsExactlyInAnyOrderElementsOf(MAY_DEPEND_ON.keySet());
    }

    @ParameterizedTest
    @MethodSource("packages")
    void dependsOnWhatItMayAndNothingElse(String name) {
        Allowed allowed = MAY_DEPEND_ON.get(name);
        List<String> open = List.of("java..", "javax..", "org.slf4j..", "org.jspecify..", "dev.sluice." + name);
        String[] patterns = Stream.of(open, allowed.own().stream().map(other -> "dev.sluice." + other).toList(),
                allowed.libraries().stream().flatMap(library -> library.packages.stream()).toList()).flatMap(List::stream)
                .toArray(String[]::new);
        classes().that().resideInAPackage("dev.sluice." + name)
                .should().onlyDependOnClassesThat(describe("reside in " + List.of(patterns), type -> {
                    String other = type.getBaseComponentType().getPackageName();
                    // java.sql is the JDK's, but only the store may know it.
                    boolean sql = other.startsWith("java.sql") && !allowed.libraries().contains(Library.SQL);
                    return type.getBaseComponentType().isPrimitive() || !sql && matchesAny(other, patterns);
                }))
                .because("arrows point one way (see CONTRIBUTING.md)")
                .check(SLUICE);
    }

    /** What nobody needs any more goes from the list, or the list says nothing. */
    @ParameterizedTest
    @MethodSource("packages")
    void needsWhatItMayDependOn(String name) {
        Set<String> used = new HashSet<>();
        for (JavaClass type : SLUICE) {
            if (type.getPackageName().equals("dev.sluice." + name)) {
                type.getDirectDependenciesFromSelf()
                        .forEach(arrow -> used.add(arrow.getTargetClass().getBaseComponentType().getPackageName()));
            }
        }
        Allowed allowed = MAY_DEPEND_ON.get(name);
        if (!name.equals("server")) { // which wires everything, and need not know each room for it
            assertThat(allowed.own().stream().filter(other -> !used.contains("dev.sluice." + other))).isEmpty();
        }
        assertThat(allowed.libraries().stream().filter(library -> used.stream()
                .noneMatch(other -> matchesAny(other, library.packages.toArray(String[]::new))))).isEmpty();
    }

    /** A test on the module path need not have another module of the JDK. */
    @Test
    void whatRunsInTestsOfOthersNeedsJavaBaseAlone() {
        assertThat(SLUICE.stream().filter(type -> List.of("dev.sluice.json", "dev.sluice.testing").contains(type.getPackageName()))
                .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                .map(arrow -> arrow.getTargetClass().getBaseComponentType())
                .filter(type -> !type.isPrimitive() && !type.getPackageName().startsWith("dev.sluice."))
                .map(JavaClass::getName).distinct()
                .filter(name -> ModuleLayer.boot().findModule("java.base").orElseThrow().getPackages().stream()
                        .noneMatch(name.substring(0, name.lastIndexOf('.'))::equals)))
                .isEmpty();
    }

    /** A room is what one can hold; see the decision on rooms. */
    @Test
    void noRoomHasMoreThan45Files() throws IOException {
        try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
            Map<Path, Long> files = sources.filter(path -> path.toString().endsWith(".java"))
                    .collect(Collectors.groupingBy(Path::getParent, Collectors.counting()));
            assertThat(files).isNotEmpty().allSatisfy((room, count) -> assertThat(count).as(room.toString()).isLessThanOrEqualTo(45));
        }
    }

    @Test
    void hasNoCycles() {
        slices().matching("dev.sluice.(**)").should().beFreeOfCycles().check(SLUICE);
    }

    /** And the main class of a JVM that is a function's own, and the JVM of a test, whose user's directories are named there. */
    @Test
    void onlyTheCommandLineReadsTheEnvironmentOrEndsTheJvm() {
        noClasses().that().resideOutsideOfPackages("dev.sluice.cli", "dev.sluice.testing")
                .and().doNotHaveFullyQualifiedName("dev.sluice.runtime.handler.JavaBootstrap")
                .should().callMethodWhere(describe("System.getenv or exit",
                        call -> call.getTargetOwner().isEquivalentTo(System.class)
                                && (call.getName().equals("getenv") || call.getName().equals("exit"))))
                .check(SLUICE);
    }

    /** The compiler lists their kinds, as these have a {@code match}; who asks for one by {@code instanceof} is not on its list. */
    @ParameterizedTest
    @ValueSource(strings = {"function.FunctionCode", "mapping.EventSource", "cluster.SourceBrokers"})
    void asksNobodyOfWhichKindItIs(String name) {
        String closed = "dev.sluice." + name;
        List<InstanceofCheck> asked = SLUICE.stream().filter(type -> !type.getName().startsWith(closed))
                .flatMap(type -> type.getInstanceofChecks().stream()).toList();
        assertThat(asked).as("questions that the importer sees").isNotEmpty();
        assertThat(asked.stream().filter(check -> check.getRawType().getName().startsWith(closed + "$"))
                .map(Object::toString)).isEmpty();
    }

    /** More of them hide a noun. A record has as many components as what it is, AWS's settings for example, has parts. */
    @Test
    void noConstructorTakesMoreThanSixThings() {
        List<String> tooMany = SLUICE.stream().filter(type -> !type.isRecord() && !type.isEnum() && !type.isAnonymousClass())
                .flatMap(type -> type.getConstructors().stream())
                .filter(constructor -> !constructor.getModifiers().contains(JavaModifier.SYNTHETIC))
                .filter(constructor -> constructor.getRawParameterTypes().size() > (constructor.getOwner().isInnerClass() ? 7 : 6))
                .map(Object::toString).toList();
        assertThat(tooMany).isEmpty();
    }

    @Test
    void hasNoVagueNames() {
        noClasses().should().haveSimpleNameEndingWith("Util").orShould().haveSimpleNameEndingWith("Utils")
                .orShould().haveSimpleNameEndingWith("Helper").orShould().haveSimpleNameEndingWith("Manager")
                .orShould().haveSimpleNameEndingWith("Impl").check(SLUICE);
    }

    private static boolean matchesAny(String name, String[] patterns) {
        for (String pattern : patterns) {
            String start = pattern.endsWith("..") ? pattern.substring(0, pattern.length() - 2) : pattern;
            if (name.equals(start) || pattern.endsWith("..") && name.startsWith(start + ".")) {
                return true;
            }
        }
        return false;
    }
}
