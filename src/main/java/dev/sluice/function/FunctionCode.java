package dev.sluice.function;

import java.net.URI;
import java.nio.file.Path;
import java.util.Objects;

/** Where a function's code is. Immutable. */
public sealed interface FunctionCode {

    /** A JAR or zip that was uploaded; kept in the data directory under its hash. {@code sha256} is base64, {@code size} in bytes. */
    record Archive(String sha256, long size) implements FunctionCode {
        public Archive {
            Objects.requireNonNull(sha256, "sha256");
        }
    }

    /** A JAR in the working tree. {@code path} is absolute. */
    record LocalJar(Path path) implements FunctionCode {
        public LocalJar {
            if (!path.isAbsolute()) {
                throw new IllegalArgumentException("path is '" + path + "'; it must be absolute");
            }
        }
    }

    /**
     * An endpoint that takes the event as a POST.
     *
     * @param runtimeEmulator whether it answers as the Runtime Interface Emulator does: always 200, errors in the body
     */
    record HttpEndpoint(URI url, boolean runtimeEmulator) implements FunctionCode {
        public HttpEndpoint {
            if (!"http".equals(url.getScheme()) && !"https".equals(url.getScheme())) {
                throw new IllegalArgumentException("url is '" + url + "'; it must start with http:// or https://");
            }
        }
    }
}
