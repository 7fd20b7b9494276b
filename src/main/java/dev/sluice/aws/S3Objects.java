package dev.sluice.aws;

import dev.sluice.function.CodeSource;
import dev.sluice.runtime.code.CodeBuckets.Result;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;

/** How objects get into files. There is one client for each region. Blocks for as long as {@link AwsClients} allows. Thread-safe. */
final class S3Objects implements AutoCloseable {

    private final AwsClients clients;
    private final Map<String, S3Client> s3 = new ConcurrentHashMap<>();

    S3Objects(AwsClients clients) {
        this.clients = clients;
    }

    /** Throws an {@link AwsCallFailedException} when S3 wasn't asked, or didn't answer with a reason. */
    Result fetch(String region, CodeSource.S3Object object, Path file, long limit) throws IOException {
        GetObjectRequest get = GetObjectRequest.builder().bucket(object.bucket()).key(object.key()).versionId(object.version())
                .build();
        ObjectDownload download = new ObjectDownload(file, limit);
        try {
            boolean whole = clients.call(AwsClients.Service.S3,
                    () -> s3.computeIfAbsent(region, clients::s3).getObject(get, download));
            return whole ? new Result.Fetched() : new Result.TooLarge();
        } catch (AwsCallFailedException e) {
            if (download.failure() != null) {
                throw download.failure();
            }
            return refused(e.refusal().orElseThrow(() -> e));
        }
    }

    private static Result refused(AwsCallFailedException.Refusal refusal) {
        if (refusal.code().equals("PermanentRedirect")) {
            // Lambda says what the SDK makes of it, not S3's own text; "null" included (reported by users).
            return new Result.Refused(refusal.code(),
                    "The bucket is in this region: " + refusal.bucketRegion() + ". Please use this region to retry the request");
        }
        return new Result.Refused(refusal.code(), refusal.message());
    }

    @Override
    public void close() {
        s3.values().forEach(S3Client::close);
        clients.close();
    }
}
