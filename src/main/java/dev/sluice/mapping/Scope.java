package dev.sluice.mapping;

import java.util.Objects;
import java.util.regex.Pattern;

/** Whose resources a request sees: one account in one region, taken from the request's credential scope. Immutable. */
public record Scope(String accountId, String region) {

    private static final Pattern ACCOUNT = Pattern.compile("\\d{12}");

    public Scope {
        Objects.requireNonNull(region, "region");
        if (!isAccountId(accountId)) {
            throw new IllegalArgumentException("accountId is '" + accountId + "'; allowed are 12 digits");
        }
        if (region.isBlank()) {
            throw new IllegalArgumentException("region is blank");
        }
    }

    /** Whether {@code text} has the form of an AWS account id. */
    public static boolean isAccountId(String text) {
        return text != null && ACCOUNT.matcher(text).matches();
    }

    /** The ARN partition this region belongs to, as in {@code arn:aws-cn:…}. */
    public String partition() {
        if (region.startsWith("cn-")) {
            return "aws-cn";
        }
        return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
    }
}
