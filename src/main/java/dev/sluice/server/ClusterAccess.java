package dev.sluice.server;

import dev.sluice.api.control.ClusterRoutes;
import dev.sluice.aws.SecretsManagerSource;
import dev.sluice.cluster.BrokerAccess;
import dev.sluice.cluster.ClusterDirectory;
import dev.sluice.credential.CredentialReader;
import dev.sluice.credential.OAuthTokens;
import dev.sluice.credential.TokenEndpoints;
import dev.sluice.embedded.EmbeddedKafka;
import dev.sluice.fault.FatalFaults;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.secret.SecretSource;
import dev.sluice.secret.SecretWatch;
import dev.sluice.secret.Secrets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

/** How does the server get to its clusters: which there are, who keeps secrets, and who logs in with them, made and joined. */
record ClusterAccess(BrokerAccess brokers, Secrets secrets) {

    /** How long whoever needs a token of OAuth waits for it. */
    private static final Duration TOKEN = Duration.ofSeconds(5);

    /** @param embedded the server's own broker; null when it has none */
    static ClusterAccess of(ServerConfig config, EmbeddedKafka embedded, Closing closing) {
        ServerConfig.Kafka settings = config.kafka();
        ClusterDirectory clusters =
                (embedded == null ? settings.clusterDirectory() : settings.clusterDirectory(embedded.localBootstrapServers()))
                        .strict(settings.strictClusters());
        TokenEndpoints.allow(clusters.tokenEndpoints());
        Secrets secrets = secrets(config.aws(), closing);
        Duration pause = config.timing().timeouts().refusedLogIn();
        CredentialReader credentials = new CredentialReader(secrets, new OAuthTokens(System::nanoTime, TOKEN, pause));
        return new ClusterAccess(new BrokerAccess(clusters, secrets, credentials, pause, System::nanoTime), secrets);
    }

    private static Secrets secrets(ServerConfig.Aws aws, Closing closing) {
        List<SecretSource> sources = new ArrayList<>();
        if (aws.secrets() != null) {
            sources.add(aws.secrets());
        }
        if (aws.endpoints().secretsManager() != null) {
            sources.add(closing.add(new SecretsManagerSource(aws.endpoints()), SecretsManagerSource::close));
        }
        return closing.add(new Secrets(sources, System::nanoTime, Secrets.Patience.DEFAULT), Secrets::close);
    }

    /** From now on the secrets that these mappings name are looked at again and again; where nobody keeps secrets, nobody looks. */
    void watch(Supplier<Collection<EventSourceMapping>> mappings, Duration every, FatalFaults faults, Closing closing) {
        if (secrets.anySource()) {
            closing.add(new SecretWatch(secrets, () -> brokers.secrets(mappings.get()), every, faults), SecretWatch::close).start();
        }
    }

    /** The ways into the server's own broker; none when it has none. */
    static List<ClusterRoutes.Listener> listeners(EmbeddedKafka embedded) {
        return embedded == null ? List.of() : embedded.listeners().stream().map(listener -> new ClusterRoutes.Listener(
                listener.protocol().name, listener.bootstrapServers(), listener.mechanisms(),
                listener.clientProperties() == null ? null : listener.clientProperties().toAbsolutePath().toString())).toList();
    }
}
