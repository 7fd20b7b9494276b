package dev.sluice.function;

import dev.sluice.mapping.Scope;
import java.io.IOError;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collections;
import java.util.Locale;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One execution environment of a function in this JVM: its own class loader, its own handler object. It knows the version and
 * the code it was made from. Used by one thread at a time; whoever has it discards it.
 */
final class HandlerInstance {

    private static final Logger LOG = LoggerFactory.getLogger(HandlerInstance.class);
    private static final DateTimeFormatter LOG_STREAM_DATE = DateTimeFormatter.ofPattern("yyyy/MM/dd", Locale.ROOT);

    private final FunctionVersion version;
    private final CodeVersion code;
    private final FunctionClassLoader loader;
    private final HandlerShape shape;
    private final FunctionOutput output;
    private final String logStream;
    private final InstanceExit exit;
    private final ShutdownHooks hooks;
    private final Log4jContext log4j;
    private final AnswerBuffer answer = new AnswerBuffer();
    /** Threads whose thread locals may hold what is of this instance's classes. */
    private final Set<Thread> ranOn = Collections.newSetFromMap(new WeakHashMap<>());
    private Handler handler;
    private boolean broken;

    private HandlerInstance(FunctionVersion version, CodeVersion code, FunctionClassLoader loader, HandlerShape shape,
                            FunctionOutput output, Own own) {
        this.version = version;
        this.code = code;
        this.loader = loader;
        this.shape = shape;
        this.output = output;
        loader.printTo(output);
        this.logStream = own.logStream();
        this.exit = own.exit();
        this.hooks = own.hooks();
        this.log4j = new Log4jContext(loader, own.log4jAppender()::get, output);
    }

    /** Where instances live: their output's destination, the time, and what they find in their environment. */
    record Surroundings(PrintStream output, Clock clock, SharedEnvironment environment) {
        Surroundings in(Scope owner) {
            return new Surroundings(output, clock, environment.in(owner));
        }

        private String newLogStream(FunctionVersion version) {
            return LocalDate.now(clock.withZone(ZoneOffset.UTC)).format(LOG_STREAM_DATE) + "/[" + version.version() + "]"
                    + String.format("%016x%016x", System.identityHashCode(new Object()), System.nanoTime());
        }
    }

    /** What one instance has for itself and its class loader must know. */
    private record Own(String logStream, InstanceExit exit, ShutdownHooks hooks, AtomicBoolean log4jAppender) {
        private Own(FunctionVersion version, Surroundings surroundings) {
            this(surroundings.newLogStream(version), new InstanceExit(version.function()), new ShutdownHooks(version.function()),
                    new AtomicBoolean());
        }

        private FunctionClassLoader.Substitutes substitutes(FunctionVersion version, SharedEnvironment shared) {
            return new FunctionClassLoader.Substitutes(FunctionEnvironment.of(version, logStream, shared), hooks.registered(), log4jAppender,
                    exit);
        }
    }

