package dev.sluice.diagnosis;

import java.util.Locale;

/**
 * What may be behind it that a function hears nothing, or only this much? In the order in which a person should look at them: what lets nothing
 * through first. The code is for programs, and stays.
 */
public enum Cause {
    /** Somebody has disabled the mapping. */
    DISABLED(true),
    /** Sluice has, as AWS would have. */
    DISABLED_BY_PROBLEM(true),
    /** It is being enabled, disabled or the like. */
    IN_TRANSITION(true),
    FUNCTION_MISSING(true),
    /** It is in another account or region. */
    FUNCTION_ELSEWHERE(true),
    /** Nothing of the function is invoked. */
    CONCURRENCY_ZERO(true),
    SCHEMA_REGISTRY(true),
    CONFIGURATION(true),
    SECRETS_UNREACHABLE(true),
    BROKERS_UNREACHABLE(true),
    WRONG_LISTENER(true),
    CERTIFICATE_UNUSABLE(true),
    CERTIFICATE_REFUSED(true),
    BROKERS_NOT_TRUSTED(true),
    LOG_IN_REFUSED(true),
    NOT_AUTHORIZED(true),
    NO_SUCH_TOPIC(true),
    GROUP_IN_USE(true),
    WAITING_FOR_GROUP(true),
    SAME_DATA_DIRECTORY(true),
    UNREADABLE_RECORD(true),
    NO_PARTITION(true),
    EARLIER_INVOCATION(true),
    FUNCTION_NOT_VALID(true),
    NOT_INVOKED(true),
    THROTTLED(true),
    OUT_OF_MEMORY(true),
    TIMED_OUT(true),
    FUNCTION_ERROR(true),
    PARTLY_TAKEN(true),
    UNUSABLE_ANSWER(true),
    DESTINATION_FAILED(true),
    OPEN_TRANSACTION(true),
    /** As many invocations of the function run as may. */
    WAITING_FOR_SLOT(false),
    /** More is written than the function takes. */
    TOO_SLOW(false),
    WAITING_FOR_WINDOW(false),
    /** Records that no function gets any more. */
    GIVEN_UP(false),
    RECORD_TOO_LARGE(false),
    FILTERED_OUT(false),
    POSITION_LATEST(false),
    /** Its code wants a JVM for itself. */
    MOVED_TO_PROCESS(false),
    IN_FLIGHT(false),
    CATCHING_UP(false),
    NOTHING_NEW(false),
    /** Nothing is known that would say why. */
    UNKNOWN(false);

    private final boolean blocking;

    Cause(boolean blocking) {
        this.blocking = blocking;
    }

    /** Such as {@code waiting-for-window}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether nothing gets through while it lasts. */
    public boolean blocking() {
        return blocking;
    }
}
