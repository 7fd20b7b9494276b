package dev.sluice.server;

import dev.sluice.dispatch.RetryPolicy;
import dev.sluice.poller.PollerSettings;
import dev.sluice.runtime.InvocationLimits;
import dev.sluice.server.ServerConfig.Timeouts;
import java.util.concurrent.ThreadLocalRandom;

/** What of the configuration does each part of the server take? Stateless. */
final class PartSettings {

    private PartSettings() {
    }

    static RetryPolicy retries(ServerConfig config) {
        return new RetryPolicy(config.timing().retry().initialBackoff(), config.timing().retry().maxBackoff(),
                () -> ThreadLocalRandom.current().nextDouble());
    }

    static InvocationLimits limits(ServerConfig config) {
        InvocationLimits defaults = InvocationLimits.defaults();
        return new InvocationLimits(defaults.jarConcurrency(), defaults.httpConcurrency(), defaults.initialisation(),
                config.timing().timeouts().abandonedCall(), defaults.abandonedCalls(), defaults.timeouts());
    }

    static PollerSettings pollers(ServerConfig config) {
        Timeouts timeouts = config.timing().timeouts();
        return new PollerSettings(timeouts.broker(), timeouts.stop(), timeouts.revoke(), timeouts.unrecoverable(),
                mapping -> config.kafka().joinForeignGroups() || mapping.settings().joinForeignGroups(),
                config.aws().otherFormat());
    }
}
