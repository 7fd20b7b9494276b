package dev.sluice.testing;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;

/** Makes the threads of ForkJoin's common pool in a JVM that is started with it, and says on standard error who wanted one. */
public final class CommonPoolReport implements ForkJoinPool.ForkJoinWorkerThreadFactory {

    public static final String FIRST_LINE = "ForkJoin's common pool is used";

    /** The class path that has this class. */
    public static Path location() {
        try {
            return Path.of(CommonPoolReport.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public ForkJoinWorkerThread newThread(ForkJoinPool pool) {
        new Throwable(FIRST_LINE).printStackTrace();
        return ForkJoinPool.defaultForkJoinWorkerThreadFactory.newThread(pool);
    }
}
