package dev.sluice.dispatch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.BitSet;

/**
 * Which records a function names as failed, with {@code ReportBatchItemFailures}.
 *
 * <p>AWS: "Configuring error handling controls for Kafka event sources". An empty answer, null, an object without the member and an empty
 * list are a success. What names a record that the event didn't have, or can't be read, fails the whole batch.
 *
 * @param failed counted through all partitions of the part; null when the answer can't be used
 * @param problem why it can't be used; null when it can
 */
record BatchItemFailures(BitSet failed, String problem) {

    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final String FORM =
            "; expected is {\"batchItemFailures\":[{\"itemIdentifier\":{\"partition\":\"TOPIC-0\",\"offset\":0}}]}";

    static BatchItemFailures in(byte[] answer, Part part) {
        JsonNode root;
        try {
            root = JSON.readTree(answer);
        } catch (JsonProcessingException notJson) {
            return unusable("the function's answer is not JSON" + FORM);
        } catch (IOException impossible) {
            throw new IllegalStateException("reading from memory failed", impossible);
        }
        BitSet failed = new BitSet();
        if (root == null || root.isMissingNode() || root.isNull()) {
            return new BatchItemFailures(failed, null);
        }
        if (!root.isObject()) {
            return unusable("the function's answer is no JSON object" + FORM);
        }
        JsonNode items = root.path("batchItemFailures");
        if (items.isMissingNode() || items.isNull()) {
            return new BatchItemFailures(failed, null);
        }
        if (!items.isArray()) {
            return unusable("batchItemFailures in the function's answer is no list" + FORM);
        }
        for (int i = 0; i < items.size(); i++) {
            JsonNode identifier = items.get(i).path("itemIdentifier");
            JsonNode partition = identifier.path("partition");
            JsonNode offset = identifier.path("offset");
            if (!partition.isTextual() || !offset.isIntegralNumber()) {
                return unusable("batchItemFailures[" + i + "] in the function's answer has no itemIdentifier with partition and offset" + FORM);
            }
            int index = offset.canConvertToLong() ? part.indexOf(partition.textValue(), offset.longValue()) : -1;
            if (index < 0) {
                return unusable("batchItemFailures[" + i + "] in the function's answer names partition \"" + partition.textValue()
                        + "\", offset " + offset + ", which the event didn't have");
            }
            failed.set(index);
        }
        return new BatchItemFailures(failed, null);
    }

    private static BatchItemFailures unusable(String problem) {
        return new BatchItemFailures(null, problem);
    }
}
