package dev.sluice.credential;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Objects;

/**
 * Who asks which endpoint for a token? The client credentials grant of RFC 6749, 4.4. Immutable; the client's secret is never printed.
 *
 * @param secretArn where it is written down, for messages
 * @param endpoint https, or http on this machine
 * @param scope null for none
 * @param audience null for none
 */
record OAuthClient(String secretArn, URI endpoint, String id, String secret, String scope, String audience) {

    /** The secret's members are of no use; the message says which, without any of their content. */
    static final class UnusableException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UnusableException(String message) {
            super(message);
        }
    }

    OAuthClient {
        Objects.requireNonNull(endpoint, "endpoint");
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(secret, "secret");
    }

    /** @throws UnusableException when the endpoint is none that a secret may be sent to */
    static OAuthClient of(String arn, String endpoint, String id, String secret, String scope, String audience) {
        try {
            URI uri = new URI(endpoint);
            boolean here = uri.getHost() != null && uri.getHost().matches("(?i)localhost|127\\.\\d+\\.\\d+\\.\\d+|\\[::1]");
            if (uri.getHost() != null && uri.getRawUserInfo() == null
                    && ("https".equalsIgnoreCase(uri.getScheme()) || "http".equalsIgnoreCase(uri.getScheme()) && here)) {
                return new OAuthClient(arn, uri, id, secret, scope, audience);
            }
        } catch (URISyntaxException none) {
            // told below
        }
        throw new UnusableException("tokenEndpoint of the secret " + arn
                + " is no URL that begins with https://, or with http:// and a host that is this machine");
    }

    @Override
    public String toString() {
        return "OAuthClient[endpoint=" + endpoint + "]";
    }
}
