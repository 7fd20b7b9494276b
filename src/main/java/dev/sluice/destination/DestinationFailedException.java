package dev.sluice.destination;

/**
 * Why did a destination not take the records? The message names the destination and the cause, and has no record content and no
 * secrets. Immutable.
 */
public final class DestinationFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    DestinationFailedException(String destination, String problem, Throwable cause) {
        super("The on-failure destination " + destination + " did not take the records: " + problem, cause);
    }

    /** What to say of {@code failure}: the first line of its message, since later lines may repeat the request. */
    static String firstLine(Throwable failure) {
        String text = failure.getMessage();
        return text == null || text.isBlank() ? failure.getClass().getSimpleName() : text.lines().findFirst().orElse("").strip();
    }
}
