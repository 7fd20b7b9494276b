package dev.sluice.credential;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.mapping.SourceAccessConfiguration;
import dev.sluice.secret.Secret;
import dev.sluice.secret.SecretAnswer;
import dev.sluice.secret.Secrets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.SslConfigs;

/**
 * With which credentials do source access configurations have a client log in? Reads their secrets: {@code username} and {@code password};
 * {@code certificate}, {@code privateKey}, {@code privateKeyPassword}; {@code certificate}, as "Configuring authentication" in the AWS Lambda
 * developer guide has them. What an OAUTHBEARER_AUTH secret is called inside is not known: here {@code clientId}, {@code clientSecret} and
 * {@code tokenEndpoint}. Thread-safe; asks other systems, for seconds at most, and hears an interrupt.
 */
public final class CredentialReader {

    private static final ObjectMapper JSON = new ObjectMapper();
    /** Who logs in by SASL, the strongest first: of two in one mapping the first counts. */
    private static final List<String> SASL = List.of("SASL_SCRAM_512_AUTH", "SASL_SCRAM_256_AUTH", "OAUTHBEARER_AUTH", "BASIC_AUTH");
    private static final Set<String> TLS = Set.of("CLIENT_CERTIFICATE_TLS_AUTH", "SERVER_ROOT_CA_CERTIFICATE");

    private final Secrets secrets;
    private final OAuthTokens tokens;

    public CredentialReader(Secrets secrets, OAuthTokens tokens) {
        this.secrets = Objects.requireNonNull(secrets, "secrets");
        this.tokens = Objects.requireNonNull(tokens, "tokens");
    }

    /** Those of them that name a secret: a subnet does not, nor does the role of whoever signs as IAM. */
    public static List<SourceAccessConfiguration> withSecrets(List<SourceAccessConfiguration> accesses) {
        return accesses.stream().filter(access -> SASL.contains(access.type()) || TLS.contains(access.type())).toList();
    }

    /** What is said of a log-in here, for messages. */
    public static final String ALLOWED = "BASIC_AUTH, SASL_SCRAM_256_AUTH, SASL_SCRAM_512_AUTH, CLIENT_CERTIFICATE_TLS_AUTH,"
            + " SERVER_ROOT_CA_CERTIFICATE, OAUTHBEARER_AUTH and what goes with it";

    /** Whether it says anything of how a client logs in here. */
    public static boolean reads(SourceAccessConfiguration access) {
        return SASL.contains(access.type()) || TLS.contains(access.type()) || access.type().startsWith("OAUTHBEARER_");
    }

    /** Whether it is a log-in by SASL, which a listener of TLS alone doesn't take. */
    public static boolean logsIn(SourceAccessConfiguration access) {
        return SASL.contains(access.type());
    }

    /** Of configurations of which some name a secret. */
    public CredentialAnswer read(List<SourceAccessConfiguration> accesses) throws InterruptedException {
        Map<String, Object> settings = new HashMap<>();
        Map<String, Long> versions = new HashMap<>();
        Optional<SourceAccessConfiguration> logIn = SASL.stream()
                .flatMap(type -> accesses.stream().filter(access -> access.type().equals(type))).findFirst();
        for (SourceAccessConfiguration access : withSecrets(accesses)) {
            if (SASL.contains(access.type()) && !access.equals(logIn.orElseThrow())) {
                continue;
            }
            SecretAnswer answer = secrets.get(Objects.requireNonNull(access.uri(), "a secret has an ARN"));
            Optional<CredentialAnswer> obstacle = answer.match(secret -> {
                versions.put(secret.arn(), secret.version());
                return add(access, secret, accesses, settings);
            }, missing -> Optional.of(new CredentialAnswer.Missing(missing.reason())),
                    unavailable -> Optional.of(new CredentialAnswer.Failed(new SecretsUnreachableException(unavailable.reason()))));
            if (obstacle.isPresent()) {
                return obstacle.get();
            }
        }
        Object client = settings.get(TokenRetriever.CLIENT);
        if (client instanceof OAuthClient oauth) {
            try {
                tokens.token(oauth); // here, as Kafka's consumer fetches it in its constructor, where nobody can stop it
            } catch (RuntimeException failed) { // refused, or at an endpoint that isn't there, which the secret names: it is looked at again soon
                versions.forEach(secrets::refused);
                return new CredentialAnswer.Failed(failed);
            }
        }
        return new CredentialAnswer.Read(new Credentials(name(accesses), versions, logIn.isPresent(), settings));
    }

    private static String name(List<SourceAccessConfiguration> accesses) {
        return accesses.stream().filter(access -> !access.type().startsWith("VPC_"))
                .map(access -> access.uri() == null ? access.type() : access.type() + " " + access.uri()).sorted()
                .collect(Collectors.joining(", "));
    }

