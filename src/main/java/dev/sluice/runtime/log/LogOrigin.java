package dev.sluice.runtime.log;

import dev.sluice.resource.Scope;
import java.util.Objects;

/**
 * Which invocation does a line of a function's log belong to? Immutable.
 *
 * @param scope the account and region of the function; null when it was registered without one
 * @param version the version that was invoked, {@code $LATEST} or a number
 */
public record LogOrigin(Scope scope, String requestId, String version) {

    public LogOrigin {
        Objects.requireNonNull(requestId, "requestId");
        Objects.requireNonNull(version, "version");
    }
}
