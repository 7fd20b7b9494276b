package dev.sluice.api.aws;

import dev.sluice.api.http.ApiException;
import dev.sluice.api.http.ErrorType;
import dev.sluice.resource.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whose resources a request sees, by the credential scope of its signature, in the {@code Authorization} header or in the query:
 * {@code Credential=AKID/date/region/service/aws4_request}. The region is taken as given; the account is the access key id when
 * that has 12 digits, else the default. That there is a credential for this service is checked as AWS does, the signature itself
 * is not. Immutable.
 */
public final class CredentialScope {

    private static final Pattern CREDENTIAL = Pattern.compile("Credential=([^,\\s]*)");
    private static final Pattern REGION = Pattern.compile("[a-zA-Z0-9-]{1,64}");
    private static final String SIGV4 = "AWS4-HMAC-SHA256";
    /** SigV4A: its scope has no region, a request names the regions it may go to beside it. */
    private static final String SIGV4A = "AWS4-ECDSA-P256-SHA256";
    private static final String TERMINATOR = "aws4_request";
    private static final List<String> REQUIRED = List.of("Credential", "Signature", "SignedHeaders");

    private final Scope defaults;
    private final String service;

    /** @param service the name that requests are to be signed for */
    public CredentialScope(Scope defaults, String service) {
        this.defaults = defaults;
        this.service = service;
    }

    /**
     * @param header a header's value by its name; null when absent
     * @param query a query parameter's decoded value by its name; null when absent
     * @throws ApiException as AWS refuses a request that is not signed, or not for this service
     */
    Scope of(UnaryOperator<String> header, UnaryOperator<String> query) {
        String authorization = header.apply("Authorization");
        if (authorization != null && !authorization.isBlank()) {
            String algorithm = authorization.strip().split("\\s", 2)[0];
            return scope(algorithm, credential(algorithm, authorization.strip()), header.apply("X-Amz-Region-Set"));
        }
        String algorithm = query.apply("X-Amz-Algorithm");
        if (algorithm == null) {
            throw ApiException.missingAuthenticationToken("Sign the request; any secret does: curl --aws-sigv4 aws:amz:"
                    + defaults.region() + ":" + service + " --user " + defaults.accountId() + ":test ... The AWS CLI and the SDKs"
                    + " sign by themselves: eval \"$(sluice env)\" sets what they need.");
        }
        String credential = query.apply("X-Amz-Credential");
        if (credential == null) {
            throw incomplete("AWS query-string parameters must include 'X-Amz-Credential'. Re-examine the query-string parameters.");
        }
        return scope(algorithm, credential, query.apply("X-Amz-Region-Set"));
    }

    // AWS's words; it quotes the header, which may hold a token of somebody else's, so that is left out.
    private static String credential(String algorithm, String authorization) {
        Matcher credential = CREDENTIAL.matcher(authorization);
        if (credential.find()) {
            return credential.group(1);
        }
        String rest = authorization.substring(algorithm.length()).strip();
        if (!rest.isEmpty() && Arrays.stream(rest.split(",")).anyMatch(part -> !part.contains("="))) {
            throw incomplete("not a valid key=value pair (missing equal-sign) in Authorization header.");
        }
        List<String> missing = new ArrayList<>();
        REQUIRED.stream().filter(name -> !rest.contains(name + "=")).forEach(
                name -> missing.add("Authorization header requires '" + name + "' parameter."));
        throw incomplete(String.join(" ", missing));
    }

    private Scope scope(String algorithm, String credential, String regionSet) {
        if (!Set.of(SIGV4, SIGV4A).contains(algorithm)) {
            throw incomplete("Unsupported AWS 'algorithm'.");
        }
        boolean regional = SIGV4.equals(algorithm);
        String[] parts = credential.split("/", -1);
        int expected = regional ? 5 : 4;
        if (parts.length != expected) {
            // With the key id left out.
            throw incomplete("Credential must have exactly " + expected + " slash-delimited elements, e.g. keyid/date/"
                    + (regional ? "region/" : "") + "service/term");
        }
        requireForThisService(parts[expected - 2], parts[expected - 1]);
        String region = regional ? parts[2] : onlyRegion(regionSet);
        if (!REGION.matcher(region).matches()) {
            throw incomplete("Credential has the region '" + region + "'; allowed are letters, digits and hyphens, e.g. us-east-1");
        }
        return new Scope(Scope.isAccountId(parts[0]) ? parts[0] : defaults.accountId(), region);
    }

    private void requireForThisService(String named, String terminator) {
        String wrong = "";
        if (!service.equals(named)) {
            // The blank at the end is AWS's.
            wrong += "Credential should be scoped to correct service: '" + service + "'. ";
        }
        if (!TERMINATOR.equals(terminator)) {
            wrong += "Credential should be scoped with a valid terminator: '" + TERMINATOR + "'. ";
        }
        if (!wrong.isEmpty()) {
            throw ApiException.of(ErrorType.INVALID_SIGNATURE, wrong);
        }
    }

    // Real endpoints know their region; this one serves all of them, so a set of several doesn't tell which is meant.
    private String onlyRegion(String regionSet) {
        return regionSet == null || !REGION.matcher(regionSet.strip()).matches() ? defaults.region() : regionSet.strip();
    }

    private static ApiException incomplete(String message) {
        return ApiException.of(ErrorType.INCOMPLETE_SIGNATURE, message);
    }
}
