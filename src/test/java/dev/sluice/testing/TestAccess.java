package dev.sluice.testing;

import dev.sluice.cluster.BrokerAccess;
import dev.sluice.cluster.ClusterDirectory;
import dev.sluice.credential.CredentialReader;
import dev.sluice.credential.OAuthTokens;
import dev.sluice.secret.SecretSource;
import dev.sluice.secret.Secrets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Access to clusters as a server has it, for tests without one. */
public final class TestAccess {

    private TestAccess() {
    }

    /** To one cluster that is everybody's. */
    public static BrokerAccess to(String bootstrapServers, Map<String, String> properties) {
        return to(new ClusterDirectory(bootstrapServers, properties, List.of()));
    }

    public static BrokerAccess to(ClusterDirectory clusters, SecretSource... sources) {
        Secrets secrets = new Secrets(List.of(sources), System::nanoTime, Secrets.Patience.DEFAULT);
        return new BrokerAccess(clusters, secrets,
                new CredentialReader(secrets, new OAuthTokens(System::nanoTime, Duration.ofSeconds(2), Duration.ofSeconds(30))),
                Duration.ofSeconds(1), System::nanoTime);
    }
}
