package dev.sluice.function;

import dev.sluice.invocation.ErrorDocument;
import dev.sluice.invocation.InvocationResult;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A call can't be run as the function is now; the message is the reason a user gets to read, and {@link #result} what the call comes to.
 */
public final class NotRunnableException extends Exception {

    private static final long serialVersionUID = 1L;

    /** What to do about code that Sluice doesn't run itself. */
    public static final String WAY_OUT = "run it yourself (sam local start-lambda, or Lambda's Runtime Interface Emulator), delete this"
            + " function, and register where it answers: sluice functions add NAME --invoke-url URL, or invokeUrl in sluice.yaml";

    /** By the request's id. */
    private final transient Function<String, InvocationResult> result;

    /** There is no code, or this machine can't run it where Lambda could: the function was not reached, and no attempt was made. */
    public NotRunnableException(String reason) {
        this(reason, null);
    }

    public NotRunnableException(String reason, @Nullable Throwable cause) {
        this(reason, cause, id -> new InvocationResult.CouldNotInvoke(reason));
    }

    private NotRunnableException(String reason, @Nullable Throwable cause, Function<String, InvocationResult> result) {
        super(reason, cause);
        this.result = result;
    }

    /** The function is gone, which no wait and no new code brings back. */
    public static NotRunnableException gone(String reason) {
        return new NotRunnableException(reason, null, id -> new InvocationResult.NotValid(reason));
    }

    /** The code is there and fails as it would on Lambda, in the words of its runtime. */
    public static NotRunnableException functionError(String errorType, String errorMessage, @Nullable Throwable cause) {
        return new NotRunnableException(errorMessage, cause, id -> ErrorDocument.of(errorType, errorMessage));
    }

    /**
     * The code is there, and the program in it that Lambda would start can't be started.
     *
     * @param errorMessage Lambda's words
     * @param reason ours
     */
    public static NotRunnableException invalidEntrypoint(String errorMessage, String reason) {
        return new NotRunnableException(reason, null, id -> ErrorDocument.of("Runtime.InvalidEntrypoint",
                "RequestId: " + id + " Error: " + errorMessage).because(reason));
    }

    /** What the call with this request id comes to. */
    public InvocationResult result(String requestId) {
        return result.apply(requestId);
    }
}
