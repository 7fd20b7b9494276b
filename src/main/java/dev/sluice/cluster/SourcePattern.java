package dev.sluice.cluster;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which event sources does a line under {@code match} mean: the ARN of an MSK cluster or VPC connection, or a broker's address, each with
 * {@code *} for any characters? Immutable.
 */
public final class SourcePattern {

    private static final Pattern ADDRESS = Pattern.compile("[^\\s,/]+:(?:\\d{1,5}|\\*)");

    private final String text;
    private final boolean arn;
    private final Pattern pattern;

    private SourcePattern(String text, boolean arn) {
        this.text = text;
        this.arn = arn;
        String meant = arn ? text : BrokerAddresses.normal(text);
        StringBuilder regex = new StringBuilder();
        for (String part : meant.split("\\*", -1)) {
            regex.append(regex.isEmpty() ? "" : ".*").append(part.isEmpty() ? "(?:)" : Pattern.quote(part));
        }
        this.pattern = Pattern.compile(regex.toString());
    }

    /** Empty when the text can mean no source. */
    public static Optional<SourcePattern> parse(String text) {
        String stripped = text.strip();
        if (stripped.startsWith("arn:")) {
            return Optional.of(new SourcePattern(stripped, true));
        }
        return ADDRESS.matcher(stripped).matches() ? Optional.of(new SourcePattern(stripped, false)) : Optional.empty();
    }

    boolean isArn(String sourceArn) {
        return arn && pattern.matcher(sourceArn).matches();
    }

    boolean isAddress(String address) {
        return !arn && pattern.matcher(BrokerAddresses.normal(address)).matches();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SourcePattern pattern2 && text.equals(pattern2.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
