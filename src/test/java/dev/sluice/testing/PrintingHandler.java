package dev.sluice.testing;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The JAR of a function that prints {@code vN got VALUE} for each record and answers {@code {"version":N}}; it fails when it is asked to.
 */
public final class PrintingHandler {

    public static final String HANDLER = "example.Printer";

    private PrintingHandler() {
    }

    /** @param version N; an event with the member {@code fail} makes it throw */
    public static byte[] jar(Path workDirectory, int version) throws IOException {
        return CompiledHandler.compile(workDirectory, "Printer", """
                public class Printer implements RequestHandler<Map<String, Object>, Map<String, Object>> {
                    @Override
                    public Map<String, Object> handleRequest(Map<String, Object> event, Context context) {
                        if (event.containsKey("fail")) {
                            throw new IllegalStateException("as asked");
                        }
                        if (event.get("records") instanceof Map<?, ?> partitions) {
                            for (Object partition : partitions.values()) {
                                for (Object record : (List<?>) partition) {
                                    String value = (String) ((Map<?, ?>) record).get("value");
                                    System.out.println("v%1$d got " + new String(Base64.getDecoder().decode(value)));
                                }
                            }
                        }
                        return Map.of("version", %1$d);
                    }
                }
                """.formatted(version)).zip();
    }
}
