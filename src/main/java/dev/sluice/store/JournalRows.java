package dev.sluice.store;

import dev.sluice.dispatch.AttemptReport;
import dev.sluice.dispatch.Fate;
import dev.sluice.dispatch.PartitionOffsets;
import dev.sluice.mapping.FilteredOut;
import dev.sluice.mapping.MappingId;
import dev.sluice.resource.FunctionArn;
import dev.sluice.telemetry.Body;
import dev.sluice.telemetry.DeliveryState;
import dev.sluice.telemetry.DeliverySummary;
import dev.sluice.telemetry.JournaledAttempt;
import dev.sluice.telemetry.SettledRecords;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

/** How a delivery is written in the rows of the journal. A topic's name holds no spaces, so they may divide. */
final class JournalRows {

    private JournalRows() {
    }

    static String text(List<PartitionOffsets> records) {
        return records.stream().map(partition -> partition.topic() + " " + partition.partition() + " " + partition.runsText())
                .collect(Collectors.joining("\n"));
    }

    static String settledText(List<SettledRecords> settled) {
        return settled.stream().map(group -> group.fate() + " " + group.topic() + " " + group.partition() + " " + group.first() + " "
                + group.last() + " " + group.count()).collect(Collectors.joining("\n"));
    }

    static List<SettledRecords> settled(String text) {
        return text.lines().map(line -> line.split(" ")).map(part -> new SettledRecords(Fate.valueOf(part[0]), part[1],
                Integer.parseInt(part[2]), Long.parseLong(part[3]), Long.parseLong(part[4]), Integer.parseInt(part[5]))).toList();
    }

    static FilteredOut filteredOut(ResultSet row) throws SQLException {
        return new FilteredOut(row.getLong("records"), row.getLong("of_other_format"), new FilteredOut.Last(row.getString("topic"),
                row.getInt("partition"), row.getLong("record_offset"), row.getString("reason")));
    }

    static DeliverySummary summary(ResultSet row) throws SQLException {
        List<PartitionOffsets> records = row.getString("records").lines().map(line -> line.split(" "))
                .map(part -> PartitionOffsets.parse(part[0], Integer.parseInt(part[1]), part[2])).toList();
        return new DeliverySummary(row.getString("id"),
                new DeliverySummary.Origin(new MappingId(UUID.fromString(row.getString("mapping_id"))),
                        FunctionArn.parse(row.getString("function_arn")), row.getString("replay_of")),
                DeliveryState.valueOf(row.getString("state")),
                new DeliverySummary.Period(Micros.toInstant(row.getLong("first_seen")),
                        Micros.toInstant(Columns.longOrNull(row, "ended"))),
                records,
                new DeliverySummary.Progress(row.getInt("attempts"), row.getString("last_result"), row.getString("last_detail"),
                        row.getString("destination_error")));
    }

    /** A row of attempts, with its event's body and length as event_body and event_length. */
    static JournaledAttempt attempt(ResultSet row) throws SQLException {
        String key = row.getString("event");
        return new JournaledAttempt(row.getInt("number"),
                new JournaledAttempt.Call(row.getString("request_id"), Micros.toInstant(row.getLong("started")),
                        Duration.ofNanos(row.getLong("took_nanos"))),
                new AttemptReport(AttemptReport.Kind.valueOf(row.getString("kind")), row.getString("result"), row.getString("detail")),
                row.getInt("records"),
                key == null ? null : new JournaledAttempt.Event(key, body(row.getBytes("event_body"), row.getInt("event_length"))),
                body(row.getBytes("answer"), row.getInt("answer_length")));
    }

    private static Body body(byte[] bytes, int length) {
        return bytes == null ? null : new Body(bytes, length);
    }

    static boolean hasBodies(JournaledAttempt attempt) {
        return attempt.event() != null || attempt.answer() != null;
    }

    /** Whether it is a success that was kept with its bodies. */
    static boolean isSample(JournaledAttempt attempt) {
        return attempt.report().kind() == AttemptReport.Kind.SUCCEEDED && hasBodies(attempt);
    }
}
