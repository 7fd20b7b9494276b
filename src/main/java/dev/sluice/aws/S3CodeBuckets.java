package dev.sluice.aws;

import dev.sluice.function.CodeBuckets;
import dev.sluice.function.CodeSource;
import dev.sluice.mapping.Scope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;

/**
 * How does code get here from the buckets of AWS or of an emulator? There is one client for each region, made by the first fetch that
 * needs it. Blocks for as long as a call may take. Thread-safe; single-use: after {@link #close} every fetch fails.
 */
public final class S3CodeBuckets implements CodeBuckets, AutoCloseable {

    /** For an object with all attempts; shorter than the AWS CLI and boto3 wait for the answer of CreateFunction, which is 60 s. */
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(50);

    private final AwsEndpoints endpoints;
    private final Supplier<AwsClients> makeClients;
    private final Map<String, S3Client> s3 = new ConcurrentHashMap<>();

    /** Guarded by this, as is what follows. */
    private AwsClients clients;
    private boolean closed;

    public S3CodeBuckets(AwsEndpoints endpoints) {
        this(endpoints, () -> new AwsClients(endpoints, CredentialSources.ofTheSdk(), CALL_TIMEOUT));
    }

    /** @param makeClients called once, by the first fetch */
    S3CodeBuckets(AwsEndpoints endpoints, Supplier<AwsClients> makeClients) {
        this.endpoints = Objects.requireNonNull(endpoints, "endpoints");
        this.makeClients = makeClients;
    }

    @Override
    public Outcome fetch(Scope caller, CodeSource.S3Object object, Path file, long limit) throws IOException {
        GetObjectRequest get = GetObjectRequest.builder().bucket(object.bucket()).key(object.key()).versionId(object.version()).build();
        ObjectDownload download = new ObjectDownload(file, limit);
        try {
            AwsClients open = clients();
            boolean whole = open.call(AwsClients.Service.S3,
                    () -> s3.computeIfAbsent(caller.region(), open::s3).getObject(get, download));
            return whole ? new Outcome.Fetched() : new Outcome.TooLarge();
        } catch (AwsCallFailedException e) {
            if (e.getCause() != null && e.getCause().getCause() instanceof UncheckedIOException disk) {
                throw disk.getCause();
            }
            AwsCallFailedException.Refusal refusal = e.refusal().orElse(null);
            return refusal == null ? unavailable(e) : refused(refusal);
        }
    }

    private static Outcome refused(AwsCallFailedException.Refusal refusal) {
        if (refusal.code().equals("PermanentRedirect")) {
            // Lambda says what the SDK makes of it, not S3's own text; "null" included (reported by users).
            return new Outcome.Refused(refusal.code(),
                    "The bucket is in this region: " + refusal.bucketRegion() + ". Please use this region to retry the request");
        }
        return new Outcome.Refused(refusal.code(), refusal.message());
    }

    private Outcome unavailable(AwsCallFailedException e) {
        return new Outcome.Unavailable(e.getMessage() + ". The setting endpoints.s3 (SLUICE_ENDPOINTS_S3) says where S3 is; it is "
                + (endpoints.s3() == null ? "not set, so that AWS is asked." : endpoints.s3() + "."));
    }

    private synchronized AwsClients clients() {
        if (closed) {
            throw new AwsCallFailedException("the server is closing", null);
        }
        if (clients == null) {
            clients = makeClients.get();
        }
        return clients;
    }

    @Override
    public void close() {
        AwsClients last;
        synchronized (this) {
            closed = true;
            last = clients;
            clients = null;
        }
        if (last != null) {
            s3.values().forEach(S3Client::close);
            last.close();
        }
    }
}
