package dev.sluice.mapping;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How to reach and log in to a source: AWS's type and the URI (a secret's ARN, a subnet, a security group, or a value itself). Immutable.
 *
 * @param uri null for a type that needs none
 */
public record SourceAccessConfiguration(String type, @Nullable String uri) {
    public SourceAccessConfiguration {
        Objects.requireNonNull(type, "type");
    }
}
