package dev.sluice.runtime.handler;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;

/**
 * Which classes does a function share with this server? The JDK's and those of aws-lambda-java-core, through which the two meet; in
 * a JVM that is the function's own the {@linkplain LambdaLibraries other ones} of Lambda's Java runtime, too. Nothing else of this
 * server. Thread-safe.
 */
final class LambdaInterfaces extends ClassLoader {

    /** The only one of a server: the interfaces must be the same classes for it and for every function. */
    static final LambdaInterfaces LOADER = new LambdaInterfaces(false);
    /** Of a JVM with one function: as on Lambda it has the libraries that run it, and what it changes in them. */
    static final LambdaInterfaces WITH_LIBRARIES = new LambdaInterfaces(true);

    private static final String CORE = RequestHandler.class.getPackageName() + ".";
    private static final String CORE_LOGGING = CORE + "logging.";

    static {
        registerAsParallelCapable();
    }

    private final boolean libraries;

    private LambdaInterfaces(boolean libraries) {
        super("lambda-interfaces", ClassLoader.getPlatformClassLoader());
        this.libraries = libraries;
    }

    /**
     * Whether the class belongs to one of the two packages of aws-lambda-java-core, not to a package below them, or is the interface
     * through which the server uses a function's serializers.
     */
    static boolean provides(String className) {
        return isDirectlyIn(CORE, className) || isDirectlyIn(CORE_LOGGING, className) || className.equals(PojoSerializer.class.getName());
    }

    private static boolean isDirectlyIn(String packagePrefix, String className) {
        return className.startsWith(packagePrefix) && className.indexOf('.', packagePrefix.length()) < 0;
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        if (provides(name) || libraries && LambdaLibraries.haveNamed(name)) {
            return RequestHandler.class.getClassLoader().loadClass(name);
        }
        throw new ClassNotFoundException(name);
    }
}
