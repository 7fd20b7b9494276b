package dev.sluice.server;

import dev.sluice.dispatch.DeliveryClock;
import dev.sluice.dispatch.Dispatcher;
import dev.sluice.dispatch.MovableDeliveryClock;
import dev.sluice.dispatch.RetryPolicy;
import dev.sluice.invocation.FunctionInvoker;
import dev.sluice.mapping.PollerObserver;
import dev.sluice.poller.PollerSettings;
import dev.sluice.queue.QueueContext;
import dev.sluice.queue.QueuePollers;
import dev.sluice.runtime.InvocationLimits;
import dev.sluice.runtime.api.AttachedProcesses;
import dev.sluice.runtime.api.ChildProcesses;
import dev.sluice.runtime.process.LocalRuntimes;
import dev.sluice.server.ServerConfig.Timeouts;
import java.util.concurrent.ThreadLocalRandom;

/** What of the configuration does each part of the server take? Stateless. */
final class PartSettings {

    private PartSettings() {
    }

    static DeliveryClock clock(ServerConfig config) {
        return config.timing().movableClock() ? new MovableDeliveryClock() : DeliveryClock.real();
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

    static LocalRuntimes runtimes(ServerConfig config, boolean ownJvm, ChildProcesses processes, AttachedProcesses attached) {
        ServerConfig.Runtimes runtimes = config.declarations().runtimes();
        return new LocalRuntimes(processes, runtimes.isolation(), ownJvm, runtimes.interpreters(), runtimes.layers(), attached);
    }

    static PollerSettings pollers(ServerConfig config) {
        Timeouts timeouts = config.timing().timeouts();
        return new PollerSettings(timeouts.broker(), timeouts.stop(), timeouts.revoke(), timeouts.unrecoverable(),
                mapping -> config.kafka().joinForeignGroups() || mapping.settings().joinForeignGroups(),
                config.aws().otherFormat());
    }

    static QueuePollers queue(ServerConfig config, Dispatcher dispatcher, FunctionInvoker functions, PollerObserver observer,
            DeliveryClock clock) {
        PollerSettings settings = pollers(config);
        return new QueuePollers(new QueueContext(dispatcher, functions, observer, settings.joinsForeignGroups(), settings.otherFormat(),
                config.aws().archiveAtDeliveryLimit(), System::nanoTime, clock));
    }
}
