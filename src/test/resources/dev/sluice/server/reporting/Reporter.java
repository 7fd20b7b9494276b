import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

public class Reporter implements RequestHandler<Map<String, Object>, String> {
    private final Path directory = Path.of(System.getenv("DIRECTORY"));

    @Override
    public String handleRequest(Map<String, Object> event, Context context) {
        StringBuilder lines = new StringBuilder();
        int count = 0;
        boolean fatal = false;
        for (Object records : ((Map<?, ?>) event.get("records")).values()) {
            for (Object each : (List<?>) records) {
                Map<?, ?> record = (Map<?, ?>) each;
                String line = record.get("partition") + " " + record.get("offset");
                fatal |= line.equals("1 125");
                lines.append(line).append('\n');
                count++;
            }
        }
        System.out.println("got " + count);
        append("seen", lines);
        if (fatal && new File(directory.toFile(), "failed").mkdir()) {
            throw new IllegalStateException("told to fail");
        }
        append("done", lines);
        return "ok";
    }

    private void append(String name, CharSequence lines) {
        try {
            Files.writeString(directory.resolve(name), lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
