package dev.sluice.mapping;

import dev.sluice.resource.Scope;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Why a request about mappings was refused, in AWS's words. The border turns each kind into its status and error type. */
public abstract sealed class MappingException extends RuntimeException {

    private static final long serialVersionUID = 1L;
    private final @Nullable String hint;

    private MappingException(String message, @Nullable String hint) {
        super(message);
        this.hint = hint;
    }

    /** What the caller can change so that AWS accepts it too, when there is such a thing. */
    public Optional<String> hint() {
        return Optional.ofNullable(hint);
    }

    /** No mapping has this UUID in the caller's account and region. */
    public static final class NotFound extends MappingException {
        private static final long serialVersionUID = 1L;
        private static final String MESSAGE = "The resource you requested does not exist.";

        public NotFound() {
            super(MESSAGE, null);
        }

        NotFound(String message) {
            super(message, null);
        }

        private NotFound(String message, @Nullable String hint) {
            super(message, hint);
        }

        /** What the caller isn't told by AWS: that somebody else has it. */
        static NotFound elsewhere(EventSourceMapping mapping, Scope caller) {
            return new NotFound(MESSAGE, "Mapping " + mapping.id() + " exists in account " + mapping.scope().accountId()
                    + ", region " + mapping.scope().region() + "; the request came from account " + caller.accountId() + ", region "
                    + caller.region() + ". The account is that of the access key, as 'sluice env' sets it.");
        }

        /** As the operations on tags say it, which know a mapping by its ARN. */
        static NotFound mapping(String arn) {
            return new NotFound("Event source mapping not found: " + arn);
        }
    }

    /** A parameter's value doesn't fit, though its form does. */
    public static final class InvalidParameter extends MappingException {
        private static final long serialVersionUID = 1L;

        public InvalidParameter(String message) {
            super(message, null);
        }

        public InvalidParameter(String message, @Nullable String hint) {
            super(message, hint);
        }

        /** AWS's template for a member that doesn't fit the source. @param hint null for none */
        static InvalidParameter unsupported(String member, @Nullable String hint) {
            return new InvalidParameter("Unsupported '" + member + "' parameter for given event source mapping type.", hint);
        }

        /** AWS's template for a member that the source needs. @param hint null for none */
        static InvalidParameter missing(String member, @Nullable String hint) {
            return new InvalidParameter("Required '" + member + "' parameter is missing.", hint);
        }

        /** As AWS words service checks that look like those of the model: with a period at the end. */
        static InvalidParameter violation(String value, String path, String constraint) {
            return new InvalidParameter("1 validation error detected: Value '" + value + "' at '" + path
                    + "' failed to satisfy constraint: Member must " + constraint + ".");
        }
    }

    /** The mapping is between two states, or another request changed it first. */
    public static final class InUse extends MappingException {
        private static final long serialVersionUID = 1L;

        public InUse(String verb) {
            super("Cannot " + verb + " the event source mapping because it is in use.", null);
        }
    }

    /** Another mapping already reads this topic of these brokers for this function. */
    public static final class Duplicate extends MappingException {
        private static final long serialVersionUID = 1L;

        Duplicate(EventSourceMapping wanted, EventSourceMapping existing) {
            super(same(wanted) + " Please update or delete the existing mapping with UUID " + existing.id(), null);
        }

        /** The text for self-managed sources was recorded in 2024; the one for MSK was reported in 2020 (aws-sam-cli 2308). */
        private static String same(EventSourceMapping wanted) {
            String function = wanted.settings().functionArn().toString();
            String topics = String.join(",", wanted.source().topics());
            return wanted.source().eventSource().match(
                    msk -> "An event source mapping with event source arn (\"" + msk.arn() + "\"), function (\"" + function
                            + "\") and topics (\"" + topics + "\") already exists.",
                    kafka -> "An event source mapping with event source (\"" + String.join(",", kafka.bootstrapServers())
                            + "\"), function (\"" + function + "\"), topics (\"" + topics + "\") already exists.");
        }
    }
}
