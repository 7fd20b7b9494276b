package dev.sluice.cli;

import dev.sluice.json.Json;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Queue mode against a running server: one partition, a function that takes its time, and how many of its invocations run at once. Single-use. */
final class QueueDemo {

    static final Duration FUNCTION_TAKES = Duration.ofSeconds(2);
    static final int POLLERS = 10;

    private static final String TOPIC = "AWSKafkaQueue";
    private static final String FUNCTION = "my-slow-function";

    private final ControlClient client;
    private final LambdaClient lambda;
    private final DemoHttpFunction http;
    private final DemoSteps steps;
    private String mapping;

    QueueDemo(ControlClient client, DemoHttpFunction http, PrintStream out) {
        this.client = client;
        this.lambda = new LambdaClient(client, Demo.ACCOUNT, Demo.REGION);
        this.http = http;
        this.steps = new DemoSteps(client, out);
    }

    /** Whether all {@code records} arrived. */
    boolean run(int records) throws InterruptedException {
        String brokers = steps.awaitKafka();
        steps.say("Creating function " + FUNCTION + " at " + http.url() + ", which takes " + FUNCTION_TAKES.toSeconds()
                + " s for each record");
        client.send("PUT", "/_sluice/functions/" + FUNCTION, "{\"url\":" + Json.quote(http.url().toString()) + "}");
        client.send("PUT", "/_sluice/topics/" + TOPIC, "{\"partitions\":1}");
        steps.say("Creating event source mapping " + TOPIC + " (1 partition) -> " + FUNCTION + " (ConsumptionMode Queue, BatchSize 1)");
        mapping = lambda.createQueueMapping(brokers, TOPIC, FUNCTION, POLLERS);
        DemoSteps.await(Duration.ofSeconds(60), "The mapping did not become Enabled",
                () -> lambda.mapping(mapping).text("State").filter("Enabled"::equals).isPresent());
        steps.say("  " + mapping + " is Enabled");
        steps.say("Producing " + records + " records to " + TOPIC);
        long begun = System.nanoTime();
        List<String> all = new ArrayList<>();
        for (int i = 1; i <= records; i++) {
            all.add("{\"value\":" + Json.quote("order " + i) + "}");
        }
        client.send("POST", "/_sluice/topics/" + TOPIC + "/records", "{\"records\":[" + String.join(",", all) + "]}");
        return arrived(records, begun);
    }

    private boolean arrived(int records, long begun) throws InterruptedException {
        Duration longest = FUNCTION_TAKES.multipliedBy(records).plusSeconds(30);
        boolean all = DemoSteps.within(longest, () -> http.records() >= records);
        double seconds = (System.nanoTime() - begun) / 1e9;
        steps.say("");
        steps.say(String.format(Locale.ROOT, "%s got %d of %d records of one partition in %.1f s, up to %d at once", FUNCTION,
                http.records(), records,
                seconds, http.mostAtOnce()));
        steps.say("In Stream mode, one batch after the other, they would take " + FUNCTION_TAKES.multipliedBy(records).toSeconds() + " s");
        if (!all) {
            steps.say("Not everything arrived. The mapping says: " + lambda.mapping(mapping).text("LastProcessingResult").orElse("?"));
        }
        return all;
    }

    /** What to try next, with the flags that this server's address asks for. */
    void sayWhatNext() {
        String flag = steps.endpointFlag();
        steps.say("");
        steps.say("Try next, in another terminal:");
        steps.say("  scripts/sluice produce " + TOPIC + " 'hello'" + flag);
        steps.say("  scripts/sluice mappings " + mapping + flag);
        steps.say("");
        steps.say("Ctrl-C ends the demo and removes its data.");
    }
}
