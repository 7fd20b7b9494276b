package dev.sluice.chaos;

import java.util.Locale;

/**
 * What a function is told to do with a call. Immutable.
 *
 * @param millis how long it takes before it does so
 * @param body what it answers; empty for a plain answer
 */
record Verdict(Kind kind, int millis, String body) {

    /** The ways in which a call can go. */
    enum Kind {
        /** Status 200. */
        OK,
        /** A function error: status 500, or an exception. */
        ERROR,
        /** Status 200 with the header that says function error. */
        FUNCTION_ERROR,
        /** Status 429. */
        THROTTLE,
        /** The connection is reset before the answer. */
        RESET,
        /** The connection is reset in the middle of a good answer. */
        CUT
    }

    static final Verdict OK = new Verdict(Kind.OK, 0, "");

    boolean success() {
        return kind == Kind.OK;
    }

    String line() {
        return kind.name().toLowerCase(Locale.ROOT) + " " + millis + " " + body + "\n";
    }

    static Verdict parse(String line) {
        String[] parts = line.split(" ", 3);
        return new Verdict(Kind.valueOf(parts[0].toUpperCase(Locale.ROOT)), Integer.parseInt(parts[1]), parts[2]);
    }
}
