package dev.sluice.api.http;

import java.time.Duration;

/**
 * How long may the body of a request take to arrive? Not forgotten with every byte: else a client that drips would never be done.
 * Immutable.
 *
 * @param first what every body has
 * @param bytesPerSecond how fast what arrives has to be to get more time; 0 when there is no more
 */
record BodyPatience(Duration first, long bytesPerSecond) {

    BodyPatience {
        if (first.isNegative() || first.isZero() || bytesPerSecond < 0) {
            throw new IllegalArgumentException("first is " + first + ", bytesPerSecond " + bytesPerSecond);
        }
    }

    /** How much time is left when {@code received} bytes are there after {@code elapsed}; zero or negative when it is over. */
    Duration left(long received, Duration elapsed) {
        Duration earned = bytesPerSecond == 0 ? Duration.ZERO : Duration.ofMillis(received * 1_000 / bytesPerSecond);
        return first.plus(earned).minus(elapsed);
    }

    @Override
    public String toString() {
        String seconds = first.toMillis() / 1_000.0 + " s";
        return bytesPerSecond == 0 ? seconds + " in all" : seconds + ", and longer at no less than " + bytesPerSecond + " bytes a second";
    }
}
