package dev.sluice.aws;

import dev.sluice.secret.SecretSource;
import dev.sluice.secret.SecretSource.Looked.Missing;
import dev.sluice.secret.SecretSource.Looked.NotHere;
import dev.sluice.secret.SecretSource.Looked.Text;
import dev.sluice.secret.SecretSource.Looked.Unavailable;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueRequest;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;

/**
 * What does Secrets Manager, or an emulator of it, hold under an ARN? Asks in the ARN's region, once and for a few seconds; the clients are
 * made by the first look. Thread-safe, single-use.
 */
public final class SecretsManagerSource implements SecretSource, AutoCloseable {

    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(5);
    private static final Pattern REGION = Pattern.compile("arn:aws[a-zA-Z0-9-]*:secretsmanager:([a-z0-9-]+):.*");
    /** What says that there is no such secret, or not for us; anything else may pass. */
    private static final Set<String> FINAL = Set.of("ResourceNotFoundException", "AccessDeniedException", "InvalidRequestException",
            "InvalidParameterException", "DecryptionFailure", "UnrecognizedClientException", "InvalidSignatureException");

    private final Supplier<AwsClients> make;
    private final String endpoint;
    private final Map<String, SecretsManagerClient> byRegion = new ConcurrentHashMap<>();
    // Guarded by this.
    private AwsClients clients;
    private boolean closed;

    /** @param endpoints of which that of Secrets Manager is set */
    public SecretsManagerSource(AwsEndpoints endpoints) {
        this.make = () -> new AwsClients(endpoints, CredentialSources.ofTheSdk(), CALL_TIMEOUT);
        this.endpoint = endpoints.secretsManager().toString();
    }

    @Override
    public Looked look(String arn) {
        Matcher region = REGION.matcher(arn);
        if (!region.matches()) {
            return new NotHere("it is no ARN of Secrets Manager's");
        }
        try {
            AwsClients called = clients();
            GetSecretValueResponse answer = called.call(AwsClients.Service.SECRETS_MANAGER,
                    () -> byRegion.computeIfAbsent(region.group(1), called::secretsManager)
                            .getSecretValue(GetSecretValueRequest.builder().secretId(arn).build()));
            return answer.secretString() == null ? new Missing("it has no SecretString at " + endpoint) : new Text(answer.secretString());
        } catch (AwsCallFailedException e) {
            String said = endpoint + " answers: " + e.getMessage();
            return e.refusal().filter(refusal -> FINAL.contains(refusal.code())).<Looked>map(refusal -> new Missing(said))
                    .orElseGet(() -> new Unavailable(said));
        }
    }

    private synchronized AwsClients clients() {
        if (closed) {
            throw new IllegalStateException("closed");
        }
        if (clients == null) {
            clients = make.get();
        }
        return clients;
    }

    @Override
    public void close() {
        AwsClients last;
        synchronized (this) {
            closed = true;
            last = clients;
        }
        byRegion.values().forEach(SecretsManagerClient::close);
        if (last != null) {
            last.close();
        }
    }
}
