package dev.sluice.testing;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/** Which of AWS's own clients are there to try Lambda's API with? Immutable. */
public enum AwsClients {

    AWS_CLI {
        @Override
        AwsClient start(SluiceJar where) throws IOException {
            assumeRuns(where, "aws", "--version");
            return new AwsCli(where);
        }
    },

    /** The AWS SDK for Python. */
    BOTO3 {
        @Override
        AwsClient start(SluiceJar where) throws IOException {
            assumeRuns(where, "python3", "-c", "import boto3");
            return new LineClient(where, List.of("python3", Path.of("src/test/python/lambda_lines.py").toAbsolutePath().toString()));
        }
    },

    SDK_FOR_JAVA {
        @Override
        AwsClient start(SluiceJar where) {
            return new JavaSdk(URI.create(where.environment().get("AWS_ENDPOINT_URL")), where.environment().get("AWS_REGION"),
                    where.environment().get("AWS_ACCESS_KEY_ID"));
        }
    },

    SDK_FOR_JAVASCRIPT {
        @Override
        AwsClient start(SluiceJar where) throws IOException {
            assumeRuns(where, "node", "--version");
            assumeRuns(where, "npm", "--version");
            return new LineClient(where, List.of("node", "--no-warnings", JavaScriptProgram.installed().toString()));
        }
    };

    /**
     * Starts a client that speaks to {@code endpoint} for the account and region; the test is skipped where the client's language or
     * program is not on this machine.
     */
    public AwsClient open(Path directory, URI endpoint, String account, String region) throws IOException {
        SluiceJar where = new SluiceJar(directory, Map.of("AWS_ENDPOINT_URL", endpoint.toString(), "AWS_REGION", region,
                "AWS_DEFAULT_REGION", region, "AWS_ACCESS_KEY_ID", account, "AWS_SECRET_ACCESS_KEY", "made-up", "AWS_PAGER", "",
                "AWS_EC2_METADATA_DISABLED", "true"));
        return start(where);
    }

    abstract AwsClient start(SluiceJar where) throws IOException;

    private static void assumeRuns(SluiceJar where, String... program) {
        boolean runs;
        try {
            runs = where.runOther(program).status() == 0;
        } catch (IOException notThere) {
            runs = false;
        }
        Assumptions.assumeTrue(runs, () -> "left out, since this does not run here: " + String.join(" ", program));
    }
}
