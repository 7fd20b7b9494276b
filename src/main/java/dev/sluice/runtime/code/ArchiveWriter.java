package dev.sluice.runtime.code;

import dev.sluice.function.CodeSource;
import dev.sluice.function.FunctionException;
import dev.sluice.resource.Scope;
import dev.sluice.runtime.code.CodeBuckets.Result;
import java.io.IOException;
import java.nio.file.Path;

/** Writes the code that a request means to a file, or says in AWS's words why it can't be had. Thread-safe. */
final class ArchiveWriter {

    private final CodeBuckets buckets;

    ArchiveWriter(CodeBuckets buckets) {
        this.buckets = buckets;
    }

    /** @param file doesn't exist yet */
    void write(Scope caller, CodeSource.Zipped source, Path file) throws IOException {
        if (source instanceof CodeSource.Zip zip) {
            UploadedZip.checkZippedSize(zip.bytes().length);
            PrivateFiles.write(file, zip.bytes());
        } else if (source instanceof CodeSource.S3Object object) {
            PrivateFiles.write(file, new byte[0]);
            // The limit of a zip in a request doesn't hold here; unpacked it can't be smaller than this.
            requireFetched(object, buckets.fetch(caller, object, file, UploadedZip.UNZIPPED_LIMIT));
        }
    }

    private static void requireFetched(CodeSource.S3Object object, Result result) {
        if (result instanceof Result.Refused refused) {
            // Recorded from AWS for NoSuchKey and NoSuchBucket, reported by users for PermanentRedirect.
            throw new FunctionException.InvalidParameter("Error occurred while GetObject. S3 Error Code: " + refused.code()
                    + ". S3 Error Message: " + refused.message());
        }
        if (result instanceof Result.TooLarge) {
            throw UploadedZip.unzippedTooLarge();
        }
        if (result instanceof Result.Unavailable unavailable) {
            throw new FunctionException.InvalidParameter("Sluice can't get the code from s3://" + object.bucket() + "/" + object.key()
                    + ": " + unavailable.problem());
        }
    }
}
