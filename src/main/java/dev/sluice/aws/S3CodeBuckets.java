package dev.sluice.aws;

import dev.sluice.function.CodeSource;
import dev.sluice.resource.Scope;
import dev.sluice.runtime.code.CodeBuckets;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * How does code get here from the buckets of AWS or of an emulator? Clients are made, and the AWS SDK is loaded, by the first fetch.
 * Blocks for as long as a call may take. Thread-safe; single-use: {@link #close} ends what is being fetched, and after it every
 * fetch fails.
 */
public final class S3CodeBuckets implements CodeBuckets, AutoCloseable {

    /** For an object with all attempts; shorter than the AWS CLI and boto3 wait for the answer of CreateFunction, which is 60 s. */
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(50);
    private static final Result CLOSING = new Result.Unavailable("the server is closing.");

    private final AwsEndpoints endpoints;
    private final Supplier<S3Objects> makeObjects;

    /** Guarded by this, as is what follows. */
    private S3Objects objects;
    private boolean closed;

    public S3CodeBuckets(AwsEndpoints endpoints) {
        this(endpoints, () -> new S3Objects(new AwsClients(endpoints, CredentialSources.ofTheSdk(), CALL_TIMEOUT)));
    }

    /** @param makeObjects called once, by the first fetch */
    S3CodeBuckets(AwsEndpoints endpoints, Supplier<S3Objects> makeObjects) {
        this.endpoints = Objects.requireNonNull(endpoints, "endpoints");
        this.makeObjects = makeObjects;
    }

    @Override
    public Result fetch(Scope caller, CodeSource.S3Object object, Path file, long limit) throws IOException {
        S3Objects open = objects();
        if (open == null) {
            return CLOSING;
        }
        try {
            return open.fetch(caller.region(), object, file, limit);
        } catch (AwsCallFailedException e) {
            return closed() ? CLOSING : unavailable(e);
        } catch (IllegalStateException e) {
            // What an attempt meets whose connections were closed.
            if (closed()) {
                return CLOSING;
            }
            throw e;
        }
    }

    private Result unavailable(AwsCallFailedException e) {
        return new Result.Unavailable(e.getMessage() + ". The setting endpoints.s3 (SLUICE_ENDPOINTS_S3) says where S3 is; it is "
                + (endpoints.s3() == null ? "not set, so that AWS is asked." : endpoints.s3() + "."));
    }

    /** Null when there will be none. */
    private synchronized S3Objects objects() {
        if (objects == null && !closed) {
            objects = makeObjects.get();
        }
        return objects;
    }

    private synchronized boolean closed() {
        return closed;
    }

    @Override
    public void close() {
        S3Objects last;
        synchronized (this) {
            closed = true;
            last = objects;
            objects = null;
        }
        if (last != null) {
            last.close();
        }
    }
}
