package dev.sluice.runtime.code;

import java.nio.file.Path;
import java.util.Objects;

/**
 * Where is the code of functions kept, and where is it fetched from? Immutable.
 *
 * @param directory keeps uploads and copies of JARs; made when missing, nobody else's
 * @param buckets of S3, for requests that name one
 */
public record CodeLocations(Path directory, CodeBuckets buckets) {
    public CodeLocations {
        Objects.requireNonNull(directory, "directory");
        Objects.requireNonNull(buckets, "buckets");
    }
}
