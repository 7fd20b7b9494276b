package dev.sluice.chaos;

import java.util.List;

/**
 * A way in which a mapping is set up. Immutable.
 *
 * @param name for the report
 * @param members further members of the create request, each {@code "Name":value}
 * @param topics how many of the run's topics it reads
 * @param jar whether its function is a JAR; only such a function is there whenever the server is, so that no attempt goes unseen
 * @param retries after how many retries a record may be dropped; -1 for never
 * @param answers how its function speaks of what fails
 */
record Variant(String name, List<String> members, int topics, boolean jar, int retries, Answers answers) {

    /** The topic for what failed; made before the mappings. */
    static final String DEAD_LETTERS = "chaos-dead-letters";
    /** The kind of record that the filtering variant wants. */
    static final String WANTED = "wanted";

    private static final String POLLERS = "several pollers";
    private static final String FILTER = "\"FilterCriteria\":{\"Filters\":[{\"Pattern\":"
            + "\"{\\\"value\\\":{\\\"kind\\\":[\\\"" + WANTED + "\\\"]}}\"}]}";
    private static final String PARTIAL = "\"FunctionResponseTypes\":[\"ReportBatchItemFailures\"]";

    /** How a function speaks of failures. */
    enum Answers { WHOLE, PARTIAL }

    Variant {
        members = List.copyOf(members);
    }

    /** Those that run for the whole time; foreign members join their groups. */
    static List<Variant> steady() {
        return List.of(
                plain("batches of up to 100", "\"BatchSize\":100"),
                plain("batches of up to 10, no window", "\"BatchSize\":10", "\"MaximumBatchingWindowInSeconds\":0"),
                new Variant("two topics", List.of("\"BatchSize\":50", "\"MaximumBatchingWindowInSeconds\":1"), 2, false, -1, Answers.WHOLE),
                new Variant("JAR function", List.of("\"BatchSize\":20", "\"MaximumBatchingWindowInSeconds\":0"), 1, true, -1,
                        Answers.WHOLE));
    }

    /** Those that come with a server that knows their settings; one that doesn't answers 400. */
    static List<Variant> optional() {
        return List.of(
                plain(POLLERS, "\"BatchSize\":20", "\"MaximumBatchingWindowInSeconds\":0", pollers(3, 4)),
                new Variant("filter", List.of(FILTER), 1, false, -1, Answers.WHOLE),
                new Variant("2 retries, then dropped", List.of("\"MaximumRetryAttempts\":2", "\"BatchSize\":5"), 1, true, 2, Answers.WHOLE),
                new Variant("bisect, 3 retries, then dropped", List.of("\"MaximumRetryAttempts\":3", "\"BisectBatchOnFunctionError\":true",
                        "\"BatchSize\":20"), 1, true, 3, Answers.WHOLE),
                new Variant("partial failures, 2 retries, then dropped", List.of(PARTIAL, "\"MaximumRetryAttempts\":2", "\"BatchSize\":20"),
                        1, true, 2, Answers.PARTIAL),
                new Variant("partial failures, bisect, 1 retry, then to a topic", List.of(PARTIAL, "\"MaximumRetryAttempts\":1",
                        "\"BisectBatchOnFunctionError\":true", "\"BatchSize\":20",
                        "\"DestinationConfig\":{\"OnFailure\":{\"Destination\":\"kafka://" + DEAD_LETTERS + "\"}}"),
                        1, true, 1, Answers.PARTIAL));
    }

    /** Those that come and go. */
    static List<Variant> passing() {
        return List.of(
                plain("comes and goes", "\"BatchSize\":100", "\"MaximumBatchingWindowInSeconds\":0"),
                plain("comes and goes, 500 at a time", "\"BatchSize\":500"),
                new Variant("comes and goes, JAR", List.of("\"BatchSize\":50"), 1, true, -1, Answers.WHOLE));
    }

    /** The member that says how many pollers there are. */
    static String pollers(int atLeast, int atMost) {
        return "\"ProvisionedPollerConfig\":{\"MinimumPollers\":" + atLeast + ",\"MaximumPollers\":" + atMost + "}";
    }

    /** Whether a record may be given up that was in so many failed calls. */
    boolean mayDrop(int failures) {
        return retries >= 0 && failures > retries;
    }

    boolean scales() {
        return name.equals(POLLERS);
    }

    boolean filters() {
        return members.contains(FILTER);
    }

    boolean deadLetters() {
        return members.stream().anyMatch(member -> member.contains(DEAD_LETTERS));
    }

    private static Variant plain(String name, String... members) {
        return new Variant(name, List.of(members), 1, false, -1, Answers.WHOLE);
    }
}
