package dev.sluice.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A program of AWS that calls Lambda's API, as a user would type it. Operations and members are spelled as AWS spells them. */
public enum AwsTool {

    /** The AWS CLI, {@code aws lambda …}, each member a flag. */
    AWS_CLI {
        @Override
        List<String> probe() {
            return List.of("aws", "--version");
        }

        @Override
        List<String> command(String operation, Map<String, Object> members) throws IOException {
            List<String> command = new ArrayList<>(List.of("aws", "--output", "json", "lambda", words(operation, "-")));
            for (Map.Entry<String, Object> member : members.entrySet()) {
                String flag = "--" + words(member.getKey(), "-");
                if (member.getValue() instanceof Boolean on) {
                    command.add(on ? flag : "--no-" + flag.substring(2));
                } else if (member.getValue() instanceof Path file) {
                    command.addAll(List.of("--zip-file", "fileb://" + file));
                } else if (member.getValue() instanceof String || member.getValue() instanceof Integer) {
                    command.addAll(List.of(flag, member.getValue().toString()));
                } else {
                    command.addAll(List.of(flag, JSON.writeValueAsString(member.getValue())));
                }
            }
            return command;
        }
    },

    /** The AWS SDK for Python. */
    BOTO3 {
        @Override
        List<String> probe() {
            return List.of("python3", "-c", "import boto3");
        }

        @Override
        List<String> command(String operation, Map<String, Object> members) throws IOException {
            String script = """
                    import boto3, json, sys
                    from botocore.exceptions import ClientError
                    members = json.loads(sys.argv[2])
                    code = members.pop('Code', None)
                    if code:
                        with open(code, 'rb') as file:
                            members['Code'] = {'ZipFile': file.read()}
                    client = boto3.client('lambda')
                    try:
                        if sys.argv[1].endswith('_waiter'):
                            client.get_waiter(sys.argv[1][:-len('_waiter')]).wait(**members)
                            answer = {}
                        else:
                            answer = getattr(client, sys.argv[1])(**members)
                        print(json.dumps(answer, default=str))
                    except ClientError as error:
                        sys.exit('An error occurred (%s)' % type(error).__name__)
                    """;
            Map<String, Object> plain = new HashMap<>(members);
            plain.computeIfPresent("Code", (name, file) -> file.toString());
            return List.of("python3", "-c", script, words(operation, "_"), JSON.writeValueAsString(plain));
        }
    };

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern ERROR = Pattern.compile("An error occurred \\((\\w+)\\)");

    /** Whether the tool is on this machine. */
    public boolean isThere() {
        try {
            return SluiceJar.in(Files.createTempDirectory("aws-tool")).runOther(probe().toArray(String[]::new)).status() == 0;
        } catch (IOException notThere) {
            return false;
        }
    }

    /**
     * Calls an operation, {@code CreateFunction}; a member is a text, a whole number, true or false, a list or map of those, or for
     * {@code Code} the path of a zip file.
     *
     * @return the answer; for a refusal an object whose only member {@code error} is the exception's name
     */
    public JsonNode call(SluiceJar where, String operation, Map<String, Object> members) {
        try {
            SluiceJar.Output output = where.runOther(command(operation, members).toArray(String[]::new));
            if (output.status() == 0) {
                return output.out().isBlank() ? JSON.createObjectNode() : JSON.readTree(output.out());
            }
            Matcher error = ERROR.matcher(output.err());
            if (!error.find()) {
                throw new AssertionError(this + " " + operation + " ended with status " + output.status() + ": " + output.err());
            }
            return JSON.createObjectNode().put("error", error.group(1));
        } catch (IOException notStarted) {
            throw new UncheckedIOException(notStarted);
        }
    }

    abstract List<String> probe();

    abstract List<String> command(String operation, Map<String, Object> members) throws IOException;

    private static String words(String name, String separator) {
        return name.equals("UUID") ? name.toLowerCase(Locale.ROOT)
                : name.replaceAll("([a-z])([A-Z])", "$1" + separator + "$2").toLowerCase(Locale.ROOT);
    }
}
