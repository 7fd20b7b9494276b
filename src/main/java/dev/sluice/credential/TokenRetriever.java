package dev.sluice.credential;

import java.util.List;
import java.util.Map;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.security.oauthbearer.JwtRetriever;
import org.apache.kafka.common.security.oauthbearer.JwtRetrieverException;

/**
 * Where do Kafka's clients get their tokens? From {@link OAuthTokens}, which has fetched one before the client was made; Kafka's own retriever
 * would fetch it in the client's constructor, and only from an endpoint that a system property of the JVM lists. Made and configured by
 * Kafka (KIP-1139); public for that only.
 */
public final class TokenRetriever implements JwtRetriever {

    /** Client settings that Kafka hands through: whose tokens, and who has them. */
    static final String CLIENT = "sluice.oauth.client";
    static final String TOKENS = "sluice.oauth.tokens";

    private OAuthClient client;
    private OAuthTokens tokens;

    @Override
    public void configure(Map<String, ?> settings, String mechanism, List<AppConfigurationEntry> logIns) {
        client = (OAuthClient) settings.get(CLIENT);
        tokens = (OAuthTokens) settings.get(TOKENS);
    }

    @Override
    public String retrieve() {
        try {
            return tokens.token(client);
        } catch (AuthenticationException | SecretsUnreachableException refused) {
            throw new JwtRetrieverException(refused.getMessage(), refused);
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
            throw new JwtRetrieverException("interrupted", closing);
        }
    }
}
