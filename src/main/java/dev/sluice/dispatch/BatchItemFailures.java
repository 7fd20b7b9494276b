package dev.sluice.dispatch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.BitSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which records a function names as failed, with {@code ReportBatchItemFailures}.
 *
 * <p>AWS: "Configuring error handling controls for Kafka event sources". An empty answer, null, an object without the member and an empty
 * list are a success. What names a record that the event didn't have, or can't be read, fails the whole batch.
 *
 * @param failed counted through all partitions of the part; null when the answer can't be used
 * @param problem why it can't be used; null when it can
 */
record BatchItemFailures(@Nullable BitSet failed, @Nullable String problem) {

    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final int LONGEST_QUOTE = 60;
    private static final String ANSWER = "the function's answer";
    private static final String FORM =
            "; expected is {\"batchItemFailures\":[{\"itemIdentifier\":{\"partition\":\"TOPIC-0\",\"offset\":0}}]}";

    static BatchItemFailures in(byte[] answer, Part part) {
        BitSet failed = new BitSet();
        try {
            JsonNode root = JSON.readTree(answer);
            if (root == null || root.isMissingNode() || root.isNull()) {
                return new BatchItemFailures(failed, null);
            }
            if (!root.isObject()) {
                throw new UnusableException(" is " + described(root) + ", not an object" + FORM);
            }
            JsonNode items = root.path("batchItemFailures");
            if (items.isMissingNode() || items.isNull()) {
                return new BatchItemFailures(failed, null);
            }
            if (!items.isArray()) {
                throw new UnusableException(": batchItemFailures is " + described(items) + ", not a list" + FORM);
            }
            for (int i = 0; i < items.size(); i++) {
                failed.set(index(items.get(i), "batchItemFailures[" + i + "]", part));
            }
            return new BatchItemFailures(failed, null);
        } catch (JsonProcessingException notJson) {
            return new BatchItemFailures(null, ANSWER + " is not JSON" + FORM);
        } catch (UnusableException unusable) {
            return new BatchItemFailures(null, ANSWER + unusable.getMessage());
        } catch (IOException impossible) {
            throw new IllegalStateException("reading from memory failed", impossible);
        }
    }

    private static int index(JsonNode item, String place, Part part) throws UnusableException {
        if (part.isFromShareGroup() && item.path("itemIdentifier").isTextual()) {
            return named(item.get("itemIdentifier"), place, part);
        }
        JsonNode identifier = member(item, place, "itemIdentifier", JsonNode::isObject, "an object");
        String within = place + ".itemIdentifier";
        JsonNode partition = member(identifier, within, "partition", JsonNode::isTextual, "a text such as \"orders-0\"");
        JsonNode offset = member(identifier, within, "offset", JsonNode::isIntegralNumber, "a whole number");
        int index = offset.canConvertToLong() ? part.indexOf(partition.textValue(), offset.longValue()) : -1;
        if (index < 0) {
            throw new UnusableException(": " + place + " names partition " + shortened(partition) + ", offset " + shortened(offset)
                    + ", which the event didn't have");
        }
        return index;
    }

    /** As the public sample of AWS's for Queue mode names a record: {@code TOPIC-PARTITION-OFFSET}. */
    private static int named(JsonNode text, String place, Part part) throws UnusableException {
        String name = text.textValue();
        int dash = name.lastIndexOf('-');
        int index = -1;
        if (dash > 0 && name.substring(dash + 1).matches("\\d{1,18}")) {
            index = part.indexOf(name.substring(0, dash), Long.parseLong(name.substring(dash + 1)));
        }
        if (index < 0) {
            throw new UnusableException(": " + place + " names " + shortened(text) + ", which the event didn't have; expected is"
                    + " \"TOPIC-PARTITION-OFFSET\"");
        }
        return index;
    }

    private static JsonNode member(JsonNode of, String place, String name, Predicate<JsonNode> right, String wanted)
            throws UnusableException {
        if (!of.isObject()) {
            throw new UnusableException(": " + place + " is " + described(of) + ", not an object" + FORM);
        }
        JsonNode member = of.path(name);
        if (member.isMissingNode()) {
            throw new UnusableException(": " + place + " has no " + name + FORM);
        }
        if (!right.test(member)) {
            throw new UnusableException(": " + place + "." + name + " is " + described(member) + ", not " + wanted + FORM);
        }
        return member;
    }

    /** Not what it says, which may be anything. */
    private static String described(JsonNode node) {
        return switch (node.getNodeType()) {
            case STRING -> "a text";
            case NUMBER -> node.isIntegralNumber() ? "a number" : "a fraction";
            case ARRAY -> "a list";
            case OBJECT -> "an object";
            default -> node.toString(); // true, false, null
        };
    }

    private static String shortened(JsonNode node) {
        String text = node.toString();
        return text.length() <= LONGEST_QUOTE ? text : text.substring(0, LONGEST_QUOTE) + "…";
    }

    /** What the function answered can't be used; the message says why, and goes on where {@link #ANSWER} ends. */
    private static final class UnusableException extends Exception {

        private static final long serialVersionUID = 1L;

        UnusableException(String message) {
            super(message);
        }
    }
}
