package dev.sluice.function;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One execution environment of a function in this JVM: its own class loader, its own handler object. It knows the version and
 * the code it was made from. Used by one thread at a time; whoever has it discards it.
 */
final class HandlerInstance {

    private static final Logger LOG = LoggerFactory.getLogger(HandlerInstance.class);
    private static final DateTimeFormatter LOG_STREAM_DATE = DateTimeFormatter.ofPattern("yyyy/MM/dd", Locale.ROOT);
    private static final Pattern NEWER_CLASS = Pattern.compile("class file version (\\d+)\\.");
    /** Class file version 52 is Java 8, and so on. */
    private static final int CLASS_FILE_OFFSET = 44;

    private final FunctionVersion version;
    private final CodeVersion code;
    private final FunctionClassLoader loader;
    private final HandlerShape shape;
    private final FunctionOutput output;
    private final String logStream;
    private final AnswerBuffer answer = new AnswerBuffer();
    private Handler handler;
    private boolean broken;

    private HandlerInstance(FunctionVersion version, CodeVersion code, FunctionClassLoader loader, HandlerShape shape,
                            Surroundings surroundings) {
        this.version = version;
        this.code = code;
        this.loader = loader;
        this.shape = shape;
        this.output = new FunctionOutput(version.function(), surroundings.output());
        this.logStream = LocalDate.now(surroundings.clock().withZone(ZoneOffset.UTC)).format(LOG_STREAM_DATE) + "/[" + version.version() + "]"
                + String.format("%016x%016x", System.identityHashCode(this), System.nanoTime());
    }

    /** Where instances live: their output's destination, and the time. */
    record Surroundings(PrintStream output, Clock clock) {
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
        FunctionClassLoader loader = null;
        try {
            loader = FunctionClassLoader.open(code);
            HandlerShape shape = HandlerShape.of(Class.forName(className, false, loader), methodName);
            return new HandlerInstance(version, code, loader, shape, surroundings);
        } catch (NotRunnableException e) {
            close(loader);
            throw new NotRunnableException(e.getMessage() + " (handler " + handler + ", " + where + ")", e);
        } catch (ClassNotFoundException e) {
            close(loader);
            throw new NotRunnableException("Class not found: " + className + " (in " + where + ")", e);
        } catch (UnsupportedClassVersionError e) {
            close(loader);
            throw new NotRunnableException(newerClass(e, className) + " (" + where + ")", e);
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

    boolean isOf(FunctionVersion current, CodeVersion currentCode) {
        return version.runsAs(current) && (currentCode == null || code == currentCode);
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
        return handler != null && !broken;
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
            handler.handle(event.stream(), answer, new InvocationContext(version, call, logStream, output));
            return answer.result();
        });
    }

    /** Closes the class loader and lets the code go. */
    void discard() {
        close(loader);
        code.release();
    }

    @FunctionalInterface
    private interface UserCode {
        InvocationResult run() throws Throwable;
    }

    private InvocationResult inside(RunningCall call, UserCode userCode) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        output.begin(call.requestId(), call.log());
        OutputRouting.enter(output);
        try {
            return userCode.run();
        } catch (Throwable e) {
            // Whatever it is, it is the function's: an OutOfMemoryError or a LinkageError must not end the server. As Lambda ends
            // the process after such an error, this instance takes no further call.
            broken = broken || e instanceof VirtualMachineError;
            if (call.log() != null) {
                call.log().line(ErrorDocument.text(e));
            }
            return ErrorDocument.of(e);
        } finally {
            output.end();
            OutputRouting.leave();
            thread.setContextClassLoader(before);
        }
    }

    private static String newerClass(UnsupportedClassVersionError e, String className) {
        Matcher version = NEWER_CLASS.matcher(String.valueOf(e.getMessage()));
        int here = Runtime.version().feature();
        if (!version.find()) {
            return "class " + className + " can't be run by Java " + here + ": " + e.getMessage();
        }
        int needed = Integer.parseInt(version.group(1)) - CLASS_FILE_OFFSET;
        return "class " + className + " was compiled for Java " + needed + ", but Sluice runs on Java " + here
                + "; start Sluice with Java " + needed + " or compile with --release " + here;
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
