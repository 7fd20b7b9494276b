package dev.sluice.aws;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import software.amazon.awssdk.core.exception.RetryableException;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * An object on its way to a file; true when all of it got there, false when it is too large. A connection that breaks on the way is
 * the SDK's to retry, from the beginning; a file that can't be written ends it. For one call.
 */
final class ObjectDownload implements ResponseTransformer<GetObjectResponse, Boolean> {

    private final Path file;
    private final long limit;
    /** Written by the thread that calls the SDK, and read by it. */
    private IOException failure;

    /** @param limit of bytes that the object must be smaller than */
    ObjectDownload(Path file, long limit) {
        this.file = file;
        this.limit = limit;
    }

    @Override
    public Boolean transform(GetObjectResponse response, AbortableInputStream body) throws InterruptedException {
        if (response.contentLength() != null && response.contentLength() >= limit) {
            body.abort();
            return false;
        }
        try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            byte[] buffer = new byte[64 * 1024];
            long size = 0;
            for (int n = read(body, buffer); n >= 0; n = read(body, buffer)) {
                size += n;
                if (size >= limit) {
                    body.abort();
                    return false;
                }
                out.write(buffer, 0, n);
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
            }
            return true;
        } catch (IOException e) {
            failure = e;
            throw new UncheckedIOException(e);
        }
    }

    /** Why the file can't be written; null when it can. It is somewhere within what the SDK makes of it. */
    IOException failure() {
        return failure;
    }

    private static int read(AbortableInputStream body, byte[] buffer) {
        try {
            return body.read(buffer);
        } catch (IOException e) {
            throw RetryableException.create("the object broke off: " + e.getMessage(), e);
        }
    }
}
