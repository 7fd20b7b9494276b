package dev.sluice.testing;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.KafkaEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.joda.time.DateTime;

/** Compiles a handler's source as a user's build would, and packs it: as a plain JAR, or as a zip with {@code lib/}. */
public final class CompiledHandler {

    private final Path classes;

    private CompiledHandler(Path classes) {
        this.classes = classes;
    }

    /** @param source the body of a file of package {@code example}; its public class is named {@code className} */
    public static CompiledHandler compile(Path workDirectory, String className, String source) throws IOException {
        return compileAgainst(workDirectory, className, source, List.of());
    }

    /** With more to compile against: what these groups have on this JVM's class path. */
    public static CompiledHandler compileWith(Path workDirectory, String className, String source, String... groups) throws IOException {
        return compileAgainst(workDirectory, className, source, jarsOf(groups));
    }

    /** With more to compile against: these JARs. */
    public static CompiledHandler compileAgainst(Path workDirectory, String className, String source, List<Path> jars)
            throws IOException {
        Path sources = Files.createTempDirectory(workDirectory, "src");
        Path classes = Files.createTempDirectory(workDirectory, "classes");
        Path file = sources.resolve(className + ".java");
        Files.writeString(file, "package example;\nimport java.io.*;\nimport java.util.*;\n"
                + "import com.amazonaws.services.lambda.runtime.*;\nimport com.amazonaws.services.lambda.runtime.events.*;\n" + source);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        int status = compiler.run(null, null, System.err, "-d", classes.toString(), "-proc:none", "-nowarn", "--release", "17",
                "-cp", location(RequestHandler.class) + java.io.File.pathSeparator + location(KafkaEvent.class)
                        + java.io.File.pathSeparator + location(DateTime.class)
                        + jars.stream().map(jar -> java.io.File.pathSeparator + jar).collect(Collectors.joining()),
                file.toString());
        if (status != 0) {
            throw new IllegalArgumentException("the handler's source doesn't compile");
        }
        return new CompiledHandler(classes);
    }

    /** The class file of the given name, relative to the root, such as {@code example/Handler.class}. */
    public byte[] classFile(String name) throws IOException {
        return Files.readAllBytes(classes.resolve(name));
    }

    /** The classes at the root, and these entries, each a name and its content. */
    public byte[] zip(Object... more) throws IOException {
        Zip zip = new Zip();
        List<Path> files = new ArrayList<>();
        try (Stream<Path> walk = Files.walk(classes)) {
            walk.filter(Files::isRegularFile).sorted().forEach(files::add);
        }
        for (Path file : files) {
            zip.file(classes.relativize(file).toString().replace('\\', '/'), Files.readAllBytes(file));
        }
        for (int i = 0; i < more.length; i += 2) {
            zip.file((String) more[i], (byte[]) more[i + 1]);
        }
        return zip.bytes();
    }

    /** The JAR of aws-lambda-java-events, as a user puts it into {@code lib/}. */
    public static byte[] eventsJar() throws IOException {
        return Files.readAllBytes(location(KafkaEvent.class));
    }

    /** The JAR of joda-time, which some classes of aws-lambda-java-events need. */
    public static byte[] jodaJar() throws IOException {
        return Files.readAllBytes(location(DateTime.class));
    }

    /** The JARs that the build has copied for handlers, under names that begin like this. */
    public static List<Path> copiedJars(String... names) throws IOException {
        Path copied = location(CompiledHandler.class).resolveSibling("handler-libraries");
        List<Path> jars = new ArrayList<>();
        for (String name : names) {
            try (Stream<Path> all = Files.list(copied)) {
                jars.add(all.filter(jar -> jar.getFileName().toString().matches(name + "-[0-9].*")).findFirst().orElseThrow());
            }
        }
        return jars;
    }

    /** The JARs of these Maven groups on this JVM's class path, in its order. */
    public static List<Path> jarsOf(String... groups) {
        List<String> parts = Stream.of(groups).map(group -> "/" + group.replace('.', '/') + "/").toList();
        return Stream.of(System.getProperty("java.class.path").split(java.io.File.pathSeparator))
                .filter(jar -> parts.stream().anyMatch(jar.replace('\\', '/')::contains)).map(Path::of).toList();
    }

    private static Path location(Class<?> type) {
        return Path.of(java.net.URI.create(type.getProtectionDomain().getCodeSource().getLocation().toString()));
    }
}
