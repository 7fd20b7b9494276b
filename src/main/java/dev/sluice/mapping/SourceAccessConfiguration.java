package dev.sluice.mapping;

import java.util.Objects;

/** How to reach and log in to a source: AWS's type and the URI (a secret's ARN, a subnet, a security group). Immutable. */
public record SourceAccessConfiguration(String type, String uri) {
    public SourceAccessConfiguration {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(uri, "uri");
    }
}
