package dev.sluice.embedded;

import java.util.List;
import java.util.Map;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.common.security.auth.AuthenticateCallbackHandler;
import org.apache.kafka.common.security.oauthbearer.ClientJwtValidator;
import org.apache.kafka.common.security.oauthbearer.JwtValidatorException;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerExtensionsValidatorCallback;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerToken;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerValidatorCallback;

/**
 * Does the embedded broker take this token? Any well-formed JWT with a subject that has not expired, whoever has signed it: to verify that is
 * the affair of the cluster that this broker stands for, and Kafka's own handler has no way without the keys of one issuer. Public because
 * Kafka makes it, one for each listener; called from several of the broker's threads.
 */
public final class BrokerTokens implements AuthenticateCallbackHandler {

    private final ClientJwtValidator wellFormed = new ClientJwtValidator();

    @Override
    public void configure(Map<String, ?> configs, String saslMechanism, List<AppConfigurationEntry> logIns) {
        wellFormed.configure(configs, saslMechanism, logIns);
    }

    @Override
    public void handle(Callback[] callbacks) throws UnsupportedCallbackException {
        for (Callback callback : callbacks) {
            if (callback instanceof OAuthBearerValidatorCallback shown) {
                validate(shown);
            } else if (callback instanceof OAuthBearerExtensionsValidatorCallback extended) {
                extended.inputExtensions().map().keySet().forEach(extended::valid);
            } else {
                throw new UnsupportedCallbackException(callback);
            }
        }
    }

    private void validate(OAuthBearerValidatorCallback shown) {
        try {
            OAuthBearerToken token = wellFormed.validate(shown.tokenValue());
            // Wall time, as the token's issuer meant it.
            if (token.lifetimeMs() <= System.currentTimeMillis()) {
                shown.error("invalid_token", null, null);
            } else {
                shown.token(token);
            }
        } catch (JwtValidatorException malformed) {
            shown.error("invalid_token", null, null);
        }
    }

    @Override
    public void close() {
        // The validator has nothing open.
    }
}
