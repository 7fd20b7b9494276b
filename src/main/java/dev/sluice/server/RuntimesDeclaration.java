package dev.sluice.server;

import dev.sluice.function.Isolation;
import dev.sluice.function.RuntimeName;
import java.io.File;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads what the file says of the programs and the layers that functions are run with. Stateless. */
final class RuntimesDeclaration {

    private static final String INTERPRETERS = "runtimes";
    private static final String LAYERS = "layers";
    /** As in the Lambda API's model, with a version and without. */
    private static final Pattern LAYER_ARN =
            Pattern.compile("arn:[a-zA-Z0-9-]+:lambda:[a-zA-Z0-9-]+:\\d{12}:layer:[a-zA-Z0-9-_]+(:[0-9]+)?");

    private RuntimesDeclaration() {
    }

    /** @param directory where relative paths start */
    static ServerConfig.Runtimes read(ConfigSection root, Path directory, Isolation isolation) {
        Map<String, Path> interpreters = new LinkedHashMap<>();
        root.pairs(INTERPRETERS).forEach((runtime, text) -> {
            String key = INTERPRETERS + "." + runtime;
            if (RuntimeName.parse(runtime).filter(RuntimeName::hasInterpreter).isEmpty()) {
                root.problem(key,
                        "is no runtime that a program of this machine runs; allowed are python3.NN as in python3.12 and nodejsNN.x"
                                + " as in nodejs22.x");
            }
            program(root, key, text, directory).ifPresent(program -> interpreters.put(runtime, program));
        });
        Map<String, Path> layers = new LinkedHashMap<>();
        root.pairs(LAYERS).forEach((arn, text) -> {
            String key = LAYERS + "." + arn;
            if (!LAYER_ARN.matcher(arn).matches()) {
                root.problem(key, "is no layer's ARN; allowed are arn:aws:lambda:REGION:ACCOUNT:layer:NAME:VERSION and the same without"
                        + " :VERSION, for every version");
            }
            root.read(key, text, ValueReader.path(directory)).ifPresent(place -> layers.put(arn, place));
        });
        return new ServerConfig.Runtimes(isolation, interpreters, layers);
    }

    /** A name alone would be looked for in one place when the server starts, and elsewhere by whoever reads the file. */
    private static Optional<Path> program(ConfigSection root, String key, String text, Path directory) {
        return root.read(key, text, value -> {
            if (!value.contains("/") && !value.contains(File.separator)) {
                throw new BadValueException(value, "the path of a program, as in .venv/bin/python or /usr/bin/python3");
            }
            return ValueReader.path(directory).read(value);
        });
    }
}
