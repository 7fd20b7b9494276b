package dev.sluice.runtime.handler;

import java.security.Provider;
import java.security.Security;
import java.util.Arrays;
import java.util.Properties;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.Logger;

/**
 * May a function's code make this call here, where other functions would feel it? Asked by the methods of {@link GuardedCalls} before each;
 * returns where it may, and throws where it belongs into a JVM of its own. As {@link HandlerSystem}, defined once more by every
 * {@link FunctionClassLoader}; it knows the JDK and that class only. Thread-safe.
 */
public final class HandlerGuard {

    private HandlerGuard() {
    }

    /** A call that everybody would feel. @param call as a person writes it */
    public static void elsewhere(String call) {
        HandlerSystem.elsewhere(call);
    }

    /** A call that everybody would feel if this is everybody's object. */
    public static void ask(Object receiver, String call) {
        if (isEverybodys(receiver)) {
            HandlerSystem.elsewhere(call);
        }
    }

    /** A call that fails everywhere on newer JDKs: their words. */
    public static void refuse(String call) {
        throw new UnsupportedOperationException("The Security Manager is deprecated and will be removed in a future release");
    }

    private static boolean isEverybodys(Object receiver) {
        if (receiver instanceof Logger logger) {
            return logger == root();
        }
        if (receiver instanceof Handler handler) {
            return Arrays.asList(root().getHandlers()).contains(handler);
        }
        if (receiver instanceof Provider provider) {
            return Arrays.asList(Security.getProviders()).contains(provider);
        }
        if (receiver instanceof Properties properties) {
            return properties == System.getProperties();
        }
        if (receiver instanceof ThreadGroup group) {
            // One that the code has made itself is loaded with it, or at least below the server's.
            return group.getParent() == null
                    || group.getClass().getClassLoader() != null && group.getClass().getClassLoader() != HandlerGuard.class.getClassLoader()
                    || group.getName().equals("main");
        }
        return receiver != null; // null fails by itself
    }

    private static Logger root() {
        return LogManager.getLogManager().getLogger("");
    }
}
