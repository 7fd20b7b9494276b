package dev.sluice.runtime.handler;

import dev.sluice.runtime.code.ArchiveFile;
import dev.sluice.runtime.log.FunctionOutput;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/**
 * Where do a function's classes come from? First what {@link LambdaInterfaces} shows, as with Lambda's own runtime, then a copy of
 * its own of the {@link LambdaLibraries}, then the archive's root, then the JARs of its {@code lib/} and of its layers.
 *
 * <p>Lambda unpacks the archive and puts the directory on the class path, so for its root neither signatures nor multi-release
 * entries count: a shaded JAR with left-over signature files works there, and has to here. Hence a plain zip reader instead of
 * {@link java.util.jar.JarFile}; it stays packed because file systems that ignore case can't hold every JAR's entries.
 *
 * <p>The calls by which a class would reach the server's JVM are rewritten when it is defined, wherever it comes from; see
 * {@link CallRewriter}.
 *
 * <p>Thread-safe. Closing it keeps loaded classes usable, but loads no more.
 */
final class FunctionClassLoader extends URLClassLoader {

    private final ArchiveFile root;
    private final String rootUrl;
    /** Whether its classes get something else for the JVM's own calls. */
    private final boolean substitutes;
    private final CodeSource codeSource;
    private final LibraryJars libraries = new LibraryJars();
    private final URLStreamHandler rootHandler = new EntryHandler();
    /** Whose output it is what its classes print; null while it is nobody's. */
    private volatile FunctionOutput output;

    static {
        registerAsParallelCapable();
    }

    private FunctionClassLoader(ArchiveFile root, Path archive, URL[] libraries, boolean substitutes) throws IOException {
        // Without a name, which would show in the stack traces that users compare with AWS's.
        super(libraries, substitutes ? LambdaInterfaces.LOADER : LambdaInterfaces.WITH_LIBRARIES);
        this.root = root;
        this.substitutes = substitutes;
        this.rootUrl = "jar:" + archive.toUri() + "!/";
        this.codeSource = new CodeSource(archive.toUri().toURL(), (Certificate[]) null);
    }

    /** From now on what its classes print belongs there, on whichever thread. */
    void printTo(FunctionOutput instance) {
        output = instance;
    }

    FunctionOutput output() {
        return output;
    }

    /**
     * What the classes get to see for the JVM's own.
     *
     * @param environment unmodifiable
     * @param shutdownHooks takes them; thread-safe
     * @param log4jAppender set when they have log4j's appender for Lambda
     * @param exit takes a status and throws
     * @param elsewhere takes a call that needs a JVM of the function's own, and throws unless it may be made here
     * @param uncaught the handler of what threads of the function throw; null in it for none
     */
    record Substitutes(Map<String, String> environment, Set<Thread> shutdownHooks, AtomicBoolean log4jAppender, IntConsumer exit,
            Consumer<String> elsewhere, AtomicReference<Thread.UncaughtExceptionHandler> uncaught) {
    }

    /**
     * Opens the files; the caller closes the loader before it lets them go.
     *
     * @param libraries in class path order
     */
    static FunctionClassLoader open(Path archive, List<Path> libraries, Substitutes substitutes) throws IOException {
        FunctionClassLoader loader = open(archive, libraries, true);
        try {
            loader.define(substitutes);
            return loader;
        } catch (RuntimeException e) {
            loader.close();
            throw e;
        }
    }

    /** The same in a JVM that is the function's own: its classes are defined as they are. */
    static FunctionClassLoader openAlone(Path archive, List<Path> libraries) throws IOException {
        return open(archive, libraries, false);
    }

    private static FunctionClassLoader open(Path archive, List<Path> libraries, boolean substitutes) throws IOException {
        List<URL> urls = new ArrayList<>();
        for (Path library : libraries) {
            urls.add(library.toUri().toURL());
        }
        ArchiveFile root = ArchiveFile.open(archive);
        try {
            return new FunctionClassLoader(root, archive, urls.toArray(new URL[0]), substitutes);
        } catch (IOException | RuntimeException e) {
            root.close();
            throw e;
        }
    }

    /** First of all classes, so that nothing of the function's runs before. */
    private void define(Substitutes substitutes) {
        try {
            loadClass(HandlerSystem.class.getName())
                    .getMethod("install", Map.class, Set.class, AtomicBoolean.class, IntConsumer.class, Consumer.class,
                            AtomicReference.class)
                    .invoke(null, substitutes.environment(), substitutes.shutdownHooks(), substitutes.log4jAppender(), substitutes.exit(),
                            substitutes.elsewhere(), substitutes.uncaught());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("what stands in for the JVM's calls can't be defined", e);
        }
    }

