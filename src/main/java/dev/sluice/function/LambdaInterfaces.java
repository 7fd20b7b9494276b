package dev.sluice.function;

import com.amazonaws.services.lambda.runtime.RequestHandler;

/**
 * What does a function see besides its own code? The JDK and the classes of aws-lambda-java-core, which Lambda's Java runtime
 * provides, too; nothing else of this server. Thread-safe.
 */
final class LambdaInterfaces extends ClassLoader {

    /** The only one: the interfaces must be the same classes for the server and for every function. */
    static final LambdaInterfaces LOADER = new LambdaInterfaces();

    private static final String CORE = RequestHandler.class.getPackageName() + ".";
    private static final String CORE_LOGGING = CORE + "logging.";

    static {
        registerAsParallelCapable();
    }

    private LambdaInterfaces() {
        super("lambda-interfaces", ClassLoader.getPlatformClassLoader());
    }

    /** Whether the class belongs to one of the two packages of aws-lambda-java-core, not to a package below them. */
    static boolean provides(String className) {
        return isDirectlyIn(CORE, className) || isDirectlyIn(CORE_LOGGING, className);
    }

    private static boolean isDirectlyIn(String packagePrefix, String className) {
        return className.startsWith(packagePrefix) && className.indexOf('.', packagePrefix.length()) < 0;
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        if (provides(name)) {
            return RequestHandler.class.getClassLoader().loadClass(name);
        }
        throw new ClassNotFoundException(name);
    }
}
