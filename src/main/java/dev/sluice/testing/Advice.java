package dev.sluice.testing;

import dev.sluice.json.Json;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What can a test do about what is in the way of its records? By the codes of the server's diagnosis, in the words of this package: the
 * commands that the server names are for one that stays. Immutable.
 */
final class Advice {

    /** Of those about which a test can do something. */
    private static final Map<String, String> BY_CODE = Map.ofEntries(
            Map.entry("disabled", "leave enabled(false) out, or call enable() of the mapping"),
            Map.entry("concurrency-zero", "give the function another reserved concurrency than 0"),
            Map.entry("throttled", "leave throttleNext out, or wait for longer; backoffs pass at once with: advance(Duration)"),
            Map.entry("timed-out", "register the function with a longer timeoutSeconds, or make its handler faster"),
            Map.entry("function-error",
                    "make the handler take the record; what it threw is the cause of this failure where it runs in this JVM"),
            Map.entry("partly-taken", "look at the batchItemFailures that the handler answers"),
            Map.entry("unusable-answer", "answer Event.batchItemFailures(…), or leave reportBatchItemFailures() out"),
            Map.entry("destination-failed", "look at the destination: recordingFailures() is one that a test can read"),
            Map.entry("open-transaction", "have the producer commit or abort its transaction"),
            Map.entry("waiting-for-window", "leave batchingWindow out, or let it pass at once: advance(Duration)"),
            Map.entry("given-up", "look at failures(\"FUNCTION\"), which are kept by mappings with recordingFailures()"),
            Map.entry("filtered-out", "write a record that a pattern of the filter fits, or mend the pattern"),
            Map.entry("position-latest", "write after create() has returned, or leave startingPosition(\"LATEST\") out"),
            Map.entry("in-flight", "the handler hasn't returned yet: make it faster, or wait for longer with awaitDelivered(…, Duration)"),
            Map.entry("catching-up", "wait for longer with awaitDelivered(…, Duration)"),
            Map.entry("nothing-new", "write more records, or wait for fewer"));

    private final String function;
    private final Collection<String> written;

    /** @param written the topics that the test wrote to */
    Advice(String function, Collection<String> written) {
        this.function = function;
        this.written = written;
    }

    /** Empty when nobody here knows any. */
    Optional<String> on(Json finding) {
        String code = finding.text("code").orElse("");
        if (code.equals("no-such-topic")) {
            return Optional.of(written.isEmpty() ? "write a record to that topic, or map the topic that is written to"
                    : "this test wrote to " + written.stream().sorted().collect(Collectors.joining(", "))
                            + ": map that topic with onTopic(…), or write to the mapped one");
        }
        return Optional.ofNullable(BY_CODE.get(code)).map(text -> text.replace("FUNCTION", function));
    }
}
