package dev.sluice.runtime.process;

import com.amazonaws.services.lambda.crac.Resource;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.function.FunctionSettings;
import dev.sluice.runtime.handler.JavaBootstrap;
import dev.sluice.runtime.instance.FunctionEnvironment;
import dev.sluice.runtime.instance.Instance;
import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Which command runs a function's Java code in a JVM of its own? This server's Java, with {@link JavaBootstrap}. Stateless. */
final class ChildJvm {

    /** What {@link JavaBootstrap} needs, and shows to the function; in the server's own JAR they are all in one place. */
    private static final String CLASS_PATH = classPath(JavaBootstrap.class, RequestHandler.class, PojoSerializer.class, Resource.class,
            JsonFactory.class, ObjectMapper.class, JsonProperty.class);
    /** The part of a function's memory that Lambda gives to the heap, as functions that printed the arguments of their JVM show. */
    private static final double HEAP = 0.85;

    private ChildJvm() {
    }

    /** @param environment that it is run with */
    static List<String> command(Instance.Origin origin, Map<String, String> environment) {
        FunctionSettings settings = origin.version().settings();
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx" + (long) (settings.memoryMb() * 1024 * HEAP) + "k");
        if (!environment.containsKey("JAVA_TOOL_OPTIONS")) {
            // As on Lambda since Java 17: starts fast, and takes little memory beside the heap. On the command line they would win.
            command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        }
        // Lambda's locale is one of UTF-8, which this machine need not have. Two names: that of Java 17, and that of what came later.
        command.addAll(List.of("-Dfile.encoding=UTF-8", "-Dsun.stdout.encoding=UTF-8", "-Dsun.stderr.encoding=UTF-8",
                "-Dstdout.encoding=UTF-8", "-Dstderr.encoding=UTF-8"));
        if (saysNothingOfTheLocale(environment)) {
            // What Lambda's locale comes to; this machine may not have it.
            command.addAll(List.of("-Duser.language=en", "-Duser.country=US"));
        }
        Integer debugPort = settings.local().debugPort();
        if (debugPort != null) {
            command.add("-agentlib:jdwp=transport=dt_socket,server=y,suspend=y,address=127.0.0.1:" + debugPort);
        }
        command.addAll(List.of("-cp", CLASS_PATH, JavaBootstrap.class.getName(), origin.version().code().place(),
                origin.code().archive().toString()));
        origin.libraries().forEach(library -> command.add(library.toString()));
        return command;
    }

    private static boolean saysNothingOfTheLocale(Map<String, String> environment) {
        return FunctionEnvironment.LAMBDAS_LANG.equals(environment.get("LANG"))
                && environment.getOrDefault("LC_ALL", "C.UTF-8").startsWith("C.")
                && !environment.getOrDefault("JAVA_TOOL_OPTIONS", "").contains("user.language");
    }

    private static String classPath(Class<?>... needed) {
        Set<String> places = new LinkedHashSet<>();
        Stream.of(needed).forEach(type -> {
            try {
                places.add(Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString());
            } catch (URISyntaxException e) {
                throw new IllegalStateException("the place of " + type + " is no URI", e);
            }
        });
        return String.join(File.pathSeparator, places);
    }
}
