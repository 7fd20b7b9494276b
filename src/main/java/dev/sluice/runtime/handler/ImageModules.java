package dev.sluice.runtime.handler;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Is a module that a function misses here one that Lambda's image brings: the AWS SDK with what it needs? Told from the error that the
 * function's runtime reports. Stateless.
 */
public final class ImageModules {

    /** The message is at the beginning, before any stack. */
    private static final int LOOKED_THROUGH = 8 * 1024;
    private static final Pattern PYTHON =
            Pattern.compile("No module named '((?:boto3|botocore|s3transfer|jmespath|dateutil|urllib3|six)(?:\\.[\\w.]+)?)'");
    private static final Pattern NODE = Pattern.compile("Cannot find (?:module|package) '((?:@aws-sdk|@smithy)/[\\w./-]+)'");
    private static final Pattern NODE_VERSION_2 = Pattern.compile("Cannot find (?:module|package) '(aws-sdk(?:/[\\w./-]+)?)'");
    private static final Pattern NODE_RUNTIME = Pattern.compile("nodejs(\\d{1,2})\\.x");
    /** The first whose image has version 3 of the SDK instead of version 2. */
    private static final int FIRST_WITH_VERSION_3 = 18;

    private ImageModules() {
    }

    /**
     * What is to be said of it; empty when nothing of the image is missing.
     *
     * @param runtime of the function, AWS's name
     * @param error as reported, JSON
     */
    public static Optional<String> hint(String runtime, byte[] error) {
        String text = new String(error, 0, Math.min(error.length, LOOKED_THROUGH), StandardCharsets.UTF_8);
        if (runtime == null) {
            return Optional.empty();
        }
        if (runtime.startsWith("python")) {
            return module(PYTHON, text).map(module -> brought(runtime, module, "pip install boto3"));
        }
        Matcher node = NODE_RUNTIME.matcher(runtime);
        if (!node.matches()) {
            return Optional.empty();
        }
        boolean version3 = Integer.parseInt(node.group(1)) >= FIRST_WITH_VERSION_3;
        Optional<String> missing = module(NODE, text);
        Optional<String> missing2 = module(NODE_VERSION_2, text);
        if (version3 && missing2.isPresent()) {
            return missing2
                    .map(module -> "'" + module + "' is missing on Lambda, too: its images have version 2 of the AWS SDK up to nodejs16.x"
                            + " only; put it into the code, or use @aws-sdk/…");
        }
        return (version3 ? missing : missing2)
                .map(module -> brought(runtime, module, "npm install " + (version3 ? name(module) : "aws-sdk")));
    }

    private static Optional<String> module(Pattern missing, String text) {
        Matcher found = missing.matcher(text);
        return found.find() ? Optional.of(found.group(1)) : Optional.empty();
    }

    /** Of a package with its scope, without a file in it. */
    private static String name(String module) {
        String[] parts = module.split("/");
        return parts[0] + "/" + parts[1];
    }

    private static String brought(String runtime, String module, String command) {
        return "'" + module + "' is part of Lambda's image of " + runtime + ", which isn't here: install it (" + command
                + "), beside the code or for the interpreter that runs it, or name a layer that has it";
    }
}
