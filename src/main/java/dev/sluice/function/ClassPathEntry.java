package dev.sluice.function;

import java.io.File;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What does one entry of a class path in the working tree name? A directory, a JAR, or all JARs of a directory whose names match a
 * pattern, in the order of their names. Immutable.
 *
 * @param path absolute; of the directory or the JAR, or with a pattern of the directory it is looked for in
 * @param pattern a file name in which a {@code *} stands for any characters; null for an entry that is a single file or directory
 */
public record ClassPathEntry(Path path, @Nullable String pattern) {

    /** What an entry may look like, for messages. */
    public static final String ALLOWED = "a directory, a JAR, or the JARs of a directory as in target/dependency/*.jar";

    private static final String JAR = ".jar";
    /** As in a class path of Java's own: all JARs of the directory. */
    private static final String ALL = "*";

    public ClassPathEntry {
        if (!path.isAbsolute()) {
            throw new IllegalArgumentException("path is '" + path + "'; it must be absolute");
        }
        if (pattern != null && !isPattern(pattern)) {
            throw new IllegalArgumentException("pattern is '" + pattern + "'; it must have a * and end with .jar");
        }
    }

    /** Reads it from {@code directory} on; empty when it is no path, or has a pattern in it that isn't one of JARs. */
    public static Optional<ClassPathEntry> parse(Path directory, String text) {
        int name = Math.max(text.lastIndexOf('/'), text.lastIndexOf(File.separatorChar)) + 1;
        String pattern = text.substring(name).contains(ALL) ? text.substring(name) : null;
        String path = pattern == null ? text : text.substring(0, name);
        if (text.isBlank() || path.contains(ALL) || pattern != null && !isPattern(pattern)) {
            return Optional.empty();
        }
        try {
            Path resolved = directory.resolve(path).normalize();
            return resolved.equals(resolved.getRoot()) ? Optional.empty() : Optional.of(new ClassPathEntry(resolved, pattern));
        } catch (InvalidPathException notAPath) {
            return Optional.empty();
        }
    }

    private static boolean isPattern(String name) {
        return name.equals(ALL) || name.contains(ALL) && name.endsWith(JAR) && name.indexOf('/') < 0;
    }

    /** Whether the pattern takes the name of a file of the directory. */
    public boolean takes(String fileName) {
        if (!fileName.endsWith(JAR)) {
            return false;
        }
        String[] parts = Objects.requireNonNull(pattern).split("\\*", -1);
        String first = parts[0];
        String last = parts[parts.length - 1];
        if (fileName.length() < first.length() + last.length() || !fileName.startsWith(first) || !fileName.endsWith(last)) {
            return false;
        }
        int from = first.length();
        for (int i = 1; i < parts.length - 1; i++) {
            int found = fileName.indexOf(parts[i], from);
            if (found < 0) {
                return false;
            }
            from = found + parts[i].length();
        }
        return from <= fileName.length() - last.length();
    }

    /** As a URL, the same whether it exists or not. */
    String url() {
        String url = path.toUri().toString();
        return (url.endsWith("/") ? url.substring(0, url.length() - 1) : url) + (pattern == null ? "" : "/" + pattern);
    }

    /** As it is written, absolute. */
    @Override
    public String toString() {
        return pattern == null ? path.toString() : path + File.separator + pattern;
    }
}
