package dev.sluice.cli;

import dev.sluice.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The main job against a running server: two functions, the mapping of AWS's own example, records, what arrived. Single-use. */
final class Demo {

    static final String ACCOUNT = "111111111111";
    static final String REGION = "us-west-2";
    static final String CLUSTER =
            "arn:aws:kafka:us-west-2:111111111111:cluster/my-cluster/fc2f5bdf-fd1b-45ad-85dd-15b4a5a6247e-2";
    static final String TOPIC = "AWSKafkaTopic";
    static final String FUNCTION = "my-kafka-function";
    static final String HTTP_FUNCTION = "my-http-function";
    static final String HANDLER = "example.OrdersHandler";

    private static final String JAR = "/examples/kafka-event-handler.jar";
    private static final int BATCH = 500;

    private final ControlClient client;
    private final LambdaClient lambda;
    private final DemoHttpFunction http;
    private final DemoSteps steps;
    private String jarMapping;
    private long jarStart;

    Demo(ControlClient client, DemoHttpFunction http, PrintStream out) {
        this.client = client;
        this.lambda = new LambdaClient(client, ACCOUNT, REGION);
        this.http = http;
        this.steps = new DemoSteps(client, out);
    }

    /** Whether all {@code records} arrived at both functions. */
    boolean run(int records) throws InterruptedException {
        steps.awaitKafka();
        say("Creating function " + FUNCTION + " from a JAR (" + HANDLER + ") and " + HTTP_FUNCTION + " at " + http.url());
        lambda.createFunction(FUNCTION, HANDLER, exampleJar());
        client.send("PUT", "/_sluice/functions/" + HTTP_FUNCTION, "{\"url\":" + Json.quote(http.url().toString()) + "}");

        // LATEST skips what was there before, and the topic exists from here on.
        produce(1, "written before the mapping existed");
        say("Creating event source mappings " + TOPIC + " -> " + FUNCTION + ", " + HTTP_FUNCTION + " (StartingPosition LATEST)");
        jarMapping = lambda.createMapping(CLUSTER, TOPIC, FUNCTION);
        String httpMapping = lambda.createMapping(CLUSTER, TOPIC, HTTP_FUNCTION);
        for (String uuid : List.of(jarMapping, httpMapping)) {
            say("  " + uuid + " is " + lambda.mapping(uuid).text("State").orElse("?"));
        }
        DemoSteps.await(Duration.ofSeconds(60), "The mappings did not become Enabled", () -> enabled(jarMapping) && enabled(httpMapping));
        DemoSteps.await(Duration.ofSeconds(30), "No partition was assigned", () -> committed() >= 0);
        jarStart = committed();
        say("  both are Enabled");

        say("Producing " + records + " records to " + TOPIC);
        produce(records, "order");
        return arrived(records);
    }

    private boolean arrived(int records) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60 + records / 1_000);
        long shown = System.nanoTime();
        while (System.nanoTime() - deadline < 0) {
            if (jarRecords() >= records && http.records() >= records) {
                break;
            }
            if (System.nanoTime() - shown > TimeUnit.SECONDS.toNanos(1)) {
                shown = System.nanoTime();
                say("  " + FUNCTION + " " + jarRecords() + ", " + HTTP_FUNCTION + " " + http.records() + " of " + records);
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        boolean all = jarRecords() >= records && http.records() >= records;
        say("");
        say(FUNCTION + " (JAR, " + HANDLER + ") got " + jarRecords() + " of " + records + " records; the log above is its own");
        say(HTTP_FUNCTION + " (HTTP) got " + http.records() + " of " + records + " records in " + http.calls()
                + (http.calls() == 1 ? " call" : " calls"));
        if (!all) {
            say("Not everything arrived. The mapping says: " + lambda.mapping(jarMapping).text("LastProcessingResult").orElse("?"));
        }
        return all;
    }

    /** What to try next, with the flags that this server's address asks for. */
    void sayWhatNext() {
        String flag = steps.endpointFlag();
        say("");
        say("Try next, in another terminal:");
        say("  scripts/sluice produce " + TOPIC + " 'hello'" + flag);
        say("  scripts/sluice mappings" + flag);
        say("  eval \"$(scripts/sluice env --account-id " + ACCOUNT + " --region " + REGION + flag + ")\"");
        say("  aws lambda get-event-source-mapping --uuid " + jarMapping);
        say("");
        say("Ctrl-C ends the demo and removes its data.");
    }

    /** What the JAR function has finished: a JAR's calls are counted by its group's commits, as on AWS. */
    private long jarRecords() {
        return Math.max(0, committed() - jarStart);
    }

    /** The sum of the committed offsets; -1 while one is unknown. */
    private long committed() {
        List<Json> partitions = client.get("/_sluice/mappings/" + jarMapping).member("detail").list("partitions");
        long sum = 0;
        for (Json partition : partitions) {
            if (partition.number("committed").isEmpty()) {
                return -1;
            }
            sum += partition.number("committed").get();
        }
        return partitions.isEmpty() ? -1 : sum;
    }

    private boolean enabled(String uuid) {
        return lambda.mapping(uuid).text("State").filter("Enabled"::equals).isPresent();
    }

    private void produce(int records, String value) {
        for (int from = 1; from <= records; from += BATCH) {
            List<String> batch = new ArrayList<>();
            for (int i = from; i < Math.min(from + BATCH, records + 1); i++) {
                batch.add("{\"key\":" + Json.quote("key-" + i) + ",\"value\":" + Json.quote(value + " " + i) + "}");
            }
            client.send("POST", "/_sluice/topics/" + TOPIC + "/records", "{\"records\":[" + String.join(",", batch) + "]}");
        }
    }

    private static byte[] exampleJar() {
        try (InputStream jar = Demo.class.getResourceAsStream(JAR)) {
            if (jar == null) {
                throw CommandFailedException.failed("The example JAR is missing in this build: " + JAR);
            }
            return jar.readAllBytes();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private void say(String line) {
        steps.say(line);
    }
}
