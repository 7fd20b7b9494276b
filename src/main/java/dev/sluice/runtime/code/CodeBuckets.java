package dev.sluice.runtime.code;

import dev.sluice.function.CodeSource;
import dev.sluice.resource.Scope;
import java.io.IOException;
import java.nio.file.Path;

/** How is code got out of the buckets of S3? Implementations are thread-safe, and bound the time that a fetch takes. */
public interface CodeBuckets {

    /** How a fetch ended. */
    sealed interface Result {

        /** The file has the object. */
        record Fetched() implements Result {
        }

        /** It has the limit's bytes or more; the file has any part of it. */
        record TooLarge() implements Result {
        }

        /** S3 said no, with its code and its message. */
        record Refused(String code, String message) implements Result {
        }

        /** S3 was not asked, or didn't answer; {@code problem} says to the user what to do about it. */
        record Unavailable(String problem) implements Result {
        }
    }

    /**
     * Writes an object to {@code file}, which exists and is overwritten.
     *
     * @param caller in whose region S3 is asked
     * @param limit objects must be smaller than so many bytes
     * @throws IOException when the file can't be written
     */
    Result fetch(Scope caller, CodeSource.S3Object object, Path file, long limit) throws IOException;
}
