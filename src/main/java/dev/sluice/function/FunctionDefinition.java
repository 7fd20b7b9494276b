package dev.sluice.function;

import dev.sluice.mapping.FunctionArn;
import dev.sluice.mapping.Scope;
import java.time.Instant;
import java.util.Objects;

/**
 * One function as it is stored. Immutable.
 *
 * @param scope the account and region it belongs to; null when it was registered without one (config, control API): then every
 *     account and region sees it, and its ARN takes the caller's
 */
public record FunctionDefinition(String name, Scope scope, Origin origin, FunctionCode code, FunctionSettings settings,
                                 Instant lastModified, String revisionId) {

    /** Who registered the function. One that the config declares keeps its code wherever the API says it is. */
    public enum Origin { LAMBDA_API, CONTROL_API, CONFIG }

    public FunctionDefinition {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(origin, "origin");
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(settings, "settings");
        Objects.requireNonNull(lastModified, "lastModified");
        Objects.requireNonNull(revisionId, "revisionId");
    }

    /** The function's ARN as a caller of {@code caller} sees it. */
    public FunctionArn arn(Scope caller) {
        return new FunctionArn(scope == null ? caller : scope, name, null);
    }
}
