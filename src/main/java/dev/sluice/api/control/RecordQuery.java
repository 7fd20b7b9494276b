package dev.sluice.api.control;

import dev.sluice.cluster.TopicQuestion;
import dev.sluice.cluster.TopicQuestion.From;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Reads from a query which records of a topic are asked for. Stateless. */
final class RecordQuery {

    private static final int MOST = 1_000;
    private static final int MOST_SECONDS = 30;
    private static final int DEFAULT_LIMIT = 100;

    private RecordQuery() {
    }

    /** @param parameter the query's parameters; null for one that is absent @throws ControlException when one is wrong */
    static TopicQuestion of(String topic, UnaryOperator<String> parameter) {
        String from = parameter.apply("from");
        From kind = from == null || from.equals("beginning") ? From.BEGINNING
                : from.equals("end") ? From.END : from.matches("\\d{1,18}") ? From.OFFSET : From.LAST;
        if (kind == From.LAST && !from.matches("-\\d{1,18}")) {
            throw ControlException.badRequest("from is '" + from
                    + "'; allowed are beginning, end, an offset, and -N for the last N of each partition");
        }
        long count = kind == From.OFFSET || kind == From.LAST ? Math.abs(Long.parseLong(from)) : 0;
        String partition = parameter.apply("partition");
        return new TopicQuestion(topic, partition == null ? null : (int) number("partition", partition, 0, Integer.MAX_VALUE), kind, count,
                positions(parameter.apply("next")), (int) number("limit", parameter.apply("limit"), DEFAULT_LIMIT, 1, MOST),
                Duration.ofSeconds(number("wait", parameter.apply("wait"), 0, 0, MOST_SECONDS)));
    }

    /** As an answer says it: {@code 0:17,1:4}. */
    private static Map<Integer, Long> positions(String next) {
        Map<Integer, Long> positions = new HashMap<>();
        if (next != null && !next.isEmpty()) {
            if (!next.matches("\\d{1,9}:\\d{1,18}(,\\d{1,9}:\\d{1,18})*")) {
                throw ControlException.badRequest("next is '" + next + "'; allowed is what an answer said, such as 0:17,1:4");
            }
            for (String each : next.split(",")) {
                positions.put(Integer.valueOf(each.split(":")[0]), Long.valueOf(each.split(":")[1]));
            }
        }
        return positions;
    }

    private static long number(String name, String text, long otherwise, long least, long most) {
        return text == null ? otherwise : number(name, text, least, most);
    }

    private static long number(String name, String text, long least, long most) {
        if (!text.matches("\\d{1,10}") || Long.parseLong(text) < least || Long.parseLong(text) > most) {
            throw ControlException.badRequest(name + " is '" + text + "'; allowed is a whole number from " + least + " to " + most);
        }
        return Long.parseLong(text);
    }
}
