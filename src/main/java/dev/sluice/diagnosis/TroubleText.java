package dev.sluice.diagnosis;

import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.Trouble;

/** What is said of each kind of trouble, and which command shows more or mends it? Stateless. */
final class TroubleText {

    private TroubleText() {
    }

    static Cause cause(Trouble trouble) {
        return switch (trouble) {
            case BROKERS_UNREACHABLE -> Cause.BROKERS_UNREACHABLE;
            case WRONG_LISTENER -> Cause.WRONG_LISTENER;
            case TOPIC_MISSING -> Cause.NO_SUCH_TOPIC;
            case LOG_IN_REFUSED -> Cause.LOG_IN_REFUSED;
            case CERTIFICATE_REFUSED -> Cause.CERTIFICATE_REFUSED;
            case BROKERS_NOT_TRUSTED -> Cause.BROKERS_NOT_TRUSTED;
            case CERTIFICATE_UNUSABLE -> Cause.CERTIFICATE_UNUSABLE;
            case NOT_AUTHORIZED -> Cause.NOT_AUTHORIZED;
            case SECRETS_UNREACHABLE -> Cause.SECRETS_UNREACHABLE;
            case CONFIGURATION -> Cause.CONFIGURATION;
            case GROUP_IN_USE -> Cause.GROUP_IN_USE;
            case NOT_LET_IN -> Cause.WAITING_FOR_GROUP;
            case FENCED -> Cause.SAME_DATA_DIRECTORY;
            case UNREADABLE -> Cause.UNREADABLE_RECORD;
            case SCHEMA_REGISTRY -> Cause.SCHEMA_REGISTRY;
            case FUNCTION_ERROR -> Cause.FUNCTION_ERROR;
            case OUT_OF_MEMORY -> Cause.OUT_OF_MEMORY;
            case TIMED_OUT -> Cause.TIMED_OUT;
            case THROTTLED -> Cause.THROTTLED;
            case NOT_INVOKED -> Cause.NOT_INVOKED;
            case FUNCTION_NOT_VALID -> Cause.FUNCTION_NOT_VALID;
            case PARTLY_TAKEN -> Cause.PARTLY_TAKEN;
            case UNUSABLE_ANSWER -> Cause.UNUSABLE_ANSWER;
            case DESTINATION_FAILED -> Cause.DESTINATION_FAILED;
        };
    }

    /** What comes before the detail, which mostly is a sentence of its own. */
    static String before(Trouble trouble, Observed.Function function) {
        return switch (trouble) {
            case LOG_IN_REFUSED -> "The log-in is refused: ";
            case CERTIFICATE_REFUSED -> "The brokers refuse our certificate: ";
            case BROKERS_NOT_TRUSTED -> "The brokers' certificate is not trusted: ";
            case FUNCTION_ERROR -> "The function fails: ";
            case OUT_OF_MEMORY -> "The function ran out of its memory"
                    + (function instanceof Observed.Function.Known known ? " (" + known.memoryMb() + " MB): " : ": ");
            case DESTINATION_FAILED -> "The on-failure destination doesn't take what failed: ";
            default -> "";
        };
    }

    /** The one to go on with. */
    static String command(Trouble trouble, EventSourceMapping mapping) {
        String uuid = mapping.id().toString();
        String function = mapping.settings().functionArn().name();
        return switch (trouble) {
            case BROKERS_UNREACHABLE, WRONG_LISTENER, LOG_IN_REFUSED, CERTIFICATE_REFUSED, BROKERS_NOT_TRUSTED, CERTIFICATE_UNUSABLE,
                    NOT_AUTHORIZED, SECRETS_UNREACHABLE, CONFIGURATION ->
                "sluice clusters";
            case TOPIC_MISSING -> "sluice produce " + mapping.source().topics().get(0) + " VALUE";
            case FUNCTION_ERROR, OUT_OF_MEMORY, TIMED_OUT, PARTLY_TAKEN, UNUSABLE_ANSWER -> "sluice logs " + function;
            case NOT_INVOKED, FUNCTION_NOT_VALID, THROTTLED -> "sluice functions " + function;
            case DESTINATION_FAILED -> "sluice deliveries --mapping " + uuid + " --failed";
            case GROUP_IN_USE, NOT_LET_IN, FENCED, UNREADABLE, SCHEMA_REGISTRY -> "sluice mappings " + uuid;
        };
    }
}
