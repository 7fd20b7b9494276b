package dev.sluice.function;

import java.util.Objects;

/** Where does a request say that a function's code comes from? Immutable, but for the bytes, which nobody changes. */
public sealed interface CodeSource {

    /** In the request itself. */
    record Zip(byte[] bytes) implements CodeSource {
        public Zip {
            Objects.requireNonNull(bytes, "bytes");
        }

        @Override
        public String toString() {
            return "Zip[" + bytes.length + " bytes]";
        }
    }

    /** A container image. */
    record Image(String uri) implements CodeSource {
        public Image {
            Objects.requireNonNull(uri, "uri");
        }
    }
}
