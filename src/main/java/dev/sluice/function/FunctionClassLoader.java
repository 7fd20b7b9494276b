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
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Where do a function's classes come from? First what {@link LambdaInterfaces} shows, as with Lambda's own runtime, then the
 * archive's root, then the JARs of its {@code lib/}.
 *
 * <p>Lambda unpacks the archive and puts the directory on the class path, so for its root neither signatures nor multi-release
 * entries count: a shaded JAR with left-over signature files works there, and has to here. Hence a plain zip reader instead of
 * {@link java.util.jar.JarFile}; it stays packed because file systems that ignore case can't hold every JAR's entries.
 *
 * <p>Thread-safe. Closing it keeps loaded classes usable, but loads no more.
 */
final class FunctionClassLoader extends URLClassLoader {

    private final ZipFile root;
    private final String rootUrl;
    private final CodeSource codeSource;
    private final URLStreamHandler rootHandler = new EntryHandler();
    /** Whose output it is what its classes print; null while it is nobody's. */
    private volatile FunctionOutput output;

    static {
        registerAsParallelCapable();
    }

    private FunctionClassLoader(ZipFile root, Path archive, URL[] libraries) throws IOException {
        // Without a name, which would show in the stack traces that users compare with AWS's.
        super(libraries, LambdaInterfaces.LOADER);
        this.root = root;
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

    /** Opens the version's files; the caller closes the loader before it releases the version. */
    static FunctionClassLoader open(CodeVersion code) throws IOException {
        List<URL> libraries = new ArrayList<>();
        for (Path library : code.libraries()) {
            libraries.add(library.toUri().toURL());
        }
        ZipFile root = new ZipFile(code.archive().toFile());
        try {
            return new FunctionClassLoader(root, code.archive(), libraries.toArray(new URL[0]));
        } catch (IOException | RuntimeException e) {
            root.close();
            throw e;
        }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        ZipEntry entry = root.getEntry(name.replace('.', '/') + ".class");
        if (entry == null) {
            return super.findClass(name);
        }
        byte[] bytes;
        try (InputStream in = root.getInputStream(entry)) {
            bytes = in.readAllBytes();
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
        definePackageOf(name);
        return defineClass(name, bytes, 0, bytes.length, codeSource);
    }

    private void definePackageOf(String className) {
        int dot = className.lastIndexOf('.');
        if (dot > 0 && getDefinedPackage(className.substring(0, dot)) == null) {
            try {
                definePackage(className.substring(0, dot), null, null, null, null, null, null, null);
            } catch (IllegalArgumentException e) {
                // Another thread defined it meanwhile; the loader is parallel capable.
                return;
            }
        }
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
        if (root.getEntry(name) == null) {
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
        try (root) {
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
            ZipEntry entry = root.getEntry(spec.substring(spec.indexOf("!/") + 2));
            if (entry == null) {
                throw new java.io.FileNotFoundException(url.toString());
            }
            return root.getInputStream(entry);
        }
    }
}
