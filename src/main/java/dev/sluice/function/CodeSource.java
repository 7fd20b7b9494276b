package dev.sluice.function;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Where does a request say that a function's code comes from? Immutable, but for the bytes, which nobody changes. */
public sealed interface CodeSource {

    /** A zip or JAR. */
    sealed interface Zipped extends CodeSource {
    }

    /** In the request itself. */
    record Zip(byte[] bytes) implements Zipped {
        public Zip {
            Objects.requireNonNull(bytes, "bytes");
        }

        @Override
        public String toString() {
            return "Zip[" + bytes.length + " bytes]";
        }
    }

    /** In a bucket. {@code version} is null for the newest. */
    record S3Object(String bucket, String key, @Nullable String version) implements Zipped {
        public S3Object {
            Objects.requireNonNull(bucket, "bucket");
            Objects.requireNonNull(key, "key");
        }
    }

    /** A container image. */
    record Image(String uri) implements CodeSource {
        public Image {
            Objects.requireNonNull(uri, "uri");
        }
    }
}
