package dev.sluice.invocation;

import dev.sluice.resource.FunctionArn;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * One call of a function. Immutable.
 *
 * @param turn who asks: invocations that wait for a free slot of the function are served in turns of this value (a mapping's
 *     UUID, or a name for direct calls)
 * @param payload the event; asked for once, on the invoking thread, after the slot was taken
 */
public record Invocation(FunctionArn function, String turn, Supplier<Payload> payload, InvocationListener listener,
        InvocationOptions options) {

    public Invocation {
        Objects.requireNonNull(function, "function");
        Objects.requireNonNull(turn, "turn");
        Objects.requireNonNull(payload, "payload");
        Objects.requireNonNull(listener, "listener");
        Objects.requireNonNull(options, "options");
    }

    /** One that waits for its slot, has a fresh request id, and asks for nothing. */
    public Invocation(FunctionArn function, String turn, Supplier<Payload> payload, InvocationListener listener) {
        this(function, turn, payload, listener, InvocationOptions.DEFAULT);
    }
}
