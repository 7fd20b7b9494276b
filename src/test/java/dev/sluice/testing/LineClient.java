package dev.sluice.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A program in another language, with AWS's SDK for it, that goes on for the whole test: a line of JSON, answered by another. */
final class LineClient implements AwsClient {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long PATIENCE_SECONDS = 90;

    private final Process process;
    private final Writer requests;
    private final BufferedReader answers;

    LineClient(SluiceJar where, List<String> command) throws IOException {
        process = where.builder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        requests = process.outputWriter(StandardCharsets.UTF_8);
        answers = process.inputReader(StandardCharsets.UTF_8);
    }

    @Override
    public JsonNode call(String operation, Map<String, Object> members) {
        JsonNode answer = ask(Map.of("call", operation, "members", plain(members)));
        return answer.has("refused") ? answer : answered(operation, answer);
    }

    @Override
    public void await(String waiter, Map<String, Object> members) {
        answered(waiter, ask(Map.of("await", waiter, "members", plain(members))));
    }

    @Override
    public List<JsonNode> pages(String operation, int pageSize, Map<String, Object> members) {
        List<JsonNode> pages = new ArrayList<>();
        answered(operation, ask(Map.of("pages", operation, "pageSize", pageSize, "members", plain(members)))).forEach(pages::add);
        return pages;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private ObjectNode ask(Map<String, Object> request) {
        try {
            requests.write(JSON.writeValueAsString(request) + "\n");
            requests.flush();
            String line = CompletableFuture.supplyAsync(this::readLine, OwnThread.EXECUTOR).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (line == null) {
                throw new AssertionError("The client's program ended at " + request);
            }
            return (ObjectNode) JSON.readTree(line);
        } catch (JsonProcessingException noJson) {
            throw new AssertionError("The client's program did not answer in JSON: " + noJson.getMessage(), noJson);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("No answer to " + request, e);
        }
    }

    private String readLine() {
        try {
            return answers.readLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode answered(String what, JsonNode answer) {
        if (!answer.has("answer")) {
            throw new AssertionError(what + ": " + answer);
        }
        return answer.get("answer");
    }

    private static Object plain(Object value) {
        if (value instanceof Path file) {
            return Map.of("$file", file.toString());
        }
        if (value instanceof List<?> list) {
            return list.stream().map(LineClient::plain).toList();
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> members = new LinkedHashMap<>();
            map.forEach((name, member) -> members.put((String) name, plain(member)));
            return members;
        }
        return value;
    }
}
