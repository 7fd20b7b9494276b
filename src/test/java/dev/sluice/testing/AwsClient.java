package dev.sluice.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/**
 * What does a client of AWS's own make of Lambda's API? Operations, waiters and members are named as AWS's model names them; a
 * member is a text, a number, true or false, a list or map of those, or for bytes the path of a file. Confined to one thread.
 */
public interface AwsClient extends AutoCloseable {

    /** The answer; for a refusal an object whose members are {@code refused}, the exception's name, and {@code message}. */
    JsonNode call(String operation, Map<String, Object> members);

    /** Lets the client's own waiter wait, {@code FunctionActiveV2}; an AssertionError when it gives up. */
    void await(String waiter, Map<String, Object> members);

    /** All pages that the client's own paginator brings. */
    List<JsonNode> pages(String operation, int pageSize, Map<String, Object> members);

    @Override
    void close();
}
