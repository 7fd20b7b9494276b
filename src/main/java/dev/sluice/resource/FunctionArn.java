package dev.sluice.resource;

import java.util.Objects;

/**
 * Which function, and which version or alias of it, an invocation goes to. Immutable; {@code qualifier} is null when the
 * caller gave none, and then stays out of the text form, as AWS echoes it.
 */
public record FunctionArn(Scope scope, String name, String qualifier) {

    /** The qualifier of what is not published. */
    public static final String LATEST = "$LATEST";

    public FunctionArn {
        Objects.requireNonNull(scope, "scope");
        if (name == null || name.isBlank()) {
            throw new IllegalArgumentException("name is '" + name + "'; a function name has at least one character");
        }
    }

    /** The ARN without version or alias. */
    public FunctionArn unqualified() {
        return qualifier == null ? this : new FunctionArn(scope, name, null);
    }

    /** The same function with another version or alias; null for none. */
    public FunctionArn withQualifier(String other) {
        return new FunctionArn(scope, name, other);
    }

    /** Reads an ARN that {@link #toString} wrote. */
    public static FunctionArn parse(String arn) {
        String[] parts = arn.split(":", -1);
        if (parts.length < 7 || parts.length > 8 || !"lambda".equals(parts[2]) || !"function".equals(parts[5])) {
            throw new IllegalArgumentException("'" + arn + "' is no function ARN");
        }
        return new FunctionArn(new Scope(parts[4], parts[3]), parts[6], parts.length == 8 ? parts[7] : null);
    }

    @Override
    public String toString() {
        String arn = "arn:" + scope.partition() + ":lambda:" + scope.region() + ":" + scope.accountId() + ":function:" + name;
        return qualifier == null ? arn : arn + ":" + qualifier;
    }
}
