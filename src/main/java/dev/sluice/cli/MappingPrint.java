package dev.sluice.cli;

import dev.sluice.cli.screen.Facts;
import dev.sluice.cli.screen.Screen;
import dev.sluice.cli.screen.Table;
import dev.sluice.json.Json;
import java.io.PrintStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** How are mappings shown: all in a table, or one with all that the server tells of it? */
final class MappingPrint {

    private static final String NO_LIMIT = "no limit";
    private static final String FUNCTION_CALL_FAILED = "PROBLEM: Function call failed";
    private static final int LONGEST_CAUSE = 100;
    private static final int SHORT_UUID = 8;
    /** Of several of which the same is so. */
    private static final int MOST_NAMED = 2;
    /** What nobody has to be told in a list. */
    static final Set<String> QUIET = Set.of("nothing-new", "in-flight", "catching-up", "moved-to-process");

    private final PrintStream out;
    private final Screen screen;

    MappingPrint(PrintStream out, Screen screen) {
        this.out = out;
        this.screen = screen;
    }

    void list(List<Json> mappings) {
        if (mappings.isEmpty()) {
            out.println("No mappings. Create one with: sluice mappings create --function NAME --topic TOPIC");
            return;
        }
        Table table = new Table("UUID", "STATE", "FUNCTION", "TOPICS", "LAG", "REGION", "ACCOUNT", "LAST RESULT").ids(0).spare(6, 5);
        for (Json mapping : mappings) {
            // arn:aws:lambda:REGION:ACCOUNT:function:NAME, with a qualifier behind it where there is one
            String[] arn = mapping.text("FunctionArn").orElse("").split(":", 7);
            table.row(text(mapping, "UUID"), text(mapping, "State"), arn.length == 7 ? arn[6] : "-", topics(mapping),
                    number(mapping, "lag"), arn.length == 7 ? arn[3] : "-", arn.length == 7 ? arn[4] : "-",
                    result(mapping));
        }
        table.print(out, screen);
        troubles(mappings);
    }

    /** What keeps the records of each from their function, if anything does; once of all of which the same is so. */
    void troubles(List<Json> mappings) {
        Map<String, List<Json>> bySentence = new LinkedHashMap<>();
        for (Json mapping : mappings) {
            mapping.list("diagnosis").stream().limit(1).filter(finding -> !QUIET.contains(text(finding, "code"))).forEach(
                    finding -> bySentence.computeIfAbsent(text(finding, "sentence"), none -> new ArrayList<>()).add(mapping));
        }
        bySentence.forEach((sentence, all) -> {
            out.println();
            sentence(all.stream().limit(MOST_NAMED).map(mapping -> text(mapping, "UUID").substring(0, SHORT_UUID))
                    .collect(Collectors.joining(", ")) + (all.size() > MOST_NAMED ? " and " + (all.size() - MOST_NAMED) + " more" : "")
                    + "  ",
                    sentence);
            all.get(0).list("diagnosis").get(0).text("command").ifPresent(command -> out.println("  " + command));
        });
    }

    private void sentence(String head, String text) {
        String before = head;
        for (String line : screen.wrapped(text, head.length())) {
            out.println(before + line);
            before = " ".repeat(head.length());
        }
    }

    /** AWS's text names no cause of a function's own error; the server knows it. */
    private static String result(Json mapping) {
        String result = text(mapping, "LastProcessingResult");
        Optional<String> cause = result.equals(FUNCTION_CALL_FAILED) ? mapping.text("lastError") : Optional.empty();
        return cause.map(said -> result + ". " + (said.length() <= LONGEST_CAUSE ? said : said.substring(0, LONGEST_CAUSE - 1) + "…"))
                .orElse(result);
    }

    void show(Json mapping) {
        Facts facts = new Facts();
        facts.add("UUID", text(mapping, "UUID"));
        facts.add("State", text(mapping, "State") + " (" + text(mapping, "StateTransitionReason") + ")");
        Json disabled = mapping.member("disabled");
        if (!disabled.isNull()) {
            facts.add("Since", disabled.text("since").map(MappingPrint::seconds).orElse("-"));
            facts.add("Cause", text(disabled, "cause"));
        }
        facts.add("Function", text(mapping, "FunctionArn"));
        facts.add("Topics", topics(mapping));
        mapping.text("StartingPosition").ifPresent(position -> facts.add("Position", position
                + mapping.number("StartingPositionTimestamp").map(at -> " " + Instant.ofEpochSecond(at)).orElse("")));
        boolean queue = mapping.member("SelfManagedKafkaEventSourceConfig").text("ConsumptionMode").filter("Queue"::equals).isPresent();
        if (queue) {
            facts.add("Mode", "Queue: a share group, without an order");
        }
        mapping.number("BatchSize").ifPresent(size -> facts.add("Batch", "at most " + size + " records" + (queue ? "" : ", or after "
                + mapping.number("MaximumBatchingWindowInSeconds").map(window -> window + " s").orElse("500 ms"))));
        facts.add("Last result", text(mapping, "LastProcessingResult"));
        settings(mapping).forEach(facts::add);
        Json filteredOut = mapping.member("filteredOut");
        if (!filteredOut.isNull()) {
            facts.add("Filtered out", DeliveriesCommand.filteredOut(filteredOut));
        }
        Json detail = mapping.member("detail");
        if (!detail.isNull()) {
            facts.add("Brokers", text(detail, "bootstrapServers"));
            facts.add("Group", text(detail, "consumerGroupId"));
            facts.add("Lag", number(detail, "lag"));
            detail.text("lastError").ifPresent(error -> facts.add("Last error", error));
        }
        facts.print(out, screen);
        diagnosis(mapping.list("diagnosis"));
        if (detail.isNull()) {
            out.println("Nothing polls for this mapping now.");
            if (text(mapping, "State").equals("Disabled")) {
                out.println(disabled.isNull() ? "Go on with:" : "Sluice has disabled it. When the cause is mended, go on with:");
                out.println("  sluice mappings enable " + text(mapping, "UUID"));
            }
        } else if (!detail.list("partitions").isEmpty()) {
            out.println();
            partitions(detail.list("partitions"));
        }
    }

