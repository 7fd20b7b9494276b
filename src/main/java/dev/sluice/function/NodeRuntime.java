package dev.sluice.function;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What does Lambda's Node.js runtime add to a function's command? Thread-safe. */
final class NodeRuntime {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CLIENT = "aws-lambda-ric";
    private static final Pattern VERSION = Pattern.compile("v(\\d+)\\..*");
    /** The first that knows the flags. */
    private static final int FLAGS_SINCE = 20;
    private static final Map<Path, Integer> MAJORS = new ConcurrentHashMap<>();
    private static final long PATIENCE_SECONDS = 5;

    private NodeRuntime() {
    }

    /** The runtime interface client that the function ships; where its program is, its versions don't agree. */
    static Optional<Path> ownClient(Path taskRoot) throws IOException {
        Path home = taskRoot.resolve("node_modules").resolve(CLIENT);
        Path description = home.resolve("package.json");
        if (!Files.isRegularFile(description)) {
            return Optional.empty();
        }
        JsonNode bin = JSON.readTree(Files.readAllBytes(description)).path("bin");
        return Optional.of(home.resolve(bin.isTextual() ? bin.asText() : bin.path(CLIENT).asText("bin/index.mjs")).normalize());
    }

    /**
     * What Lambda switches off in Node.js 20 and 22 unless NODE_OPTIONS says otherwise (developer guide, "Experimental Node.js features"):
     * that {@code require} takes ES modules, and that a file's syntax decides which kind it is.
     */
    static List<String> flags(String runtime, Path node, String options) throws IOException {
        List<String> features = switch (runtime) {
            case "nodejs20.x" -> List.of("experimental-require-module");
            case "nodejs22.x" -> List.of("experimental-require-module", "experimental-detect-module");
            default -> List.of();
        };
        List<String> flags = new ArrayList<>();
        for (String feature : features) {
            if (!options.contains("--" + feature) && major(node) >= FLAGS_SINCE) {
                flags.add("--no-" + feature);
            }
        }
        return flags;
    }

    /** Asked once, as it takes as long as many a call. */
    private static int major(Path node) throws IOException {
        Integer known = MAJORS.get(node);
        if (known == null) {
            known = ask(node);
            MAJORS.put(node, known);
        }
        return known;
    }

    private static int ask(Path node) throws IOException {
        ProcessBuilder question = new ProcessBuilder(node.toString(), "--version").redirectErrorStream(true);
        question.environment().remove("NODE_OPTIONS");
        Process process = question.start();
        try {
            process.getOutputStream().close();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException(node + " --version doesn't end");
            }
            String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            Matcher version = VERSION.matcher(answer);
            if (!version.matches()) {
                throw new IOException(node + " --version says '" + answer + "', which is no version of Node.js");
            }
            return Integer.parseInt(version.group(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + node + " was asked for its version", e);
        } finally {
            process.destroyForcibly();
        }
    }
}
