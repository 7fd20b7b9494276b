package dev.sluice.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The AWS CLI, {@code aws lambda …}, as a user would type it, each member a flag. Every call is a process of its own. */
final class AwsCli implements AwsClient {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern ERROR = Pattern.compile("An error occurred \\((\\w+)\\) when calling the \\w+ operation[^:]*: (.*)");

    private final SluiceJar where;

    AwsCli(SluiceJar where) {
        this.where = where;
    }

    @Override
    public JsonNode call(String operation, Map<String, Object> members) {
        try {
            List<String> command = command(List.of(words(operation)), members);
            Path payload = null;
            if (operation.equals("Invoke")) {
                payload = Files.createTempFile(where.directory(), "payload", ".json");
                command.add(payload.toString());
            }
            SluiceJar.Output output = where.runOther(command.toArray(String[]::new));
            if (output.status() != 0) {
                return refusal(operation, output);
            }
            ObjectNode answer = output.out().isBlank() ? JSON.createObjectNode() : (ObjectNode) JSON.readTree(output.out());
            return payload == null ? answer : answer.put("Payload", Files.readString(payload));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void await(String waiter, Map<String, Object> members) {
        try {
            SluiceJar.Output output = where.runOther(command(List.of("wait", words(waiter)), members).toArray(String[]::new));
            if (output.status() != 0) {
                throw new AssertionError(waiter + " ended with status " + output.status() + ": " + output.err());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One page: the CLI joins them. */
    @Override
    public List<JsonNode> pages(String operation, int pageSize, Map<String, Object> members) {
        try {
            List<String> command = command(List.of(words(operation)), members);
            command.addAll(List.of("--page-size", String.valueOf(pageSize)));
            SluiceJar.Output output = where.runOther(command.toArray(String[]::new));
            if (output.status() != 0) {
                throw new AssertionError(operation + " ended with status " + output.status() + ": " + output.err());
            }
            return List.of(JSON.readTree(output.out()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        // Every call has ended its own process.
    }

    private static JsonNode refusal(String operation, SluiceJar.Output output) {
        Matcher error = ERROR.matcher(output.err());
        if (!error.find()) {
            throw new AssertionError(operation + " ended with status " + output.status() + ": " + output.err());
        }
        return JSON.createObjectNode().put("refused", error.group(1)).put("message", error.group(2));
    }

    private List<String> command(List<String> words, Map<String, Object> members) throws IOException {
        List<String> command = new ArrayList<>(List.of("aws", "--output", "json", "lambda"));
        command.addAll(words);
        for (Map.Entry<String, Object> member : members.entrySet()) {
            command.addAll(flag(member.getKey(), member.getValue()));
        }
        return command;
    }

    private List<String> flag(String member, Object value) throws IOException {
        String flag = "--" + words(member);
        if (member.equals("Code")) {
            // The CLI has a flag of its own for bytes within a structure.
            return flag("ZipFile", ((Map<?, ?>) value).get("ZipFile"));
        }
        if (member.equals("Payload")) {
            // Version 1 takes the text as it is, version 2 wants base64; both take a file's bytes.
            Path file = Files.writeString(Files.createTempFile(where.directory(), "event", ".json"), (String) value);
            return List.of(flag, "fileb://" + file);
        }
        if (value instanceof Boolean on) {
            return List.of(on ? flag : "--no-" + flag.substring(2));
        }
        if (value instanceof Path file) {
            return List.of(flag, "fileb://" + file);
        }
        return List.of(flag, value instanceof String || value instanceof Number ? value.toString() : JSON.writeValueAsString(value));
    }

    /** {@code FunctionActiveV2} as {@code function-active-v2}, {@code KMSKeyArn} as {@code kms-key-arn}. */
    private static String words(String name) {
        return name.replaceAll("([A-Z]+)([A-Z][a-z])", "$1-$2").replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
    }
}
