package dev.sluice.runtime.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What does Lambda's Node.js runtime add to a function's command? Stateless. */
final class NodeCommand {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CLIENT = "aws-lambda-ric";
    /** The first that knows the flags. */
    private static final int FLAGS_SINCE = 20;

    private NodeCommand() {
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
     *
     * @param version of the program, such as {@code 22}; empty when it isn't known
     */
    static List<String> flags(String runtime, String version, String options) {
        List<String> features = switch (runtime) {
            case "nodejs20.x" -> List.of("experimental-require-module");
            case "nodejs22.x" -> List.of("experimental-require-module", "experimental-detect-module");
            default -> List.of();
        };
        List<String> flags = new ArrayList<>();
        for (String feature : features) {
            if (!options.contains("--" + feature) && knowsThem(version)) {
                flags.add("--no-" + feature);
            }
        }
        return flags;
    }

    /** One that doesn't know them ends at once; of one that says no version it is assumed that it is the runtime's. */
    private static boolean knowsThem(String version) {
        return !version.matches("\\d+") || Integer.parseInt(version) >= FLAGS_SINCE;
    }
}