    /** This loader's own, whatever the archive has of that name. */
    private Class<?> substitute(String name) throws ClassNotFoundException {
        try (InputStream in = HandlerSystem.class.getResourceAsStream(name.substring(name.lastIndexOf('.') + 1) + ".class")) {
            byte[] template = in.readAllBytes();
            return defineClass(name, template, 0, template.length);
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }

    /** Whether the function's code has got this class of the {@link LambdaLibraries}, or may have in a JVM of its own. */
    boolean uses(Class<?> library) {
        return !substitutes || findLoadedClass(library.getName()) != null;
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        if (substitutes && HandlerSystem.SUBSTITUTES.contains(name)) {
            return substitute(name);
        }
        String path = name.replace('.', '/') + ".class";
        LibraryJars.ClassFile found;
        try {
            LibraryJars.ClassFile ofLambda = LambdaLibraries.find(name);
            ZipEntry entry = ofLambda == null ? root.entry(path) : null;
            if (ofLambda != null) {
                found = ofLambda;
            } else if (entry != null) {
                try (InputStream in = root.read(entry)) {
                    found = new LibraryJars.ClassFile(in.readAllBytes(), null, codeSource);
                }
            } else {
                URL inLibrary = super.findResource(path);
                if (inLibrary == null) {
                    throw new ClassNotFoundException(name);
                }
                found = libraries.read(inLibrary, path);
            }
        } catch (IOException | IllegalStateException e) {
            // The latter when this is closed: a thread that was left behind is told so in the usual way.
            throw new ClassNotFoundException(name, e);
        }
        definePackageOf(name, found);
        byte[] bytes = substitutes ? CallRewriter.rewrite(name, found.bytes(), this) : found.bytes();
        return defineClass(name, bytes, 0, bytes.length, found.source());
    }

    /** With what the manifest says of it, and within a sealing, as {@link URLClassLoader} does. */
    private void definePackageOf(String className, LibraryJars.ClassFile found) {
        int dot = className.lastIndexOf('.');
        if (dot < 0) {
            return;
        }
        String name = className.substring(0, dot);
        Manifest manifest = found.manifest();
        URL location = found.source().getLocation();
        Package present = getDefinedPackage(name);
        if (present == null) {
            try {
                if (manifest == null) {
                    definePackage(name, null, null, null, null, null, null, null);
                } else {
                    definePackage(name, manifest, location);
                }
                return;
            } catch (IllegalArgumentException e) {
                // Another thread defined it meanwhile; the loader is parallel capable.
                present = getDefinedPackage(name);
            }
        }
        if (present.isSealed() ? !present.isSealed(location) : manifest != null && seals(manifest, name)) {
            throw new SecurityException("sealing violation: package " + name
                    + (present.isSealed() ? " is sealed" : " is already loaded, and can't be sealed"));
        }
    }

    private static boolean seals(Manifest manifest, String packageName) {
        Attributes ofPackage = manifest.getAttributes(packageName.replace('.', '/') + "/");
        String sealed = ofPackage == null ? null : ofPackage.getValue(Attributes.Name.SEALED);
        return "true".equalsIgnoreCase(sealed == null ? manifest.getMainAttributes().getValue(Attributes.Name.SEALED) : sealed);
    }

    @Override
    public URL findResource(String name) {
        URL first = LambdaLibraries.resource(name);
        if (first == null) {
            first = rootResource(name);
        }
        return first != null ? first : super.findResource(name);
    }

    @Override
    public Enumeration<URL> findResources(String name) throws IOException {
        List<URL> all = new ArrayList<>(2);
        Stream.of(LambdaLibraries.resource(name), rootResource(name)).filter(Objects::nonNull).forEach(all::add);
        if (all.isEmpty()) {
            return super.findResources(name);
        }
        all.addAll(Collections.list(super.findResources(name)));
        return Collections.enumeration(all);
    }

    private URL rootResource(String name) {
        if (root.entry(name) == null) {
            return null;
        }
        try {
            return new URL(null, rootUrl + name, rootHandler);
        } catch (MalformedURLException e) {
            throw new UncheckedIOException("no URL can be made for the resource '" + name + "'", e);
        }
    }

    @Override
    public void close() throws IOException {
        try (root; libraries) {
            super.close();
        }
    }

    /** Reads the root's entries from the open zip: the JDK's own {@code jar:} connection would check signatures and keep a cache. */
    private final class EntryHandler extends URLStreamHandler {
        @Override
        protected URLConnection openConnection(URL url) {
            return new EntryConnection(url);
        }
    }

    private final class EntryConnection extends URLConnection {
        private EntryConnection(URL url) {
            super(url);
        }

        @Override
        public void connect() {
            connected = true;
        }

        @Override
        public InputStream getInputStream() throws IOException {
            String spec = url.getFile();
            ZipEntry entry = root.entry(spec.substring(spec.indexOf("!/") + 2));
            if (entry == null) {
                throw new java.io.FileNotFoundException(url.toString());
            }
            return root.read(entry);
        }
    }
}
