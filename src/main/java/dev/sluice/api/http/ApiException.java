package dev.sluice.api.http;

/** Why the border itself refused a request: its form is wrong, before any use case saw it. */
public final class ApiException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ErrorType type;
    private final String reason;
    private final String hint;

    private ApiException(ErrorType type, String message, String reason, String hint) {
        super(message);
        this.type = type;
        this.reason = reason;
        this.hint = hint;
    }

    public static ApiException of(ErrorType type, String message) {
        return new ApiException(type, message, null, null);
    }

    /** Nothing that the caller can mend. @param hint what may help */
    public static ApiException service(String message, String hint) {
        return new ApiException(ErrorType.SERVICE, message, null, hint);
    }

    /** @param hint what would be accepted; null when there is nothing to say */
    public static ApiException validation(String message, String hint) {
        return new ApiException(ErrorType.VALIDATION, message, null, hint);
    }

    public static ApiException serialization(String message) {
        return of(ErrorType.SERIALIZATION, message);
    }

    /** A value that AWS takes and Sluice does not yet, or that neither takes. */
    public static ApiException invalidParameter(String message, String hint) {
        return new ApiException(ErrorType.INVALID_PARAMETER_VALUE, message, null, hint);
    }

    public static ApiException invalidParameter(String message) {
        return invalidParameter(message, null);
    }

    /** A throttle. @param reason one of AWS's {@code ThrottleReason}s @param hint what throttled */
    public static ApiException tooManyRequests(String reason, String hint) {
        return new ApiException(ErrorType.TOO_MANY_REQUESTS, "Rate Exceeded.", reason, hint);
    }

    /** @param hint how to sign */
    public static ApiException missingAuthenticationToken(String hint) {
        return new ApiException(ErrorType.MISSING_AUTHENTICATION_TOKEN, "Missing Authentication Token", null, hint);
    }

    public ErrorType type() {
        return type;
    }

    /** The member {@code Reason}; null for none. */
    String reason() {
        return reason;
    }

    /** What goes to {@code X-Sluice-Hint}; null for none. */
    public String hint() {
        return hint;
    }
}
