package dev.sluice.invocation;

import java.util.Objects;

/**
 * How is an invocation to be made, beside what goes where? Immutable.
 *
 * @param whenBusy what happens when the function has no slot free
 * @param requestId the id it runs under; null for a fresh one
 * @param logWanted whether {@link InvocationListener#logged} is to be called
 * @param clientContext what the caller says of itself, a JSON object in one line of ASCII; null for nothing
 * @param traceId the caller's {@code X-Amzn-Trace-Id}; null for one made of the request id
 */
public record InvocationOptions(WhenBusy whenBusy, String requestId, boolean logWanted, String clientContext, String traceId) {

    /** Waits, has a fresh id, and asks for nothing. */
    public static final InvocationOptions DEFAULT = new InvocationOptions(WhenBusy.WAIT, null, false, null, null);

    /** What happens to an invocation that finds no slot free. Where 0 invocations are reserved, each is throttled. */
    public enum WhenBusy {
        /** It waits until a slot is free. */
        WAIT,
        /** It is throttled where the function's concurrency is reserved, as on AWS; it waits where Sluice's own limit is reached. */
        THROTTLE_OVER_RESERVATION
    }

    public InvocationOptions {
        Objects.requireNonNull(whenBusy, "whenBusy");
    }

    /**
     * An {@code X-Amzn-Trace-Id} for a request that brings none, not to be sampled. Made of the digits of its id, a UUID: since AWS
     * takes W3C's ids too, none of them has to be a time.
     */
    public static String traceIdOf(String requestId) {
        String digits = requestId.replace("-", "");
        return digits.length() < 32 ? "Root=" + requestId : "Root=1-" + digits.substring(0, 8) + "-" + digits.substring(8, 32)
                + ";Parent=" + digits.substring(16, 32) + ";Sampled=0";
    }

    /** An invocation under this id that waits for its slot. */
    public static InvocationOptions waiting(String requestId, String traceId) {
        return new InvocationOptions(WhenBusy.WAIT, requestId, false, null, traceId);
    }
}
