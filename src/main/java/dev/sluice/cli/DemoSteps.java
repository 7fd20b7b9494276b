package dev.sluice.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** What every demo does: waits at a steady pace for what a server answers, and says what it does. Confined to one thread. */
final class DemoSteps {

    private static final long PACE_MILLIS = 100;

    private final ControlClient client;
    private final PrintStream out;

    DemoSteps(ControlClient client, PrintStream out) {
        this.client = client;
        this.out = out;
    }

    /** The brokers, once they answer. */
    String awaitKafka() throws InterruptedException {
        await(Duration.ofSeconds(90), "Kafka did not become ready", () -> client.ask("/_sluice/health?wait=kafka").status() == 200);
        return client.get("/_sluice/health").text("bootstrapServers").orElseThrow();
    }

    /** @throws CommandFailedException when it takes longer; the message begins with {@code otherwise} */
    static void await(Duration within, String otherwise, BooleanSupplier condition) throws InterruptedException {
        if (!within(within, condition)) {
            throw CommandFailedException.failed(otherwise + " within " + within.toSeconds() + " s");
        }
    }

    /** Whether it was so in time. */
    static boolean within(Duration time, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + time.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline >= 0) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(PACE_MILLIS);
        }
        return true;
    }

    void say(String line) {
        out.println(line);
        out.flush();
    }

    /** What a command needs to speak to this server. */
    String endpointFlag() {
        String endpoint = client.endpoint().toString();
        return endpoint.equals(EndpointOption.DEFAULT) ? "" : " --endpoint " + endpoint;
    }
}
