package dev.sluice.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FatalFaultsTest {

    private final FatalFaults faults = new FatalFaults(() -> false);

    @ParameterizedTest
    @ValueSource(
            strings = {"Java heap space", "GC overhead limit exceeded", "Metaspace", "Cannot reserve 4096 bytes of direct buffer memory"})
    void noMemoryIsFatalAlsoAsTheCauseOfAnother(String kind) {
        faults.caught(new IllegalStateException(new ExecutionException(new OutOfMemoryError(kind))));

        assertThat(faults.happened()).isTrue();
        assertThat(faults.first().toString()).isEqualTo("java.lang.IllegalStateException: java.util.concurrent.ExecutionException:"
                + " java.lang.OutOfMemoryError: " + kind + ", in thread " + Thread.currentThread().getName());
    }

    @Test
    void anErrorWithinTheJvmIsFatal() {
        faults.caught(new InternalError("a fault occurred"));

        assertThat(faults.happened()).isTrue();
    }

    @Test
    void whatLeavesEverythingElseAsItWasIsSurvived() {
        faults.caught(new StackOverflowError());
        faults.caught(new NoClassDefFoundError("x"));
        faults.caught(new OutOfMemoryError("unable to create native thread: possibly out of memory or process/resource limits reached"));
        faults.caught(new IllegalStateException("x"));

        assertThat(faults.happened()).isFalse();
        assertThatThrownBy(faults::first).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void whoBeginsAnewSurvivesOneAllocationThatWasTooLarge() {
        faults.caughtAndDiscarded(new OutOfMemoryError("Java heap space"));

        assertThat(faults.happened()).isFalse();
    }

    @Test
    void nobodySurvivesAFullHeap() {
        FatalFaults full = new FatalFaults(() -> true);
        full.caughtAndDiscarded(new OutOfMemoryError("Java heap space"));

        assertThat(full.happened()).isTrue();
    }

    @Test
    void aThreadThatEndsByAnythingIsFatalAndTheFirstOneIsKept() throws Exception {
        Thread thread = faults.thread("journal", () -> {
            throw new IllegalStateException("no such entry");
        });
        thread.start();
        thread.join();
        faults.uncaughtException(Thread.currentThread(), new OutOfMemoryError());

        assertThat(thread.isDaemon()).isTrue();
        assertThat(faults.first()).hasToString("java.lang.IllegalStateException: no such entry, in thread journal");
    }

    @Test
    void hearsOfTheEndOfALibrarysThread() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch told = new CountDownLatch(1);
        Thread library = new Thread(() -> {
            try {
                go.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            throw new InternalError("broken");
        }, "library-thread | 1");
        library.start();
        faults.watch("library-thread", told::countDown);
        go.countDown();

        assertThat(told.await(5, TimeUnit.SECONDS)).isTrue();
        assertThat(faults.first().thread()).isSameAs(library);
    }

    @Test
    void aStepThatFailsOnAScheduleIsReported() throws Exception {
        ReportingSchedule schedule = new ReportingSchedule("backoff", faults);
        schedule.schedule(() -> {
            throw new IllegalStateException("no next attempt");
        }, 0, TimeUnit.NANOSECONDS);
        faults.await();
        schedule.shutdownNow();

        assertThat(faults.first()).hasToString("java.lang.IllegalStateException: no next attempt, in thread backoff");
    }

    @Test
    void aStepThatWasCancelledIsNone() throws Exception {
        ReportingSchedule schedule = new ReportingSchedule("backoff", faults);
        schedule.schedule(() -> {}, 1, TimeUnit.HOURS).cancel(true);
        schedule.schedule(() -> {}, 0, TimeUnit.NANOSECONDS).get();
        schedule.shutdown();

        assertThat(schedule.awaitTermination(5, TimeUnit.SECONDS)).isTrue();
        assertThat(faults.happened()).isFalse();
    }
}
