package dev.sluice.cli;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;

/**
 * Is a handler there in code of the working tree that is about to be registered? It may still be built, so that what is missing is worth a
 * warning only. Immutable.
 *
 * @param places of Java code the class path; of other code one directory
 * @param runtime null for Java
 * @param handler null for none
 */
record HandlerCheck(List<Path> places, String runtime, String handler) {

    private static final int DEEPEST = 20;
    private static final List<String> SCRIPTS = List.of(".py", ".js", ".mjs", ".cjs");
    private static final String BOOTSTRAP = "bootstrap";

    HandlerCheck {
        places = List.copyOf(places);
    }

    boolean isJava() {
        return runtime == null || runtime.startsWith("java");
    }

    /** What a directory said to be Java's looks like instead; empty when it may well be Java's. */
    Optional<String> otherLanguage() {
        if (!isJava() || runtime != null || places.size() != 1 || !Files.isDirectory(places.get(0))) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.walk(places.get(0), DEEPEST)) {
            List<String> names = files.filter(Files::isRegularFile).map(file -> file.getFileName().toString()).toList();
            boolean java = names.stream().anyMatch(name -> name.endsWith(".class") || name.endsWith(".jar"));
            return java ? Optional.empty()
                    : names.stream().filter(name -> name.equals(BOOTSTRAP) || SCRIPTS.stream().anyMatch(name::endsWith)).sorted()
                            .findFirst();
        } catch (IOException e) {
            return Optional.empty(); // the server says what it can't read
        }
    }

    /** What isn't there, as a sentence; empty when it is, or can't be told. */
    Optional<String> missing() {
        try {
            if (isJava()) {
                return handler == null ? Optional.empty() : missingClass();
            }
            if (places.isEmpty()) {
                return Optional.empty();
            }
            Path directory = places.get(0);
            if (runtime.startsWith("provided")) {
                Path bootstrap = directory.resolve(BOOTSTRAP);
                return !Files.isRegularFile(bootstrap) ? Optional.of("There is no bootstrap in " + directory)
                        : Files.isExecutable(bootstrap) ? Optional.empty() : Optional.of(bootstrap + " isn't executable (chmod 755)");
            }
            return handler == null ? Optional.empty() : missingFile(directory);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private Optional<String> missingFile(Path directory) {
        int name = handler.lastIndexOf('/') + 1;
        boolean python = runtime.startsWith("python");
        int dot = python ? handler.lastIndexOf('.') : handler.indexOf('.', name);
        if (dot < name || dot == 0) {
            return Optional.of("The handler '" + handler + "' names no function; it is file.function");
        }
        String module = handler.substring(0, dot);
        List<String> files = python
                ? Stream.of(".py", "/__init__.py", ".pyc", ".so").map(module.replace('.', '/')::concat).toList()
                : Stream.of("", ".js", ".mjs", ".cjs", "/index.js").map(module::concat).toList();
        boolean there = files.stream().map(directory::resolve).anyMatch(Files::isRegularFile)
                || Files.exists(directory.resolve("node_modules").resolve(module));
        return there ? Optional.empty() : Optional.of("There is no " + (python ? files.get(0) : module + ".js, .mjs or .cjs") + " in "
                + directory);
    }

    private Optional<String> missingClass() throws IOException {
        int colons = handler.lastIndexOf("::");
        String name = colons < 0 ? handler : handler.substring(0, colons);
        String file = name.replace('.', '/') + ".class";
        for (Path place : entries()) {
            if (Files.isDirectory(place) ? Files.isRegularFile(place.resolve(file)) || inLibraries(place.resolve("lib"), file)
                    : inJar(place, file)) {
                return Optional.empty();
            }
        }
        return Optional
                .of("There is no class " + name + " in " + String.join(File.pathSeparator, places.stream().map(Path::toString).toList()));
    }

    /** With what {@code *.jar} stands for. */
    private List<Path> entries() throws IOException {
        List<Path> entries = new ArrayList<>();
        for (Path place : places) {
            if (place.getFileName() != null && place.getFileName().toString().contains("*")) {
                try (DirectoryStream<Path> found = Files.newDirectoryStream(place.getParent(), place.getFileName().toString())) {
                    found.forEach(entries::add);
                }
            } else {
                entries.add(place);
            }
        }
        return entries;
    }

    private static boolean inLibraries(Path libraries, String file) throws IOException {
        if (!Files.isDirectory(libraries)) {
            return false;
        }
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(libraries, "*.jar")) {
            for (Path jar : jars) {
                if (inJar(jar, file)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Also in the JARs of its lib/. */
    private static boolean inJar(Path jar, String file) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            if (zip.getEntry(file) != null) {
                return true;
            }
            for (ZipEntry entry : zip.stream().filter(each -> each.getName().matches("lib/[^/]+\\.jar")).toList()) {
                try (InputStream in = zip.getInputStream(entry); ZipInputStream inner = new ZipInputStream(in)) {
                    for (ZipEntry each = inner.getNextEntry(); each != null; each = inner.getNextEntry()) {
                        if (each.getName().equals(file)) {
                            return true;
                        }
                    }
                }
            }
            return false;
        }
    }
}
