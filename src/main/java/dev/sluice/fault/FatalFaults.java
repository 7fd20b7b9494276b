package dev.sluice.fault;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/**
 * Can the server go on after this? One for each server: its threads report here what they die of, and what they have caught of the
 * kind that leaves nothing as it should be; whoever ends the server waits here for the first of them. Never throws and takes next to
 * no memory, as there may be none. Thread-safe.
 */
public final class FatalFaults implements Thread.UncaughtExceptionHandler {

    /** Given back when there is a fault, so that what is left to do finds some memory. */
    private static final int RESERVE_BYTES = 2 * 1024 * 1024;
    /** What is free of a heap in which the failed allocation was the trouble, and not the heap. */
    private static final int ROOM_PERCENT = 10;
    private static final int MOST_CAUSES = 20;

    private final BooleanSupplier heapIsFull;
    private final AtomicBoolean taken = new AtomicBoolean();
    private final CountDownLatch happened = new CountDownLatch(1);
    private volatile byte[] reserve = new byte[RESERVE_BYTES];
    private volatile Thread thread;
    private volatile Throwable cause;

    public FatalFaults() {
        this(FatalFaults::heapIsFull);
    }

    FatalFaults(BooleanSupplier heapIsFull) {
        this.heapIsFull = heapIsFull;
    }

    /** For parts that are used without a server around them. */
    public static FatalFaults unheard() {
        return new FatalFaults(() -> false);
    }

    /** A thread that the server can't do without has ended by this. */
    @Override
    public void uncaughtException(Thread ended, Throwable of) {
        report(ended, of);
    }

    /** The calling thread caught this and goes on, which is no use after some: then the server ends. */
    public void caught(Throwable failure) {
        if (isFatal(failure)) {
            report(Thread.currentThread(), failure);
        }
    }

    /**
     * As {@link #caught}, for a thread that throws away all it was at and begins anew. It survives one allocation that was too large, as
     * when the answer of a TLS port is read as Kafka's, but not a heap that is full.
     */
    public void caughtAndDiscarded(Throwable failure) {
        if (isFatal(failure) && (!isMemory(failure) || heapIsFull.getAsBoolean())) {
            report(Thread.currentThread(), failure);
        }
    }

    /**
     * Tells of the end, by something thrown, of those running threads of the caller's group whose names begin so: threads that a library
     * makes, and which take what it is used for with them.
     *
     * @param ended run on the thread that ends; what it throws away need not end the server
     */
    public void watch(String beginning, Runnable ended) {
        ThreadGroup group = Thread.currentThread().getThreadGroup();
        Thread[] found = new Thread[group.activeCount() * 2 + 10];
        int count = group.enumerate(found);
        for (int i = 0; i < count; i++) {
            if (found[i].getName().startsWith(beginning)) {
                found[i].setUncaughtExceptionHandler((of, failure) -> {
                    caughtAndDiscarded(failure);
                    ended.run();
                });
            }
        }
    }

    /** A daemon thread that reports here what it dies of; not started yet. */
    public Thread thread(String name, Runnable task) {
        Thread made = new Thread(task, name);
        made.setDaemon(true);
        made.setUncaughtExceptionHandler(this);
        return made;
    }

    /** Returns when there was a fault. */
    public void await() throws InterruptedException {
        happened.await();
    }

    /** Whether there was a fault. */
    public boolean happened() {
        return happened.getCount() == 0;
    }

    /** The first fault; throws when there was none. */
    public Fault first() {
        if (!happened()) {
            throw new IllegalStateException("there was no fault");
        }
        return new Fault(thread, cause);
    }

    /**
     * Whether this, or what caused it, leaves a JVM in which nothing can be relied on. No thread to be had is none of them: nothing was
     * begun then. A stack that was too deep has unwound.
     */
    static boolean isFatal(Throwable failure) {
        return find(failure, VirtualMachineError.class) instanceof VirtualMachineError error
                && !(error instanceof StackOverflowError) && !isNoThread(error);
    }

    private static boolean isNoThread(Throwable error) {
        return error instanceof OutOfMemoryError && error.getMessage() != null && error.getMessage().contains("native thread");
    }

    private static boolean isMemory(Throwable failure) {
        return find(failure, OutOfMemoryError.class) != null;
    }

    private static Throwable find(Throwable failure, Class<?> kind) {
        Throwable at = failure;
        for (int i = 0; at != null && i < MOST_CAUSES; i++) {
            if (kind.isInstance(at)) {
                return at;
            }
            at = at.getCause();
        }
        return null;
    }

    /** Whether next to nothing is free of the heap: then an allocation that failed was not too large in itself. */
    public static boolean heapIsFull() {
        Runtime jvm = Runtime.getRuntime();
        long free = jvm.maxMemory() - jvm.totalMemory() + jvm.freeMemory();
        return free < jvm.maxMemory() * ROOM_PERCENT / 100;
    }

    private void report(Thread where, Throwable of) {
        if (taken.compareAndSet(false, true)) {
            reserve = null;
            thread = where;
            cause = of;
            happened.countDown();
        }
    }
}
