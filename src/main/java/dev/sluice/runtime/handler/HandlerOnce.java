package dev.sluice.runtime.handler;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemAlreadyExistsException;
import java.nio.file.FileSystems;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What becomes of a function's call that opens what a JVM can have open once: a native library, or the file system in a zip? It is made,
 * and where another function or instance has it open already, the code needs a JVM of its own. As {@link HandlerSystem}, defined once more
 * by every {@link FunctionClassLoader}; it knows the JDK and that class only. Thread-safe.
 */
public final class HandlerOnce {

    /** The file systems that the code has opened itself. */
    private static final Set<URI> OPENED = ConcurrentHashMap.newKeySet();

    private HandlerOnce() {
    }

    // System

    /** {@link System#load}. The class loader that the JDK ties the library to is this class's, and so the code's. */
    public static void load(String file) {
        load(() -> System.load(file), "java.lang.System.load");
    }

    /** {@link System#loadLibrary}. */
    public static void loadLibrary(String name) {
        load(() -> System.loadLibrary(name), "java.lang.System.loadLibrary");
    }

    private static void load(Runnable load, String call) {
        try {
            load.run();
        } catch (UnsatisfiedLinkError e) {
            // The JDK's words for a library that another instance or function has: a JVM has each once.
            if (String.valueOf(e.getMessage()).contains("already loaded in another classloader")) {
                HandlerSystem.elsewhere(call);
            }
            throw HandlerSystem.withoutThisClass(e);
        }
    }

    // Runtime

    /** {@link Runtime#load}. */
    public static void load(Runtime runtime, String file) {
        load(() -> System.load(file), "java.lang.Runtime.load");
    }

    /** {@link Runtime#loadLibrary}. */
    public static void loadLibrary(Runtime runtime, String name) {
        load(() -> System.loadLibrary(name), "java.lang.Runtime.loadLibrary");
    }

    // FileSystems

    /** {@link FileSystems#newFileSystem(URI, Map)}. */
    public static FileSystem newFileSystem(URI uri, Map<String, ?> environment) throws IOException {
        return newFileSystem(uri, environment, null);
    }

    /** {@link FileSystems#newFileSystem(URI, Map, ClassLoader)}. */
    public static FileSystem newFileSystem(URI uri, Map<String, ?> environment, ClassLoader loader) throws IOException {
        try {
            FileSystem made = FileSystems.newFileSystem(uri, environment, loader);
            OPENED.add(uri);
            return made;
        } catch (FileSystemAlreadyExistsException e) {
            if (!OPENED.contains(uri)) {
                HandlerSystem.elsewhere("java.nio.file.FileSystems.newFileSystem");
            }
            throw HandlerSystem.withoutThisClass(e);
        }
    }
}
