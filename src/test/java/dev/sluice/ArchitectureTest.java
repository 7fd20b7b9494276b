package dev.sluice;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which package may depend on what: arrows point one way, third parties stay where they belong. */
class ArchitectureTest {

    private static final JavaClasses SLUICE =
            new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("dev.sluice");

    private static final String JACKSON = "com.fasterxml.jackson..";
    private static final String KAFKA = "org.apache.kafka..";
    private static final String JAVALIN = "io.javalin..";
    private static final String JETTY = "org.eclipse.jetty..";
    private static final String AWS_SDK = "software.amazon.awssdk..";

    /** The allow-list: own packages by name, others by package pattern. The JDK and slf4j are open to all. */
    private static final Map<String, List<String>> MAY_DEPEND_ON = Map.ofEntries(
            Map.entry("resource", List.of()),
            Map.entry("mapping", List.of("resource")),
            Map.entry("fault", List.of()),
            Map.entry("function", List.of("resource", "mapping", "fault", JACKSON, "com.amazonaws.services.lambda.runtime..",
                    "com.amazonaws.services.lambda.crac..", "com.amazonaws.lambda.thirdparty..", "org.apache.hc..", "org.objectweb.asm..")),
            Map.entry("cluster", List.of("mapping", "fault", KAFKA)),
            Map.entry("dispatch", List.of("resource", "mapping", "fault", "function", JACKSON)),
            Map.entry("filter", List.of("mapping", "dispatch", JACKSON, "software.amazon.event.ruler..")),
            Map.entry("aws", List.of("resource", "mapping", "function", AWS_SDK)),
            Map.entry("destination", List.of("resource", "mapping", "fault", "dispatch", "cluster", "aws", KAFKA, JACKSON, AWS_SDK)),
            Map.entry("poller", List.of("resource", "mapping", "fault", "dispatch", "filter", "cluster", KAFKA)),
            Map.entry("telemetry", List.of("resource", "mapping", "fault", "dispatch", "io.micrometer..", "io.prometheus..", JACKSON)),
            Map.entry("store", List.of("resource", "mapping", "fault", "function", "dispatch", "telemetry", "java.sql..")),
            Map.entry("runtimeapi", List.of("fault", "function", JETTY, JACKSON)),
            Map.entry("embedded", List.of("fault", KAFKA, "kafka..", "scala..")),
            Map.entry("api",
                    List.of("resource", "mapping", "fault", "function", "cluster", "dispatch", "telemetry", JACKSON, JAVALIN, JETTY,
                            "jakarta.servlet..", "kotlin..")),
            Map.entry("server",
                    List.of("resource", "mapping", "fault", "function", "cluster", "dispatch", "filter", "destination", "poller",
                            "telemetry",
                            "store", "aws", "embedded", "api", "runtimeapi",
                            JACKSON, JAVALIN, JETTY, "org.yaml.snakeyaml..")),
            // The one door to java.net.http and to picocli; everything but serve and demo talks HTTP.
            // com.sun.net.httpserver is the JDK's, for the demo's HTTP function.
            Map.entry("cli", List.of("server", "picocli..", "com.sun.net.httpserver..")));

    static Stream<String> packages() {
        return MAY_DEPEND_ON.keySet().stream().sorted();
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
        List<String> allowed = Stream.concat(
                Stream.of("java..", "javax..", "org.slf4j..", "dev.sluice." + name),
                MAY_DEPEND_ON.get(name).stream().map(other -> other.endsWith("..") ? other : "dev.sluice." + other)).toList();
        // java.sql is the JDK's, but only the store may know it.
        String[] patterns = allowed.toArray(String[]::new);
        classes().that().resideInAPackage("dev.sluice." + name)
                .should().onlyDependOnClassesThat(describe("reside in " + allowed, type -> {
                    String other = type.getBaseComponentType().getPackageName();
                    boolean sql = other.startsWith("java.sql") && !name.equals("store");
                    return type.getBaseComponentType().isPrimitive() || !sql && matchesAny(other, patterns);
                }))
                .because("arrows point one way (see CONTRIBUTING.md)")
                .check(SLUICE);
    }

    @Test
    void hasNoCycles() {
        slices().matching("dev.sluice.(*)..").should().beFreeOfCycles().check(SLUICE);
    }

    /** And the main class of a JVM that is a function's own. */
    @Test
    void onlyTheCommandLineReadsTheEnvironmentOrEndsTheJvm() {
        noClasses().that().resideOutsideOfPackage("dev.sluice.cli")
                .and().doNotHaveFullyQualifiedName("dev.sluice.function.JavaBootstrap")
                .should().callMethodWhere(describe("System.getenv or exit",
                        call -> call.getTargetOwner().isEquivalentTo(System.class)
                                && (call.getName().equals("getenv") || call.getName().equals("exit"))))
                .check(SLUICE);
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
