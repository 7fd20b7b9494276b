package dev.sluice.function;

import java.util.Locale;
import java.util.Optional;

/** Where does a function's Java code run? */
public enum Isolation {

    /** In this server's JVM until it makes a call of {@code JvmWideCalls} that needs a JVM of its own; from then on in a process. */
    AUTO,

    /** In this server's JVM, each instance in a class loader of its own. */
    JVM,

    /** Each instance in a JVM of its own. */
    PROCESS;

    /** Every word that {@link #parse} knows, as a message says it. */
    public static final String ALLOWED = "auto, jvm or process";

    /** What users write for it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The one that users write like this; empty for none. */
    public static Optional<Isolation> parse(String word) {
        for (Isolation each : values()) {
            if (each.word().equals(word)) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }
}
