package dev.sluice.runtime.log;

import java.util.Objects;

/**
 * Which lines of a function's log are asked for? Immutable.
 *
 * @param after only lines that follow this one; null for the newest ones
 * @param limit at most so many
 * @param requestId only lines of this invocation; null for all
 */
public record LogQuery(String function, Long after, int limit, String requestId) {

    public LogQuery {
        Objects.requireNonNull(function, "function");
        if (limit < 1) {
            throw new IllegalArgumentException("limit is " + limit + "; allowed are 1 and more");
        }
        if (after != null && after < 0) {
            throw new IllegalArgumentException("after is " + after + "; allowed are 0 and more");
        }
    }

    boolean wants(LogLine line) {
        return requestId == null || requestId.equals(line.origin().requestId());
    }

    LogQuery after(long seq) {
        return new LogQuery(function, seq, limit, requestId);
    }
}
