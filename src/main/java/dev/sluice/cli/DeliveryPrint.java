package dev.sluice.cli;

import static dev.sluice.cli.DeliveriesCommand.millis;
import static dev.sluice.cli.DeliveriesCommand.number;
import static dev.sluice.cli.DeliveriesCommand.range;
import static dev.sluice.cli.DeliveriesCommand.ranges;
import static dev.sluice.cli.DeliveriesCommand.text;

import dev.sluice.cli.screen.Facts;
import dev.sluice.cli.screen.Screen;
import dev.sluice.cli.screen.Table;
import dev.sluice.json.Json;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.List;

/** One delivery, or a replay of one, as a person reads it. */
final class DeliveryPrint {

    private final PrintStream out;
    private final Screen screen;

    DeliveryPrint(PrintStream out, Screen screen) {
        this.out = out;
        this.screen = screen;
    }

    void show(Json delivery) {
        Facts facts = new Facts();
        facts.add("ID", text(delivery, "id"));
        facts.add("State", text(delivery, "state"));
        delivery.text("replayOf").ifPresent(of -> facts.add("Replay of", of));
        facts.add("Mapping", text(delivery, "mapping"));
        facts.add("Function", text(delivery, "functionArn"));
        facts.add("Records", number(delivery, "records") + " from " + ranges(delivery));
        facts.add("First seen", millis(text(delivery, "firstSeen")));
        facts.add("Ended", millis(text(delivery, "ended")));
        facts.add("Attempts", number(delivery, "attemptCount"));
        facts.add("Last result", text(delivery, "lastResult"));
        delivery.text("destinationError").ifPresent(error -> facts.add("Destination", error));
        facts.print(out, screen);
        if (!delivery.list("settled").isEmpty()) {
            out.println();
            Table settled = new Table("FATE", "RECORDS", "FROM");
            delivery.list("settled").forEach(group -> settled.row(text(group, "fate"), number(group, "records"), range(group)));
            settled.print(out, screen);
        }
        attempts(delivery.list("attempts"));
    }

    private void attempts(List<Json> attempts) {
        if (attempts.isEmpty()) {
            return;
        }
        out.println();
        Table table = new Table("ATTEMPT", "STARTED", "TOOK", "RECORDS", "REQUEST ID", "OUTCOME").ids(4);
        for (Json attempt : attempts) {
            table.row(number(attempt, "number"), millis(text(attempt, "started")), number(attempt, "durationMillis") + " ms",
                    number(attempt, "records"), text(attempt, "requestId"), text(attempt, "outcome"));
        }
        table.print(out, screen);
        Collections.reverse(attempts);
        attempts.stream().filter(attempt -> attempt.text("detail").isPresent()).findFirst()
                .ifPresent(attempt -> out.println("\nAttempt " + number(attempt, "number") + ": " + printable(text(attempt, "detail"))));
        newest("Answer", "answer", attempts);
        attempts.stream().map(attempt -> attempt.member("event")).filter(event -> !event.isNull()).findFirst()
                .ifPresent(this::records);
        newest("Event", "event", attempts);
    }

    /** The records of an event, with their keys and values as text where they are some. */
    private void records(Json event) {
        List<Json> partitions = event.member("json").member("records").values();
        if (partitions.isEmpty()) {
            return; // cut short, or no event of Kafka's
        }
        out.println();
        Table table = new Table("RECORD", "KEY", "VALUE", "HEADERS");
        for (Json partition : partitions) {
            for (Json record : partition.items()) {
                table.row(text(record, "topic") + "-" + number(record, "partition") + ":" + number(record, "offset"),
                        decoded(record, "key"),
                        decoded(record, "value"), headers(record));
            }
        }
        table.print(out, screen);
    }

    private static String decoded(Json record, String member) {
        return record.text(member).map(text -> {
            try {
                return oneLine(new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8));
            } catch (IllegalArgumentException decodedAlready) { // by a schema registry
                return oneLine(text);
            }
        }).orElse("-");
    }

    /** Lambda has a header's value as numbers from -128 to 127. */
    private static String headers(Json record) {
        StringBuilder headers = new StringBuilder();
        for (Json header : record.list("headers")) {
            header.members().forEach((name, value) -> {
                List<Json> bytes = value.items();
                byte[] content = new byte[bytes.size()];
                for (int i = 0; i < content.length; i++) {
                    content[i] = bytes.get(i).value() instanceof Number number ? number.byteValue() : 0;
                }
                headers.append(headers.isEmpty() ? "" : " ").append(name).append('=')
                        .append(oneLine(new String(content, StandardCharsets.UTF_8)));
            });
        }
        return headers.isEmpty() ? "-" : headers.toString();
    }

    private static String oneLine(String text) {
        return printable(text).replaceAll("\\s*[\\r\\n]+\\s*", " ");
    }

    /** The body of the newest attempt that has one: what succeeded after failures is kept without. */
    private void newest(String title, String member, List<Json> newestFirst) {
        newestFirst.stream().filter(attempt -> !attempt.member(member).isNull()).findFirst()
                .ifPresent(attempt -> body(title + " of attempt " + number(attempt, "number"), attempt.member(member)));
    }

    /** Whether the function took it. */
    boolean replayed(Json replay) {
        boolean succeeded = replay.text("outcome").filter("succeeded"::equals).isPresent();
        Facts facts = new Facts();
        facts.add("Result", text(replay, "result"));
        replay.text("detail").ifPresent(detail -> facts.add("Detail", printable(detail)));
        facts.add("Request id", text(replay, "requestId"));
        facts.add("Took", number(replay, "durationMillis") + " ms");
        facts.add("Journaled as", text(replay, "id"));
        facts.print(out, screen);
        body("Answer", replay.member("answer"));
        return succeeded;
    }

    private void body(String title, Json body) {
        if (body.isNull()) {
            return;
        }
        out.println();
        String cut = body.flag("truncated") ? ", only the beginning was kept" : "";
        out.println(title + " (" + number(body, "length") + " bytes" + cut + "):");
        if (body.text("base64").isPresent()) {
            out.println(printable(new String(Base64.getDecoder().decode(body.text("base64").get()), StandardCharsets.UTF_8)));
        } else {
            out.println(Json.print(body.member("json")));
        }
    }

    /** What a function says must not command the terminal. */
    static String printable(String text) {
        return text.replaceAll("[\\p{Cntrl}&&[^\n\t]]", "?");
    }
}
