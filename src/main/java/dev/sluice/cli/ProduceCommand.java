package dev.sluice.cli;

import dev.sluice.cli.screen.Terminal;
import dev.sluice.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes records to a topic of the server's default cluster. */
@Command(name = "produce", mixinStandardHelpOptions = true,
        description = "Writes records to a topic: VALUE, or else one record for each line of standard input, byte for byte.",
        footer = {"", "Examples:", "  sluice produce orders '{\"item\":\"book\"}' --key order-1", "  sluice produce orders < lines.txt",
                "  printf 'order-1:one\\norder-2:two\\n' | sluice produce orders -K:"})
final class ProduceCommand implements Callable<Integer> {

    /** Records in one request, and about how long its JSON may grow. */
    private static final int BATCH = 500;
    private static final int BATCH_CHARS = 500_000;
    private static final long TELL_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Terminal terminal;

    @Spec
    private CommandSpec spec;

    @Mixin
    private EndpointOption endpoint;

    @Parameters(index = "0", paramLabel = "TOPIC", description = "where to write")
    private String topic;

    @Parameters(index = "1", arity = "0..1", paramLabel = "VALUE", description = "the record's value")
    private String value;

    @Option(names = {"-k", "--key"}, description = "the key of every record (default: none)")
    private String key;

    @Option(names = {"-K", "--key-separator"}, paramLabel = "TEXT",
            description = "of each line of standard input, what is before TEXT is the record's key: -K:")
    private String keySeparator;

    @Option(names = {"-H", "--header"}, paramLabel = "NAME=VALUE", description = "a header; may be given several times")
    private List<String> headers = new ArrayList<>();

    @Option(names = {"-p", "--partition"}, paramLabel = "N", description = "the partition (default: Kafka chooses)")
    private Integer partition;

    @Option(names = {"-n", "--count"}, paramLabel = "N", defaultValue = "1", description = "write each record N times")
    private int count;

    @Option(names = "--tombstone", description = "write a record without a value")
    private boolean tombstone;

    @Option(names = "--value-file", paramLabel = "FILE", description = "take the value from a file, byte for byte")
    private Path valueFile;

    @Option(names = "--listener", paramLabel = "KIND",
            description = "write through this listener of the embedded broker, as its clients do: plaintext, ssl, sasl_plaintext, sasl_ssl")
    private String listener;

    private final WrittenRecords written = new WrittenRecords();
    private final StringBuilder pending = new StringBuilder();
    private int pendingRecords;
    private long told = System.nanoTime();
    private volatile boolean over;
    private ControlClient client;

    ProduceCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        check();
        client = endpoint.client(terminal);
        Runtime.getRuntime().addShutdownHook(new Thread(this::interrupted, "sluice-interrupted"));
        try {
            write();
        } catch (CommandFailedException failed) {
            over = true;
            written.print(terminal.out());
            throw written.total() == 0 ? failed
                    : CommandFailedException.failed(failed.getMessage() + " (" + count(written.total()) + " written before)");
        } finally {
            over = true;
        }
        written.print(terminal.out());
        return 0;
    }

    /** Ctrl-C or SIGTERM, which end the JVM with a status of their own. */
    private void interrupted() {
        if (!over) {
            written.print(terminal.out());
            terminal.out().flush();
            terminal.err().println("sluice: interrupted; " + count(written.total()) + " written, and of those on their way nobody knows");
            terminal.err().flush();
        }
    }

    private static String count(long records) {
        return records == 1 ? "1 record was" : records + " records were";
    }

    private void write() throws IOException {
        String attributes = attributes();
        if (tombstone) {
            repeat(attributes + "\"value\":null}");
        } else if (valueFile != null) {
            repeat(attributes + "\"valueBase64\":\"" + Base64.getEncoder().encodeToString(bytes()) + "\"}");
        } else if (value != null) {
            repeat(attributes + "\"value\":" + Json.quote(value) + "}");
        } else {
            lines(attributes);
        }
        send();
    }

    private void check() {
        int sources = (value == null ? 0 : 1) + (tombstone ? 1 : 0) + (valueFile == null ? 0 : 1);
        if (sources > 1) {
            throw new ParameterException(spec.commandLine(), "VALUE, --tombstone and --value-file exclude each other");
        }
        if (count < 1) {
            throw new ParameterException(spec.commandLine(), "--count is " + count + "; allowed is 1 or more");
        }
        if (keySeparator != null && (key != null || sources > 0 || keySeparator.isEmpty())) {
            throw new ParameterException(spec.commandLine(),
                    "--key-separator is for lines of standard input; it excludes --key, VALUE, --tombstone and --value-file, and is not empty");
        }
        for (String header : headers) {
            if (header.indexOf('=') < 1) {
                throw new ParameterException(spec.commandLine(), "--header is '" + header + "'; allowed is NAME=VALUE");
            }
        }
    }

    /** What all records have in common: the JSON object up to its value. */
    private String attributes() {
        StringBuilder json = new StringBuilder("{");
        if (key != null) {
            json.append("\"key\":").append(Json.quote(key)).append(',');
        }
        if (partition != null) {
            json.append("\"partition\":").append(partition).append(',');
        }
        if (!headers.isEmpty()) {
            List<String> objects = new ArrayList<>();
            for (String header : headers) {
                int equals = header.indexOf('=');
                objects.add("{\"name\":" + Json.quote(header.substring(0, equals))
                        + ",\"value\":" + Json.quote(header.substring(equals + 1)) + "}");
            }
            json.append("\"headers\":[").append(String.join(",", objects)).append("],");
        }
        return json.toString();
    }

    private void lines(String attributes) throws IOException {
        // Not closed: standard input isn't ours. Each byte is one character at first: a line needs not be text.
        BufferedReader lines = new BufferedReader(new InputStreamReader(terminal.in(), StandardCharsets.ISO_8859_1));
        String separator =
                keySeparator == null ? "" : new String(keySeparator.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            int key = keySeparator == null ? -1 : line.indexOf(separator);
            repeat(attributes + (key < 0 ? "" : member("key", line.substring(0, key)) + ",")
                    + member("value", key < 0 ? line : line.substring(key + separator.length())) + "}");
            if (!lines.ready()) {
                // Somebody types: what was typed so far shall not wait for the end.
                send();
            }
        }
    }

    /** @param bytes a character each */
    private static String member(String name, String bytes) {
        byte[] content = bytes.getBytes(StandardCharsets.ISO_8859_1);
        return text(content).map(text -> "\"" + name + "\":" + Json.quote(text))
                .orElseGet(() -> "\"" + name + "Base64\":\"" + Base64.getEncoder().encodeToString(content) + "\"");
    }

    private static Optional<String> text(byte[] bytes) {
        try {
            return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (CharacterCodingException noText) {
            return Optional.empty();
        }
    }

    private byte[] bytes() throws IOException {
        Path file = terminal.workingDirectory().resolve(valueFile);
        if (!Files.isReadable(file) || Files.isDirectory(file)) {
            throw CommandFailedException.wrongUsage("--value-file is '" + valueFile + "'; there is no such file to read");
        }
        return Files.readAllBytes(file);
    }

    private void repeat(String record) {
        for (int i = 0; i < count; i++) {
            pending.append(pendingRecords == 0 ? "" : ",").append(record);
            pendingRecords++;
            if (pendingRecords == BATCH || pending.length() > BATCH_CHARS) {
                send();
            }
        }
    }

    /** For who watches a long one. */
    private void progress() {
        if (terminal.screen().columns() > 0 && System.nanoTime() - told > TELL_NANOS && written.total() > BATCH) {
            told = System.nanoTime();
            terminal.err().println("sluice: " + count(written.total()) + " written");
        }
    }

    private void send() {
        if (pendingRecords == 0) {
            return;
        }
        String body = "{\"records\":[" + pending + "]}";
        pending.setLength(0);
        pendingRecords = 0;
        ControlClient.Answer answer =
                client.send("POST", "/_sluice/topics/" + ControlClient.segment(topic) + "/records"
                        + (listener == null ? "" : "?listener=" + ControlClient.segment(listener)), body, Map.of());
        written.add(answer.body());
        progress();
        if (answer.status() != 200) {
            throw CommandFailedException.failed(answer.message());
        }
    }
}
