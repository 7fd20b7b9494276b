package dev.sluice.testing;

import java.util.concurrent.ThreadLocalRandom;

/** Which account is nobody's yet? Each is given out once in this JVM; another JVM that shares a server hardly gets the same. Thread-safe. */
final class Accounts {

    private static long next = ThreadLocalRandom.current().nextLong(100_000_000_000L, 900_000_000_000L);

    private Accounts() {
    }

    static synchronized String fresh() {
        return String.valueOf(next++);
    }
}
