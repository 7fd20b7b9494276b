package dev.sluice.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fault.FatalFaults;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EmergencyStopTest {

    private final FatalFaults faults = FatalFaults.unheard();
    private final CountDownLatch closed = new CountDownLatch(1);

    @Test
    void saysInOneLineWhatHappenedAndWhatWasRunningAndCloses() throws Exception {
        EmergencyStop stop = new EmergencyStop(faults, why -> List.of("hog", "orders"), closed::countDown);
        stop.start();
        faults.caught(new OutOfMemoryError("Java heap space"));

        assertThat(closed.await(5, TimeUnit.SECONDS)).isTrue();
        assertThat(stop.reason()).isEqualTo("The server can't go on and ends: java.lang.OutOfMemoryError: Java heap space, in thread "
                + Thread.currentThread().getName() + ". Running in this JVM: hog, orders. What is in flight is delivered again at the next"
                + " start");
    }

    @Test
    void triesAgainWhileThereIsNoMemoryToSayIt() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        EmergencyStop stop = new EmergencyStop(faults, why -> {
            if (tries.incrementAndGet() < 3) {
                throw new OutOfMemoryError("Java heap space");
            }
            return List.of();
        }, closed::countDown);
        stop.start();
        faults.caught(new InternalError("broken"));

        assertThat(closed.await(5, TimeUnit.SECONDS)).isTrue();
        assertThat(stop.reason()).contains("InternalError: broken").contains("No function was running in this JVM");
    }

    @Test
    void closesThoughItCanNeverBeSaid() throws Exception {
        EmergencyStop stop = new EmergencyStop(faults, why -> {
            throw new OutOfMemoryError("Java heap space");
        }, closed::countDown);
        stop.start();
        faults.caught(new InternalError("broken"));

        assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(new ServerEndedException(stop.reason()))
                .hasMessage("The server can't go on and ends: there was no memory even to say more");
    }
}
