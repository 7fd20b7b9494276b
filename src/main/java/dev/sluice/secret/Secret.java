package dev.sluice.secret;

import java.util.Objects;

/**
 * A secret as it was found. Immutable; its text is never printed, and takes no part in what is equal: version and ARN say which it is.
 *
 * @param version another one for every other text, within one run of the server
 */
public record Secret(String arn, long version, String text) {
    public Secret {
        Objects.requireNonNull(arn, "arn");
        Objects.requireNonNull(text, "text");
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && secret.version == version && secret.arn.equals(arn);
    }

    @Override
    public int hashCode() {
        return Objects.hash(arn, version);
    }

    @Override
    public String toString() {
        return "Secret[arn=" + arn + ", version=" + version + "]";
    }
}
