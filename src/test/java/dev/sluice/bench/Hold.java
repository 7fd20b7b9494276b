package dev.sluice.bench;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.CountDownLatch;

/** Tells that a record has arrived, and never finishes it: after a kill the record comes again. */
public final class Hold implements RequestStreamHandler {

    private final Tally tally = Tally.create(getClass());

    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) {
        tally.begun(System.nanoTime());
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
