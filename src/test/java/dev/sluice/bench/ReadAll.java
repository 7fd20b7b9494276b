package dev.sluice.bench;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** The measured handler: reads its event to the end in pieces of 8 KB and does nothing with it. */
public final class ReadAll implements RequestStreamHandler {

    private final Tally tally = Tally.create(getClass());
    private final byte[] piece = new byte[8192];

    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        tally.begun(System.nanoTime());
        long bytes = 0;
        for (int read = input.read(piece); read >= 0; read = input.read(piece)) {
            bytes += read;
        }
        tally.ended(bytes, 0);
    }
}