    /** Finds the handler's class and method; on success the instance owns the caller's use of the code. */
    static HandlerInstance load(FunctionVersion version, CodeVersion code, Surroundings surroundings) throws NotRunnableException {
        String handler = version.settings().handler();
        String where = version.code().place();
        if (handler == null) {
            throw new NotRunnableException("function " + version.function() + " has no handler; give package.Class or"
                    + " package.Class::method of " + where);
        }
        int colons = handler.lastIndexOf("::");
        String className = colons < 0 ? handler : handler.substring(0, colons);
        String methodName = colons < 0 ? null : handler.substring(colons + 2);
        Own own = new Own(version, surroundings);
        FunctionClassLoader loader = null;
        try {
            loader = FunctionClassLoader.open(code, own.substitutes(version, surroundings.environment()));
            HandlerShape shape = HandlerShape.of(Class.forName(className, false, loader), methodName);
            FunctionOutput output = new FunctionOutput(version.function(), surroundings.output());
            return new HandlerInstance(version, code, loader, shape, output, own);
        } catch (NotRunnableException e) {
            close(loader);
            throw new NotRunnableException(e.getMessage() + " (handler " + handler + ", " + where + ")", e);
        } catch (ClassNotFoundException e) {
            close(loader);
            throw new NotRunnableException("Class not found: " + className + " (in " + where + ")", e);
        } catch (UnsupportedClassVersionError e) {
            close(loader);
            throw new NotRunnableException(NewerClass.explain("class " + className, e) + " (" + where + ")", e);
        } catch (LinkageError | SecurityException e) { // the second: of a package of Java's own, or wrongly signed
            close(loader);
            throw new NotRunnableException("Error loading class " + className + " of " + where + ": " + e, e);
        } catch (IOException e) {
            close(loader);
            throw new NotRunnableException(where + " can't be read: " + e, e);
        } catch (RuntimeException | Error e) {
            close(loader);
            throw e;
        }
    }

    /** Whether it can take a call of this version and code. */
    boolean isOf(FunctionVersion current, CodeVersion currentCode) {
        return !exit.happened() && version.runsAs(current) && (currentCode == null || code == currentCode);
    }

    boolean isOfVersion(String number) {
        return version.version().equals(number);
    }

    /** Whether its version, as it was when this was made, is one of these. */
    boolean isOfSome(Predicate<FunctionVersion> versions) {
        return versions.test(version);
    }

    boolean cold() {
        return handler == null;
    }

    /** Whether the instance can take another call. */
    boolean reusable() {
        return handler != null && !broken && !exit.happened();
    }

    /** Runs static initialisers and the constructor; null when that went well. */
    InvocationResult initialise(RunningCall call) {
        return inside(call, () -> {
            handler = shape.newHandler(new Serializers(loader));
            return null;
        });
    }

    InvocationResult invoke(Payload event, RunningCall call) {
        return inside(call, () -> {
            answer.reset();
            log4j.begin(call.requestId());
            handler.handle(event, answer, new InvocationContext(version, call, logStream, output));
            return answer.result();
        });
    }

    /** Runs the code's shutdown hooks, closes the class loader and lets the code go. */
    void discard() {
        ranOn.forEach(InvocationThreads::spend);
        hooks.run(() -> {
            close(loader);
            code.release();
        });
    }

    @FunctionalInterface
    private interface UserCode {
        InvocationResult run() throws Throwable;
    }

    private InvocationResult inside(RunningCall call, UserCode userCode) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        ranOn.add(thread);
        thread.setContextClassLoader(loader);
        output.begin(call.requestId(), call.log());
        OutputRouting.enter(output);
        exit.begin(call);
        try {
            InvocationResult result = exit.happened() ? null : userCode.run();
            return exit.happened() ? exit.result(call) : result;
        } catch (Throwable e) {
            if (exit.happened()) {
                return exit.result(call);
            }
            // Whatever it is, it is the function's: an OutOfMemoryError or a LinkageError must not end the server. As Lambda ends
            // the process after such an error, this instance takes no further call.
            broken = broken || endsEnvironment(e) || e.getClass() == RuntimeException.class && endsEnvironment(e.getCause());
            call.log().error(ErrorDocument.text(e));
            return ErrorDocument.of(e);
        } finally {
            exit.end();
            output.end();
            OutputRouting.leave();
            thread.setContextClassLoader(before);
        }
    }

    /** Asked of what is thrown, and of what is right inside of it: an event that can't be read is reported as one. */
    private static boolean endsEnvironment(Throwable e) {
        return e instanceof VirtualMachineError || e instanceof IOError;
    }

    private static void close(FunctionClassLoader loader) {
        if (loader != null) {
            try {
                loader.close();
            } catch (IOException e) {
                LOG.warn("The class loader of a function could not be closed", e);
            }
        }
    }
}
