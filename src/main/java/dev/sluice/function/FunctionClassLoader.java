package dev.sluice.function;

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
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;

/**
 * Where do a function's classes come from? First what {@link LambdaInterfaces} shows, as with Lambda's own runtime, then the
 * archive's root, then the JARs of its {@code lib/} and of its layers.
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
        super(libraries, LambdaInterfaces.LOADER);
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
     */
    record Substitutes(Map<String, String> environment, Set<Thread> shutdownHooks, AtomicBoolean log4jAppender, IntConsumer exit) {
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
        } catch (IOException | RuntimeException e) {
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

    /** First of all classes, so that it is this loader's own and nothing in the archive can take its place. */
    private void define(Substitutes substitutes) throws IOException {
        byte[] template;
        try (InputStream in = HandlerSystem.class.getResourceAsStream(HandlerSystem.class.getSimpleName() + ".class")) {
            template = in.readAllBytes();
        }
        try {
            defineClass(HandlerSystem.class.getName(), template, 0, template.length)
                    .getMethod("install", Map.class, Set.class, AtomicBoolean.class, IntConsumer.class)
                    .invoke(null, substitutes.environment(), substitutes.shutdownHooks(), substitutes.log4jAppender(), substitutes.exit());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("what stands in for the JVM's calls can't be defined", e);
        }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        String path = name.replace('.', '/') + ".class";
        LibraryJars.ClassFile found;
        try {
            ZipEntry entry = root.entry(path);
            if (entry != null) {
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
        byte[] bytes = substitutes ? CallRewriter.rewrite(name, found.bytes()) : found.bytes();
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
        URL inRoot = rootResource(name);
        return inRoot != null ? inRoot : super.findResource(name);
    }

    @Override
    public Enumeration<URL> findResources(String name) throws IOException {
        URL inRoot = rootResource(name);
        if (inRoot == null) {
            return super.findResources(name);
        }
        List<URL> all = new ArrayList<>();
        all.add(inRoot);
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