    /** Why nothing arrives, or not more. */
    private void diagnosis(List<Json> findings) {
        for (Json finding : findings) {
            if (text(finding, "code").startsWith("disabled")) {
                continue; // the rows above say it, and the line below how to go on
            }
            out.println();
            sentence("", text(finding, "sentence"));
            finding.list("figures").forEach(figure -> sentence("  ", String.valueOf(figure.value())));
            finding.number("ageSeconds").ifPresent(age -> out.println("  " + (age == 0 ? "just now" : age + " s ago")));
            finding.text("command").ifPresent(command -> out.println("  " + command));
        }
    }

    /** What is set beyond AWS's defaults, by name. */
    private static Map<String, String> settings(Json mapping) {
        Map<String, String> set = new LinkedHashMap<>();
        List<Json> filters = mapping.member("FilterCriteria").list("Filters");
        for (int i = 0; i < filters.size(); i++) {
            set.put(filters.size() == 1 ? "Filter" : "Filter " + (i + 1), text(filters.get(i), "Pattern"));
        }
        mapping.number("MaximumRetryAttempts").ifPresent(most -> set.put("Retries", most < 0 ? NO_LIMIT : "at most " + most));
        mapping.number("MaximumRecordAgeInSeconds")
                .ifPresent(most -> set.put("Record age", most < 0 ? NO_LIMIT : "at most " + most + " s"));
        if (mapping.flag("BisectBatchOnFunctionError")) {
            set.put("Bisect", "a batch that fails is split in two");
        }
        put(set, "Responses", joined(mapping.list("FunctionResponseTypes")));
        mapping.member("DestinationConfig").member("OnFailure").text("Destination").ifPresent(to -> set.put("On failure", to));
        Json pollers = mapping.member("ProvisionedPollerConfig");
        if (!pollers.isNull()) {
            set.put("Pollers", pollers.number("MinimumPollers").orElse(1L) + " to " + pollers.number("MaximumPollers").orElse(200L)
                    + pollers.text("PollerGroupName").map(group -> ", group " + group).orElse(""));
        }
        mapping.member("LoggingConfig").text("SystemLogLevel").ifPresent(level -> set.put("System log", level));
        for (String block : List.of("AmazonManagedKafkaEventSourceConfig", "SelfManagedKafkaEventSourceConfig")) {
            mapping.member(block).member("SchemaRegistryConfig").text("SchemaRegistryURI")
                    .ifPresent(uri -> set.put("Schema registry", uri));
        }
        mapping.text("KMSKeyArn").ifPresent(key -> set.put("KMS key", key + " (no effect here)"));
        put(set, "Metrics", joined(mapping.member("MetricsConfig").list("Metrics")));
        if (mapping.flag("joinForeignGroups")) {
            set.put("Group members", "foreign ones are no obstacle (joinForeignGroups)");
        }
        return set;
    }

    private static void put(Map<String, String> set, String name, String value) {
        if (!value.isEmpty()) {
            set.put(name, value);
        }
    }

    private void partitions(List<Json> partitions) {
        Table table = new Table("PARTITION", "END", "COMMITTED", "LAG", "IN FLIGHT", "ATTEMPT", "NEXT ATTEMPT");
        for (Json partition : partitions) {
            table.row(text(partition, "topic") + "-" + number(partition, "partition"), number(partition, "end"),
                    number(partition, "committed"), number(partition, "lag"), number(partition, "inFlight"),
                    number(partition, "attempt"), partition.text("nextAttempt").map(MappingPrint::seconds).orElse("-"));
        }
        table.print(out, screen);
        for (Json partition : partitions) {
            partition.number("openTransaction").ifPresent(from -> out.println(text(partition, "topic") + "-"
                    + number(partition, "partition") + ": records from offset " + from + " on wait for an open transaction to end"));
        }
    }

    /** The time without its fraction, which nobody reads. */
    private static String seconds(String instant) {
        return Instant.parse(instant).truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static String topics(Json mapping) {
        return joined(mapping.list("Topics"));
    }

    private static String joined(List<Json> texts) {
        return texts.stream().map(text -> String.valueOf(text.value())).collect(Collectors.joining(","));
    }

    private static String text(Json json, String member) {
        return json.text(member).orElse("-");
    }

    private static String number(Json json, String member) {
        return json.number(member).map(String::valueOf).orElse("-");
    }
}
