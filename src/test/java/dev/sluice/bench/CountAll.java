package dev.sluice.bench;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** The handler of the unmeasured first pass: counts the records of its event, so that none is missing without notice. */
public final class CountAll implements RequestStreamHandler {

    /** In an event without headers this can't be anything but the member: keys and values are base64, which has no quotes. */
    private static final byte[] ONCE_PER_RECORD = "\"offset\":".getBytes(StandardCharsets.US_ASCII);

    private final Tally tally = Tally.create(getClass());
    private final byte[] piece = new byte[8192];

    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        tally.begun(System.nanoTime());
        long bytes = 0;
        long records = 0;
        int matched = 0;
        for (int read = input.read(piece); read >= 0; read = input.read(piece)) {
            bytes += read;
            for (int i = 0; i < read; i++) {
                if (piece[i] == ONCE_PER_RECORD[matched]) {
                    matched++;
                } else {
                    matched = piece[i] == '"' ? 1 : 0;
                }
                if (matched == ONCE_PER_RECORD.length) {
                    records++;
                    matched = 0;
                }
            }
        }
        tally.ended(bytes, records);
    }
}
