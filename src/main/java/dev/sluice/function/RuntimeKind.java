package dev.sluice.function;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which kind of code is it that a runtime of Lambda runs, of those that can be run here? */
public enum RuntimeKind {
    JAVA("java"), PYTHON("python3."), NODE("nodejs"), PROVIDED("provided");

    private final String prefix;

    RuntimeKind(String prefix) {
        this.prefix = prefix;
    }

    /** @param runtime AWS's name of it; null for Java code that was registered without one */
    public static Optional<RuntimeKind> of(@Nullable String runtime) {
        if (runtime == null) {
            return Optional.of(JAVA);
        }
        for (RuntimeKind kind : values()) {
            if (runtime.startsWith(kind.prefix)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }
}
