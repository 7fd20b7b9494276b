package dev.sluice.resource;

import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whose resources a request sees: one account in one region, taken from the request's credential scope. Immutable. */
public record Scope(String accountId, String region) {

    private static final Pattern ACCOUNT = Pattern.compile("\\d{12}");

    // us-iso-east-1, us-isob-east-1, eu-isoe-west-1
    private static final Pattern ISOLATED = Pattern.compile("[a-z]{2}-iso([a-z]?)-.*");

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

    /** As messages name it. */
    @Override
    public String toString() {
        return "account " + accountId + ", region " + region;
    }

    /** The ARN partition this region belongs to, as in {@code arn:aws-cn:…}. */
    public String partition() {
        if (region.startsWith("cn-")) {
            return "aws-cn";
        }
        if (region.startsWith("us-gov-")) {
            return "aws-us-gov";
        }
        if (region.startsWith("eusc-")) {
            return "aws-eusc";
        }
        Matcher isolated = ISOLATED.matcher(region);
        if (!isolated.matches()) {
            return "aws";
        }
        return isolated.group(1).isEmpty() ? "aws-iso" : "aws-iso-" + isolated.group(1);
    }
}
