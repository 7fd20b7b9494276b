package dev.sluice.api.control;

import static dev.sluice.api.control.ControlAnswers.answer;
import static dev.sluice.api.control.ControlAnswers.guarded;
import static dev.sluice.api.control.ControlAnswers.object;
import static dev.sluice.api.control.ControlAnswers.withBody;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.api.http.Routes;
import dev.sluice.cluster.OutgoingRecord;
import dev.sluice.cluster.RecordPosition;
import dev.sluice.cluster.TopicQuestion;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.List;
import java.util.Locale;

/** The control API of topics, for those who have no Kafka client at hand. Thread-safe. */
public final class TopicRoutes implements Routes {

    private static final int MOST_PARTITIONS = 1_000;

    private final Topics topics;
    private final boolean mayEmpty;

    /** @param mayEmpty whether this server lets records be deleted */
    public TopicRoutes(Topics topics, boolean mayEmpty) {
        this.topics = topics;
        this.mayEmpty = mayEmpty;
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.get(CONTROL + "topics", guarded(this::list));
        routes.get(CONTROL + "topics/{topic}/records", guarded(this::getRecords, "from", "partition", "limit", "next", "wait"));
        routes.post(CONTROL + "topics/{topic}/records", withBody(this::postRecords, "listener"));
        routes.put(CONTROL + "topics/{topic}", withBody(this::putTopic));
        routes.delete(CONTROL + "topics/{topic}/records", guarded(this::deleteRecords));
    }

    private void postRecords(Context ctx, byte[] body) {
        String topic = topic(ctx);
        String listener = listener(ctx);
        List<OutgoingRecord> records = RecordForm.parse(body);
        ObjectNode json = object();
        ArrayNode written = json.putArray("records");
        try {
            for (RecordPosition position : topics.send(topic, records, listener)) {
                written.addObject().put("topic", topic).put("partition", position.partition()).put("offset", position.offset());
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
            throw new ControlException(503, "The server is closing; the records may have been written or not");
        }
        answer(ctx, 200, json);
    }

    private void list(Context ctx) {
        ObjectNode json = object();
        ArrayNode list = json.putArray("topics");
        try {
            topics.list().forEach(
                    topic -> list.addObject().put("name", topic.name()).put("partitions", topic.partitions()).put("records",
                            topic.records()));
        } catch (InterruptedException closing) {
            throw closing();
        }
        answer(ctx, 200, json);
    }

    private void getRecords(Context ctx) {
        TopicQuestion question = RecordQuery.of(topic(ctx), ctx::queryParam);
        try {
            answer(ctx, 200, RecordForm.toJson(topics.read(question)));
        } catch (InterruptedException closing) {
            throw closing();
        }
    }

    /** Of one that is there already, nothing is changed. */
    private void putTopic(Context ctx, byte[] json) {
        String topic = topic(ctx);
        ControlBody body = ControlBody.parse(json);
        int partitions = body.wholeNumber("partitions", 1, MOST_PARTITIONS).orElse(1);
        body.rejectOtherMembers();
        try {
            boolean made = topics.create(topic, partitions);
            answer(ctx, made ? 201 : 200, object().put("topic", topic).put("made", made));
        } catch (InterruptedException closing) {
            throw closing();
        }
    }

    private void deleteRecords(Context ctx) {
        if (!mayEmpty) {
            throw new ControlException(403, "This server lets nobody delete records; start it with: sluice serve --allow-reset");
        }
        String topic = topic(ctx);
        ObjectNode json = object();
        ArrayNode partitions = json.putArray("partitions");
        try {
            topics.empty(topic).forEach((partition, next) -> partitions.addObject().put("partition", partition).put("begin", next));
        } catch (InterruptedException closing) {
            throw closing();
        }
        answer(ctx, 200, json);
    }

    private static ControlException closing() {
        Thread.currentThread().interrupt();
        return new ControlException(503, "The server is closing");
    }

    private static String topic(Context ctx) {
        String topic = ctx.pathParam("topic");
        if (!topic.matches("[a-zA-Z0-9._-]{1,249}") || topic.equals(".") || topic.equals("..")) {
            throw ControlException.badRequest("topic is '" + topic + "'; allowed are 1 to 249 letters, digits, ., _ and -");
        }
        return topic;
    }

    private String listener(Context ctx) {
        String asked = ctx.queryParam("listener");
        if (asked == null) {
            return null;
        }
        String listener = asked.toUpperCase(Locale.ROOT);
        if (!topics.listeners().contains(listener)) {
            String kinds = String.join(", ", topics.listeners()).toLowerCase(Locale.ROOT);
            throw ControlException.badRequest("listener is '" + asked + "'; " + (kinds.isEmpty()
                    ? "this server has no broker of its own, whose listeners it could name"
                    : "the embedded broker has " + kinds + "; more come with: sluice serve --embedded-kafka-listeners"));
        }
        return listener;
    }
}
