package dev.sluice.api;

import dev.sluice.mapping.Scope;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whose resources a request sees, by the SigV4 credential scope in its {@code Authorization} header:
 * {@code Credential=AKID/date/region/service/aws4_request}. The region is taken as given; the account is the access key id when
 * that has 12 digits, else the default. Signatures are not checked. A request without the header, or with another scheme, gets
 * the defaults: curl needs no credentials. Immutable.
 */
final class CredentialScope {

    private static final Pattern CREDENTIAL = Pattern.compile("Credential=([^,\\s]*)");
    private static final Pattern REGION = Pattern.compile("[a-zA-Z0-9-]{1,64}");
    private static final String SIGV4 = "AWS4-HMAC-SHA256";

    private final Scope defaults;

    CredentialScope(Scope defaults) {
        this.defaults = defaults;
    }

    /** @param authorization the header's value; null when there is none */
    Scope of(String authorization) {
        if (authorization == null || !authorization.startsWith(SIGV4)) {
            return defaults;
        }
        Matcher credential = CREDENTIAL.matcher(authorization);
        String[] parts = credential.find() ? credential.group(1).split("/", -1) : new String[0];
        if (parts.length != 5) {
            // AWS's words for a broken credential, with the key id left out.
            throw ApiException.of(ErrorType.INCOMPLETE_SIGNATURE,
                    "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term");
        }
        if (!REGION.matcher(parts[2]).matches()) {
            throw ApiException.of(ErrorType.INCOMPLETE_SIGNATURE,
                    "Credential has the region '" + parts[2] + "'; allowed are letters, digits and hyphens, e.g. us-east-1");
        }
        return new Scope(Scope.isAccountId(parts[0]) ? parts[0] : defaults.accountId(), parts[2]);
    }
}
