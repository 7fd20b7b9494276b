package dev.sluice.runtime.handler;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * What do a function's calls of {@code System.getenv}, {@code System.exit} and the like reach, instead of the server's JVM? Every
 * {@link FunctionClassLoader} defines this class once more for itself, and {@link CallRewriter} sends the calls here, so its
 * static state is that of one instance. Public because the calls come from any package. It knows the JDK only: no other class of
 * this server is visible there. Thread-safe.
 */
public final class HandlerSystem {

    /** The classes that stand in for the JDK's: each function's loader has its own, and stack traces leave them out, as Lambda has none. */
    static final Set<String> SUBSTITUTES = Set.of("dev.sluice.runtime.handler.HandlerSystem", "dev.sluice.runtime.handler.HandlerGuard",
            "dev.sluice.runtime.handler.HandlerBeans", "dev.sluice.runtime.handler.HandlerProviders",
            "dev.sluice.runtime.handler.HandlerProviders$Failed",
            "dev.sluice.runtime.handler.HandlerOnce");

    private static final Set<ProcessBuilder> WITH_OUR_ENVIRONMENT =
            Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));
    private static volatile Map<String, String> environment = Map.of();
    private static volatile Set<Thread> shutdownHooks;
    private static volatile AtomicBoolean log4jAppender;
    private static volatile IntConsumer onExit;
    private static volatile Consumer<String> onElsewhere;
    private static volatile AtomicReference<Thread.UncaughtExceptionHandler> uncaught;
    /** The JVM's, which tell functions apart by themselves, until the code sets others. */
    private static volatile PrintStream out = System.out;
    private static volatile PrintStream err = System.err;
    private static volatile int loginTimeout;
    /** On Lambda there is nothing to read; the server's is the user's terminal. */
    private static volatile InputStream in = InputStream.nullInputStream();

    private HandlerSystem() {
    }

    /**
     * Once, before any of the function's classes is defined.
     *
     * @param variables unmodifiable
     * @param hooks takes the shutdown hooks; thread-safe
     * @param appender whether the code has log4j's appender for Lambda
     * @param exit takes a status and throws
     * @param elsewhere takes a call that needs a JVM of the code's own: throws, or returns when the call may be made all the same
     * @param uncaughtHandler takes what threads of the code throw that have no handler; null in it for none
     */
    public static synchronized void install(Map<String, String> variables, Set<Thread> hooks, AtomicBoolean appender, IntConsumer exit,
            Consumer<String> elsewhere, AtomicReference<Thread.UncaughtExceptionHandler> uncaughtHandler) {
        if (onExit != null) {
            throw new IllegalStateException("installed already");
        }
        environment = variables;
        shutdownHooks = hooks;
        log4jAppender = appender;
        onExit = exit;
        onElsewhere = elsewhere;
        uncaught = uncaughtHandler;
    }

    static void elsewhere(String call) {
        onElsewhere.accept(call);
    }

    // System

    /** {@link System#out}. */
    public static PrintStream out() {
        return out;
    }

    /** {@link System#err}. */
    public static PrintStream err() {
        return err;
    }

    /** {@link System#in}. */
    public static InputStream in() {
        return in;
    }

    /** {@link System#setOut}. */
    public static void setOut(PrintStream stream) {
        out = stream;
    }

    /** {@link System#setErr}. */
    public static void setErr(PrintStream stream) {
        err = stream;
    }

    /** {@link System#setIn}. */
    public static void setIn(InputStream stream) {
        in = stream;
    }

    /** {@link System#getenv()}. */
    public static Map<String, String> getenv() {
        return environment;
    }

    /** {@link System#getenv(String)}. */
    public static String getenv(String name) {
        if (name == null) {
            throw withoutThisClass(new NullPointerException());
        }
        return environment.get(name);
    }

    /** {@link System#exit}. */
    public static void exit(int status) {
        onExit.accept(status);
    }

    // DriverManager

    /** {@code java.sql.DriverManager.setLoginTimeout}. */
    public static void setLoginTimeout(int seconds) {
        loginTimeout = seconds;
    }

    /** {@code java.sql.DriverManager.getLoginTimeout}. */
    public static int getLoginTimeout() {
        return loginTimeout;
    }

    // Thread

    /** {@link Thread#setDefaultUncaughtExceptionHandler}. */
    public static void setDefaultUncaughtExceptionHandler(Thread.UncaughtExceptionHandler handler) {
        uncaught.set(handler);
    }

    /** {@link Thread#getDefaultUncaughtExceptionHandler}. */
    public static Thread.UncaughtExceptionHandler getDefaultUncaughtExceptionHandler() {
        return uncaught.get();
    }

    // Runtime

    /** {@link Runtime#exit}. */
    public static void exit(Runtime runtime, int status) {
        onExit.accept(status);
    }

    /** {@link Runtime#halt}: runs no shutdown hooks. */
    public static void halt(Runtime runtime, int status) {
        shutdownHooks.clear();
        onExit.accept(status);
    }

    /** {@link Runtime#addShutdownHook}: the end of this instance is what its code knows as the end of the JVM. */
    public static void addShutdownHook(Runtime runtime, Thread hook) {
        if (hook.isAlive()) {
            throw withoutThisClass(new IllegalArgumentException("Hook already running"));
        }
        if (!shutdownHooks.add(hook)) {
            throw withoutThisClass(new IllegalArgumentException("Hook previously registered"));
        }
    }

    /** {@link Runtime#removeShutdownHook}. */
    public static boolean removeShutdownHook(Runtime runtime, Thread hook) {
        return shutdownHooks.remove(Objects.requireNonNull(hook));
    }

    /** {@link Runtime#exec(String)}. */
    public static Process exec(Runtime runtime, String command) throws IOException {
        return exec(runtime, command, null, null);
    }

    /** {@link Runtime#exec(String, String[])}. */
    public static Process exec(Runtime runtime, String command, String[] variables) throws IOException {
        return exec(runtime, command, variables, null);
    }

    /** {@link Runtime#exec(String, String[], File)}. */
    public static Process exec(Runtime runtime, String command, String[] variables, File directory) throws IOException {
        try {
            return runtime.exec(command, variables == null ? assignments() : variables, directory);
        } catch (IOException | RuntimeException e) {
            withoutThisClass(e);
            throw e;
        }
    }

    /** {@link Runtime#exec(String[])}. */
    public static Process exec(Runtime runtime, String[] command) throws IOException {
        return exec(runtime, command, null, null);
    }

    /** {@link Runtime#exec(String[], String[])}. */
    public static Process exec(Runtime runtime, String[] command, String[] variables) throws IOException {
        return exec(runtime, command, variables, null);
    }

    /** {@link Runtime#exec(String[], String[], File)}. */
    public static Process exec(Runtime runtime, String[] command, String[] variables, File directory) throws IOException {
        try {
            return runtime.exec(command, variables == null ? assignments() : variables, directory);
        } catch (IOException | RuntimeException e) {
            withoutThisClass(e);
            throw e;
        }
    }

    // ProcessBuilder

    /** {@link ProcessBuilder#environment()}: the JDK fills it with the server's variables when it is first asked for. */
    public static Map<String, String> environment(ProcessBuilder builder) {
        Map<String, String> variables = builder.environment();
        if (WITH_OUR_ENVIRONMENT.add(builder)) {
            variables.clear();
            variables.putAll(environment);
        }
        return variables;
    }

    /** {@link ProcessBuilder#start()}. */
    public static Process start(ProcessBuilder builder) throws IOException {
        environment(builder);
        try {
            return builder.start();
        } catch (IOException | RuntimeException e) {
            withoutThisClass(e);
            throw e;
        }
    }

    /** {@link ProcessBuilder#startPipeline}. */
    public static List<Process> startPipeline(List<ProcessBuilder> builders) throws IOException {
        builders.forEach(HandlerSystem::environment);
        try {
            return ProcessBuilder.startPipeline(builders);
        } catch (IOException | RuntimeException e) {
            withoutThisClass(e);
            throw e;
        }
    }

    // LambdaRuntimeInternal, which all functions see

    /** {@code setUseLog4jAppender}: what log4j's appender for Lambda says when its class is initialised. */
    public static void setUseLog4jAppender(boolean used) {
        log4jAppender.set(used);
    }

    /** {@code getUseLog4jAppender}. */
    public static boolean getUseLog4jAppender() {
        return log4jAppender.get();
    }

    private static String[] assignments() {
        return environment.entrySet().stream().map(variable -> variable.getKey() + "=" + variable.getValue()).toArray(String[]::new);
    }

    /** Users compare stack traces with AWS's, where this class isn't. */
    static <T extends Throwable> T withoutThisClass(T error) {
        StackTraceElement[] stack = error.getStackTrace();
        StackTraceElement[] others = new StackTraceElement[stack.length];
        int count = 0;
        for (StackTraceElement frame : stack) {
            if (!SUBSTITUTES.contains(frame.getClassName())) {
                others[count++] = frame;
            }
        }
        error.setStackTrace(java.util.Arrays.copyOf(others, count));
        return error;
    }
}