    /** Why it could not be added; empty when it was. */
    private Optional<CredentialAnswer> add(SourceAccessConfiguration access, Secret secret, List<SourceAccessConfiguration> accesses,
            Map<String, Object> settings) {
        JsonNode members = members(secret.text());
        if (members == null) {
            return Optional.of(new CredentialAnswer.Missing("The secret " + secret.arn() + " is no JSON object; " + access.type()
                    + " needs " + needs(access.type())));
        }
        for (String name : required(access.type())) {
            if (text(members, name) == null) {
                return Optional.of(new CredentialAnswer.Missing("The secret " + secret.arn() + " has no \"" + name + "\" with a text; "
                        + access.type() + " needs " + needs(access.type())));
            }
        }
        try {
            switch (access.type()) {
                case "SASL_SCRAM_512_AUTH" -> user(settings, "SCRAM-SHA-512", "scram.ScramLoginModule", members);
                case "SASL_SCRAM_256_AUTH" -> user(settings, "SCRAM-SHA-256", "scram.ScramLoginModule", members);
                case "BASIC_AUTH" -> user(settings, "PLAIN", "plain.PlainLoginModule", members);
                case "CLIENT_CERTIFICATE_TLS_AUTH" -> certificate(settings, members, secret.arn());
                case "SERVER_ROOT_CA_CERTIFICATE" -> rootCa(settings, members, secret.arn());
                default -> oauth(settings, members, secret.arn(), accesses);
            }
            return Optional.empty();
        } catch (InvalidCertificateException invalid) {
            return Optional.of(new CredentialAnswer.Failed(invalid));
        } catch (OAuthClient.UnusableException unusable) {
            return Optional.of(new CredentialAnswer.Missing(unusable.getMessage()));
        }
    }

    private static List<String> required(String type) {
        return switch (type) {
            case "CLIENT_CERTIFICATE_TLS_AUTH" -> List.of("certificate", "privateKey");
            case "SERVER_ROOT_CA_CERTIFICATE" -> List.of("certificate");
            case "OAUTHBEARER_AUTH" -> List.of("clientId", "clientSecret", "tokenEndpoint");
            default -> List.of("username", "password");
        };
    }

    private static String needs(String type) {
        return required(type).stream().map(name -> "\"" + name + "\":\"…\"").collect(Collectors.joining(",", "{", "}"));
    }

    private static void user(Map<String, Object> settings, String mechanism, String module, JsonNode members) {
        settings.put(SaslConfigs.SASL_MECHANISM, mechanism);
        Map<String, String> options = new LinkedHashMap<>();
        options.put("username", text(members, "username"));
        options.put("password", text(members, "password"));
        settings.put(SaslConfigs.SASL_JAAS_CONFIG, JaasText.of(module, options));
    }

    private static void certificate(Map<String, Object> settings, JsonNode members, String arn) {
        String chain = text(members, "certificate");
        String key = text(members, "privateKey");
        String password = text(members, "privateKeyPassword");
        KeyAndCertificate.requireCertificates(chain, arn);
        KeyAndCertificate.requirePrivateKey(key, password, arn);
        settings.put(SslConfigs.SSL_KEYSTORE_TYPE_CONFIG, "PEM");
        settings.put(SslConfigs.SSL_KEYSTORE_CERTIFICATE_CHAIN_CONFIG, chain);
        settings.put(SslConfigs.SSL_KEYSTORE_KEY_CONFIG, key);
        if (password != null && key.contains("ENCRYPTED")) {
            settings.put(SslConfigs.SSL_KEY_PASSWORD_CONFIG, password);
        }
    }

    private static void rootCa(Map<String, Object> settings, JsonNode members, String arn) {
        String certificate = text(members, "certificate");
        KeyAndCertificate.requireCertificates(certificate, arn);
        settings.put(SslConfigs.SSL_TRUSTSTORE_TYPE_CONFIG, "PEM");
        settings.put(SslConfigs.SSL_TRUSTSTORE_CERTIFICATES_CONFIG, certificate);
    }

    private void oauth(Map<String, Object> settings, JsonNode members, String arn, List<SourceAccessConfiguration> accesses) {
        OAuthClient client = OAuthClient.of(arn, text(members, "tokenEndpoint"), text(members, "clientId"), text(members, "clientSecret"),
                value(accesses, "OAUTHBEARER_SCOPE"), value(accesses, "OAUTHBEARER_AUDIENCE"));
        // What Confluent Cloud asks for besides (KIP-342: an option that begins so becomes an extension).
        Map<String, String> options = new LinkedHashMap<>();
        putIfSaid(options, "extension_logicalCluster", value(accesses, "OAUTHBEARER_LOGICAL_CLUSTER"));
        putIfSaid(options, "extension_identityPoolId", value(accesses, "OAUTHBEARER_IDENTITY_POOL"));
        settings.put(SaslConfigs.SASL_MECHANISM, "OAUTHBEARER");
        settings.put(SaslConfigs.SASL_JAAS_CONFIG, JaasText.of("oauthbearer.OAuthBearerLoginModule", options));
        settings.put(SaslConfigs.SASL_LOGIN_CALLBACK_HANDLER_CLASS,
                "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginCallbackHandler");
        settings.put(SaslConfigs.SASL_OAUTHBEARER_JWT_RETRIEVER_CLASS, TokenRetriever.class.getName());
        settings.put(TokenRetriever.CLIENT, client);
        settings.put(TokenRetriever.TOKENS, tokens);
    }

    private static void putIfSaid(Map<String, String> options, String name, String value) {
        if (value != null) {
            options.put(name, value);
        }
    }

    private static String value(List<SourceAccessConfiguration> accesses, String type) {
        return accesses.stream().filter(access -> access.type().equals(type)).map(SourceAccessConfiguration::uri).findFirst().orElse(null);
    }

    /** Null when it is no JSON object; the parser's own words quote the secret. */
    private static JsonNode members(String text) {
        try {
            JsonNode node = JSON.readTree(text);
            return node != null && node.isObject() ? node : null;
        } catch (JsonProcessingException noJson) {
            return null;
        }
    }

    /** Null when there is none, or an empty one. */
    private static String text(JsonNode members, String name) {
        JsonNode member = members.get(name);
        return member != null && member.isTextual() && !member.asText().isEmpty() ? member.asText() : null;
    }
}
