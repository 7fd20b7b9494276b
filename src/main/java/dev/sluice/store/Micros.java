package dev.sluice.store;

import java.time.Instant;

/** How an instant is written in the database: as microseconds since 1970; finer digits are cut off. */
final class Micros {

    private static final long PER_SECOND = 1_000_000;

    private Micros() {
    }

    /** Null stays null. */
    static Long of(Instant instant) {
        if (instant == null) {
            return null;
        }
        try {
            return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), PER_SECOND), instant.getNano() / 1000);
        } catch (ArithmeticException tooFar) {
            throw new IllegalArgumentException(instant + " is too far away; storable are the years -290000 to 290000", tooFar);
        }
    }

    /** Null stays null. */
    static Instant toInstant(Long micros) {
        return micros == null ? null
                : Instant.ofEpochSecond(Math.floorDiv(micros, PER_SECOND), Math.floorMod(micros, PER_SECOND) * 1000);
    }
}
