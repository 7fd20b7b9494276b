package dev.sluice.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarInputStream;
import java.util.jar.JarOutputStream;

/** Makes the JAR of the benchmark's handlers out of their classes here. */
final class HandlerJar {

    private static final String EXAMPLE = "/examples/kafka-event-handler.jar";
    private static final String KAFKA_EVENT = "com/amazonaws/services/lambda/runtime/events/KafkaEvent";

    private HandlerJar() {
    }

    /** @param directory holds the JAR and the handlers' tallies */
    static Path write(Path directory) throws IOException {
        Path jar = Files.createDirectories(directory).resolve("handlers.jar");
        try (OutputStream file = Files.newOutputStream(jar); JarOutputStream entries = new JarOutputStream(file)) {
            for (Class<?> type : List.of(ReadAll.class, ReadKafkaEvent.class, CountAll.class, Hold.class, Echo.class, Tally.class)) {
                String name = type.getName().replace('.', '/') + ".class";
                entries.putNextEntry(new JarEntry(name));
                try (InputStream code = type.getClassLoader().getResourceAsStream(name)) {
                    code.transferTo(entries);
                }
            }
            addKafkaEvent(entries);
            entries.putNextEntry(new JarEntry(Tally.DIRECTORY));
            entries.write(directory.toString().getBytes(StandardCharsets.UTF_8));
        }
        return jar;
    }

    /** AWS's class is no part of the product's jar, but of the example's in it. */
    private static void addKafkaEvent(JarOutputStream entries) throws IOException {
        try (InputStream example = HandlerJar.class.getResourceAsStream(EXAMPLE); JarInputStream from = new JarInputStream(example)) {
            for (JarEntry entry = from.getNextJarEntry(); entry != null; entry = from.getNextJarEntry()) {
                if (entry.getName().startsWith(KAFKA_EVENT)) {
                    entries.putNextEntry(new JarEntry(entry.getName()));
                    from.transferTo(entries);
                }
            }
        }
    }
}
