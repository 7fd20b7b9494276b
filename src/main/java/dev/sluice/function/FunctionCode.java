package dev.sluice.function;

import java.io.File;
import java.net.URI;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Where is a function's code? Immutable. What differs from kind to kind is asked of the kind itself, or of {@link #match}, so that a new one
 * doesn't compile until every place knows it.
 */
public sealed interface FunctionCode {

    /** Who runs code. */
    enum RunBy {
        /** Sluice, which makes instances of it. */
        SLUICE,
        /** Who starts a process himself, which asks for events. */
        ATTACHED_PROCESS,
        /** Who answers at an HTTP endpoint. */
        ENDPOINT,
        /** Nobody: it can't be run here. */
        NOBODY
    }

    /** What there is to say of each kind. */
    interface Kinds<T> {
        T archive(Archive archive);

        T localJar(LocalJar jar);

        T localTree(LocalTree tree);

        T localDirectory(LocalDirectory place);

        T attached(Attached attached);

        T httpEndpoint(HttpEndpoint endpoint);

        T image(Image image);
    }

    /** What {@code kinds} says of this one. */
    <T> T match(Kinds<T> kinds);

    /** What AWS calls CodeSha256, base64: of an upload its hash; of code that may change under its address that of the address. */
    String sha256();

    /** What AWS calls CodeSize: the bytes of an upload, 0 for what was never uploaded. */
    default long size() {
        return 0;
    }

    default RunBy runBy() {
        return RunBy.SLUICE;
    }

    /** Whether Sluice makes instances of it; of other code it knows neither environment nor memory. */
    default boolean isStartedElsewhere() {
        return runBy() == RunBy.ATTACHED_PROCESS || runBy() == RunBy.ENDPOINT;
    }

    /** Whether it is in the working tree, where it may change at any time. */
    default boolean isLocal() {
        return false;
    }

    /** Whether it is Java's where the runtime says so; else no runtime makes Java of it. */
    default boolean mayBeJava() {
        return true;
    }

    /** The program that is run with its arguments; empty for what the runtime runs. */
    default List<String> command() {
        return List.of();
    }

    /** The directory in the working tree that is laid out as Lambda's zip, in which a process runs as it is. */
    default Optional<Path> taskRoot() {
        return Optional.empty();
    }

    /** The upload that the data directory has to keep. */
    default Optional<Archive> upload() {
        return Optional.empty();
    }

    /** Where the image is of which the function is made. */
    default Optional<String> imageUri() {
        return Optional.empty();
    }

    /** Where it is, in a message. */
    default String place() {
        return "the uploaded code";
    }

    /** A JAR or zip that was uploaded; kept in the data directory under its hash. {@code size} is in bytes. */
    record Archive(String sha256, long size) implements FunctionCode {
        public Archive {
            Objects.requireNonNull(sha256, "sha256");
        }

        @Override
        public Optional<Archive> upload() {
            return Optional.of(this);
        }

        @Override
        public <T> T match(Kinds<T> kinds) {
            return kinds.archive(this);
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
        public boolean isLocal() {
            return true;
        }

        @Override
        public String sha256() {
            return hash(path.toUri().toString());
        }

        @Override
        public <T> T match(Kinds<T> kinds) {
            return kinds.localJar(this);
        }

        @Override
        public String place() {
            return path.toString();
        }
    }

    /**
     * A class path in the working tree, as a build leaves it.
     *
     * @param classPath in the order in which classes are looked for; not empty
     * @param zipLayout whether it is {@link #ofDirectory one directory} that is laid out as Lambda's zip
     */
    record LocalTree(List<ClassPathEntry> classPath, boolean zipLayout) implements FunctionCode {
        public LocalTree {
            classPath = List.copyOf(classPath);
            if (classPath.isEmpty()) {
                throw new IllegalArgumentException("classPath is empty; it needs at least one entry");
            }
            if (zipLayout && !classPath.equals(layout(classPath.get(0).path()))) {
                throw new IllegalArgumentException("classPath is " + classPath + "; that is no directory laid out as Lambda's zip");
            }
        }

        public LocalTree(List<ClassPathEntry> classPath) {
            this(classPath, false);
        }

        /** Classes at the root, and JARs in a {@code lib/} that may be missing. */
        public static LocalTree ofDirectory(Path directory) {
            return new LocalTree(layout(directory), true);
        }

        private static List<ClassPathEntry> layout(Path directory) {
            return List.of(new ClassPathEntry(directory, null), new ClassPathEntry(directory.resolve("lib"), "*.jar"));
        }

        @Override
        public boolean isLocal() {
            return true;
        }

        @Override
        public <T> T match(Kinds<T> kinds) {
            return kinds.localTree(this);
        }

        @Override
        public Optional<Path> taskRoot() {
            return zipLayout ? Optional.of(classPath.get(0).path()) : Optional.empty();
        }

        /** The URLs of its entries, with commas between them. */
        public String location() {
            return taskRoot().map(directory -> classPath.get(0).url())
                    .orElseGet(() -> classPath.stream().map(ClassPathEntry::url).collect(Collectors.joining(",")));
        }

        @Override
        public String sha256() {
            return hash(location());
        }

        @Override
        public String place() {
            return taskRoot().map(Path::toString)
                    .orElseGet(() -> classPath.stream().map(ClassPathEntry::toString).collect(Collectors.joining(File.pathSeparator)));
        }
    }

    /**
     * A directory in the working tree in which a process runs as it is.
     *
     * @param directory absolute
     * @param command what is run in it; empty for what the function's runtime runs
     */
    record LocalDirectory(Path directory, List<String> command) implements FunctionCode {
        public LocalDirectory {
            if (!directory.isAbsolute()) {
                throw new IllegalArgumentException("directory is '" + directory + "'; it must be absolute");
            }
            command = List.copyOf(command);
        }

        @Override
        public boolean isLocal() {
            return true;
        }

        @Override
        public boolean mayBeJava() {
            return false;
        }

        @Override
        public <T> T match(Kinds<T> kinds) {
            return kinds.localDirectory(this);
        }

        /** The URL of the directory, the same whether it exists or not. */
        public String location() {
            return new ClassPathEntry(directory, null).url();
        }

        @Override
        public String sha256() {
            return hash(location() + command.stream().map(word -> "\0" + word).collect(Collectors.joining()));
        }

        @Override
        public String place() {
            return directory.toString();
        }
    }

    /** Processes that the user starts himself, and that ask for events at a port of this server. */
    record Attached() implements FunctionCode {
        @Override
        public RunBy runBy() {
            return RunBy.ATTACHED_PROCESS;
        }

        @Override
        public <T> T match(Kinds<T> kinds) {
            return kinds.attached(this);
        }

        @Override
        public String sha256() {
            return hash("attached");
        }

        @Override
        public String place() {
            return "the processes that attach themselves";
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
        public RunBy runBy() {
            return RunBy.ENDPOINT;
        }

        @Override
        public <T> T match(Kinds<T> kinds) {
            return kinds.httpEndpoint(this);
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
        public RunBy runBy() {
            return RunBy.NOBODY;
        }

        @Override
        public Optional<String> imageUri() {
            return Optional.of(uri);
        }

        @Override
        public <T> T match(Kinds<T> kinds) {
            return kinds.image(this);
        }

        @Override
        public String sha256() {
            return hash(uri);
        }
    }

    private static String hash(String address) {
        return Base64.getEncoder().encodeToString(Sha256.of(address));
    }
}
