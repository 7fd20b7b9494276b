package dev.sluice.testing;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class that leaves something in ForkJoin's common pool, as a function that it ran may have done: what waits there holds
 * up the classes that come after. JUnit finds this by itself.
 */
public final class CommonPoolAtRest implements AfterAllCallback {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Override
    public void afterAll(ExtensionContext context) {
        if (!ForkJoinPool.commonPool().isQuiescent()) {
            await(context.getDisplayName() + " leaves nothing in ForkJoin's common pool").atMost(PATIENCE)
                    .until(ForkJoinPool.commonPool()::isQuiescent);
        }
    }
}
