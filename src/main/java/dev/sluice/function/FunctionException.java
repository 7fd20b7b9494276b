package dev.sluice.function;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Why a request about functions was refused, in AWS's words. The border turns each kind into its status and error type. */
public abstract sealed class FunctionException extends RuntimeException {

    private static final long serialVersionUID = 1L;
    private final @Nullable String hint;

    private FunctionException(String message) {
        this(message, null);
    }

    private FunctionException(String message, @Nullable String hint) {
        super(message);
        this.hint = hint;
    }

    /** What AWS's words don't say of the cause, or of the way out; empty when they say all. */
    public Optional<String> hint() {
        return Optional.ofNullable(hint);
    }

    /** No such function, version or alias for this caller. */
    public static final class NotFound extends FunctionException {
        private static final long serialVersionUID = 1L;

        public NotFound(String message) {
            super(message);
        }

        /** @param hint null for none */
        public NotFound(String message, @Nullable String hint) {
            super(message, hint);
        }
    }

    /** The name is taken. */
    public static final class Conflict extends FunctionException {
        private static final long serialVersionUID = 1L;

        public Conflict(String message) {
            super(message);
        }
    }

    /** A parameter's value doesn't fit. */
    public static final class InvalidParameter extends FunctionException {
        private static final long serialVersionUID = 1L;

        public InvalidParameter(String message) {
            super(message);
        }

        /** @param hint null for none */
        public InvalidParameter(String message, @Nullable String hint) {
            super(message, hint);
        }
    }

    /** A parameter's value doesn't fit, in one of the cases where AWS's answer has no {@code Type} (recorded). */
    public static final class UntypedInvalidParameter extends FunctionException {
        private static final long serialVersionUID = 1L;

        public UntypedInvalidParameter(String message) {
            super(message);
        }
    }

    /** The function, version or alias has changed since the caller looked at it. */
    public static final class PreconditionFailed extends FunctionException {
        private static final long serialVersionUID = 1L;

        public PreconditionFailed(String message) {
            super(message);
        }

        /** Throws when the caller expects another revision than there is. @param expected null for any */
        static void require(@Nullable String expected, @Nullable String revisionId) {
            if (expected != null && !expected.isEmpty() && !expected.equals(revisionId)) {
                throw new PreconditionFailed("The Revision Id provided does not match the latest Revision Id. Call the"
                        + " GetFunction/GetAlias API to retrieve the latest Revision Id");
            }
        }
    }

    /** The code is larger than Lambda takes. */
    public static final class TooLarge extends FunctionException {
        private static final long serialVersionUID = 1L;

        public TooLarge(String message) {
            super(message);
        }
    }
}
