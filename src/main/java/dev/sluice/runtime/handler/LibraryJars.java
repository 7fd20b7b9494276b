package dev.sluice.runtime.handler;

import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.security.CodeSource;
import java.security.cert.Certificate;
import java.util.HashMap;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipFile;

/**
 * What is in a function's libraries under a class's name, before it is defined? Where a class is, is the class path's business;
 * this reads it there with what belongs to it: signers, manifest, the entry for this version of Java. Thread-safe.
 */
final class LibraryJars implements Closeable {

    /** Guarded by this, as is what follows. */
    private final Map<String, JarFile> open = new HashMap<>();
    private boolean closed;

    /** A class as it was found. @param manifest null for none */
    record ClassFile(byte[] bytes, Manifest manifest, CodeSource source) {
    }

    /** @param entry the class's name in the JAR, where {@code found} may name its entry for some version of Java */
    ClassFile read(URL found, String entry) throws IOException {
        String address = found.toString();
        int end = address.indexOf("!/");
        if (!address.startsWith("jar:") || end < 0) {
            // A directory, which the manifest of a JAR may name.
            URL directory = new URL(address.substring(0, address.length() - entry.length()));
            try (InputStream in = found.openStream()) {
                return new ClassFile(in.readAllBytes(), null, new CodeSource(directory, (Certificate[]) null));
            }
        }
        String location = address.substring("jar:".length(), end);
        JarFile jar = open(location);
        JarEntry file = jar.getJarEntry(entry);
        if (file == null) {
            throw new IOException(location + " has no " + entry + " any more");
        }
        byte[] bytes;
        try (InputStream in = jar.getInputStream(file)) {
            bytes = in.readAllBytes();
        }
        // Known only now that all bytes were read, and so held against the signature.
        return new ClassFile(bytes, jar.getManifest(), new CodeSource(new URL(location), file.getCodeSigners()));
    }

    private synchronized JarFile open(String location) throws IOException {
        if (closed) {
            throw new IOException("the class loader is closed");
        }
        JarFile present = open.get(location);
        if (present == null) {
            present = new JarFile(new File(URI.create(location)), true, ZipFile.OPEN_READ, JarFile.runtimeVersion());
            open.put(location, present);
        }
        return present;
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        IOException failure = null;
        for (JarFile jar : open.values()) {
            try {
                jar.close();
            } catch (IOException e) {
                failure = e;
            }
        }
        open.clear();
        if (failure != null) {
            throw failure;
        }
    }
}
