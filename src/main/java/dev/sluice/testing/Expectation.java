package dev.sluice.testing;

import dev.sluice.json.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Waits until something holds, and fails with why it doesn't: the server's diagnosis, the last delivery and what the handler threw, since a
 * bare time-out tells nobody what to do. Confined to one thread; single-use.
 */
final class Expectation {

    /** Each question is answered at the first change; asked again so often, an interrupt is not felt late. */
    private static final int WAIT_SECONDS = 1;
    private static final long LOOK_MILLIS = 5;

    private final SluiceAccount account;
    private final ControlClient control;
    private final Duration within;
    private final long deadline;
    private final Map<String, Long> seen = new HashMap<>();

    Expectation(SluiceAccount account, Duration within) {
        this.account = account;
        this.control = account.control();
        this.within = within;
        this.deadline = System.nanoTime() + within.toNanos();
    }

    void delivered(String function, long wanted) {
        while (true) {
            List<String> mappings = account.mappingsOf(function);
            long delivered = 0;
            for (String mapping : mappings) {
                delivered += outcomes(mapping, 0).number("delivered").orElse(0L);
            }
            if (delivered >= wanted) {
                return;
            }
            if (over() || hopeless(mappings)) {
                throw failed("Function " + function + " was to be delivered " + records(wanted) + " within " + shown(within) + ", and got "
                        + (delivered == 0 ? "none" : records(delivered)), function, mappings);
            }
            awaitChange(mappings);
        }
    }

    void drained(String function) {
        Map<String, Long> ends = new HashMap<>();
        Map<String, Long> partitions = account.topics().partitions();
        List<String> mappings = account.mappingsOf(function);
        List<String> left = new ArrayList<>(mappings);
        while (true) {
            left.removeIf(mapping -> isDrained(mapping, ends, partitions));
            if (left.isEmpty() && !mappings.isEmpty()) {
                return;
            }
            if (over() || hopeless(mappings)) {
                throw failed("All records for function " + function + " were to come to their end within " + shown(within)
                        + "; some have not", function, mappings);
            }
            awaitChange(left);
        }
    }

    /**
     * @param ends where each partition ended when it was asked first
     * @param all how many partitions each topic has, of those that are known: while pollers join, some are nobody's, and may have records
     */
    private boolean isDrained(String mapping, Map<String, Long> ends, Map<String, Long> all) {
        Json document = control.get("/_sluice/mappings/" + mapping);
        List<Json> partitions = document.member("detail").list("partitions");
        long expected = document.list("Topics").stream().mapToLong(topic -> all.getOrDefault(String.valueOf(topic.value()), 1L)).sum();
        boolean drained = partitions.size() >= expected;
        for (Json partition : partitions) {
            String place = mapping + " " + partition.text("topic").orElse("") + "-" + partition.number("partition").orElse(-1L);
            partition.number("end").ifPresent(end -> ends.putIfAbsent(place, end));
            Long end = ends.get(place);
            drained &= end != null && partition.number("committed").orElse(-1L) >= end;
        }
        return drained;
    }

    void state(SluiceMapping mapping, String wanted) {
        while (true) {
            Json document = account.document(mapping.uuid());
            String state = document.text("State").orElse("gone");
            if (state.equals(wanted)) {
                return;
            }
            boolean settled = state.equals("Enabled") || state.equals("Disabled");
            if (over() || settled && wanted.equals("Enabled") && state.equals("Disabled")) {
                throw new AssertionError(
                        "Mapping " + mapping.uuid() + " was to be " + wanted + " within " + shown(within) + "; it is " + state
                                + document.text("StateTransitionReason").map(reason -> " (" + reason + ")").orElse("") + "\n"
                                + Diagnosis.ofMapping(mapping.document(), new Advice("FUNCTION", account.topics().written()))
                                + "The server's log is " + account.log());
            }
            pause();
        }
    }

    /** The next change of one of several wakes nobody who waits for another one; so they are looked at in turn. */
    private void awaitChange(List<String> mappings) {
        if (mappings.size() == 1) {
            outcomes(mappings.get(0), WAIT_SECONDS);
            interrupted();
        } else {
            pause();
        }
    }

    private void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            interrupted();
        }
    }

    private static void interrupted() {
        if (Thread.currentThread().isInterrupted()) {
            throw new AssertionError("Interrupted while waiting");
        }
    }

    private Json outcomes(String mapping, int wait) {
        long left = TimeUnit.NANOSECONDS.toSeconds(deadline - System.nanoTime());
        Json outcomes = control.get("/_sluice/mappings/" + mapping + "/outcomes?after=" + seen.getOrDefault(mapping, 0L) + "&wait="
                + Math.max(0, Math.min(wait, left)));
        seen.put(mapping, outcomes.number("change").orElse(0L));
        return outcomes;
    }

    /** Nothing will come of a mapping that is Disabled, and stays so. */
    private boolean hopeless(List<String> mappings) {
        return !mappings.isEmpty() && mappings.stream()
                .allMatch(mapping -> account.document(mapping).text("State").orElse("").equals("Disabled"));
    }

    private boolean over() {
        return System.nanoTime() - deadline >= 0;
    }

    private AssertionError failed(String what, String function, List<String> mappings) {
        StringBuilder text = new StringBuilder(what).append(".\n");
        if (mappings.isEmpty()) {
            text.append("  No mapping of this test has that function; one is made by: mapping(\"").append(function)
                    .append("\").onTopic(\"…\").create()\n");
        }
        Advice advice = new Advice(function, account.topics().written());
        for (String mapping : mappings) {
            Json document = control.get("/_sluice/mappings/" + mapping);
            text.append(Diagnosis.ofMapping(document, advice));
            account.filtered(function).stream().filter(filtered -> filtered.mapping().equals(mapping))
                    .forEach(filtered -> text.append(Diagnosis
                            .ofFilter(document,
                                    account.topics().value(filtered.lastTopic(), filtered.lastPartition(), filtered.lastOffset()))));
            text.append(Diagnosis.ofLastDelivery(control.get("/_sluice/deliveries?limit=1&mapping=" + mapping)));
        }
        text.append("The server's log is ").append(account.log());
        return new AssertionError(text.toString(), account.stateOf(function).orElse(null));
    }

    private static String records(long count) {
        return count == 1 ? "1 record" : count + " records";
    }

    private static String shown(Duration time) {
        return time.toMillis() % 1_000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }
}
