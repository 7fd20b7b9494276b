package dev.sluice.function;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Objects;

/** Where a function's code is. Immutable. */
public sealed interface FunctionCode {

    /** What AWS calls CodeSha256, base64: of an upload its hash; of code that may change under its address that of the address. */
    String sha256();

    /** What AWS calls CodeSize: the bytes of an upload, 0 for what was never uploaded. */
    default long size() {
        return 0;
    }

    /** A JAR or zip that was uploaded; kept in the data directory under its hash. {@code size} is in bytes. */
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

        @Override
        public String sha256() {
            return hash(path.toUri().toString());
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

        @Override
        public String sha256() {
            return hash(url.toString());
        }

        /** The address without what may be a secret in it: user and query. */
        public String address() {
            return url.getScheme() + "://" + url.getHost() + (url.getPort() < 0 ? "" : ":" + url.getPort())
                    + (url.getRawPath() == null ? "" : url.getRawPath());
        }

        @Override
        public String toString() {
            return "HttpEndpoint[" + address() + ", runtimeEmulator=" + runtimeEmulator + "]";
        }
    }

    /** A container image, which is kept and shown but can't be run here. */
    record Image(String uri) implements FunctionCode {
        public Image {
            Objects.requireNonNull(uri, "uri");
        }

        @Override
        public String sha256() {
            return hash(uri);
        }
    }

    private static String hash(String address) {
        try {
            return Base64.getEncoder().encodeToString(
                    MessageDigest.getInstance("SHA-256").digest(address.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
