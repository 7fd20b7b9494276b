package dev.sluice.runtime.handler;

import dev.sluice.function.FunctionVersion;
import dev.sluice.function.NotRunnableException;
import dev.sluice.invocation.InvocationResult;
import dev.sluice.invocation.Payload;
import dev.sluice.runtime.instance.FunctionEnvironment;
import dev.sluice.runtime.instance.Instance;
import dev.sluice.runtime.instance.InstanceExit;
import dev.sluice.runtime.instance.InstanceSurroundings;
import dev.sluice.runtime.instance.InvocationThreads;
import dev.sluice.runtime.instance.LeftThreads;
import dev.sluice.runtime.instance.RunningCall;
import dev.sluice.runtime.instance.SharedEnvironment;
import dev.sluice.runtime.log.ContextLogger;
import dev.sluice.runtime.log.FunctionOutput;
import java.io.IOException;
import java.time.Clock;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An instance in this JVM: its own class loader, its own handler object. */
public final class HandlerInstance implements Instance {

    private static final Logger LOG = LoggerFactory.getLogger(HandlerInstance.class);

    private final Origin origin;
    private final InvocationContext.Place place;
    private final Clock clock;
    private final FunctionClassLoader loader;
    private final HandlerShape shape;
    private final FunctionOutput output;
    private final InstanceExit exit;
    private final InstanceMove move;
    private final ShutdownHooks hooks;
    private final Log4jContext log4j;
    private final AnswerBuffer answer = new AnswerBuffer();
    /** Threads whose thread locals may hold what is of this instance's classes. */
    private final Set<Thread> ranOn = Collections.newSetFromMap(new WeakHashMap<>());
    private Handler handler;
    private boolean broken;

    private HandlerInstance(Origin origin, FunctionClassLoader loader, HandlerShape shape, FunctionOutput output, Own own) {
        FunctionVersion version = origin.version();
        this.origin = origin;
        this.place = new InvocationContext.Place(version.function(), version.version(), version.settings().memoryMb(),
                version.logGroup(), own.logStream(), new ContextLogger(output, version.settings().logging()));
        this.clock = own.clock();
        this.loader = loader;
        this.shape = shape;
        this.output = output;
        loader.printTo(output);
        output.uncaughtTo(own.uncaught());
        this.exit = own.exit();
        this.move = own.move();
        this.hooks = own.hooks();
        this.log4j = new Log4jContext(loader, own.log4jAppender()::get);
    }

    /** What one instance has for itself and its class loader must know. */
    private record Own(String logStream, Clock clock, InstanceExit exit, InstanceMove move, ShutdownHooks hooks,
            AtomicBoolean log4jAppender,
            AtomicReference<Thread.UncaughtExceptionHandler> uncaught) {
        private Own(FunctionVersion version, InstanceSurroundings surroundings, InstanceMove move) {
            this(surroundings.newLogStream(version), surroundings.clock(), new InstanceExit(version.function()), move,
                    new ShutdownHooks(version.function()), new AtomicBoolean(), new AtomicReference<>());
        }

        private FunctionClassLoader.Substitutes substitutes(FunctionVersion version, SharedEnvironment shared) {
            return new FunctionClassLoader.Substitutes(FunctionEnvironment.of(version, logStream, shared), hooks.registered(),
                    log4jAppender,
                    exit, move, uncaught);
        }
    }

    /** Finds the handler's class and method; on success the instance owns the caller's use of code and layers. */
    public static HandlerInstance load(Origin origin, InstanceSurroundings surroundings, InstanceMove move) throws NotRunnableException {
        FunctionVersion version = origin.version();
        String where = version.code().place();
        HandlerName handler = HandlerName.of(version, where);
        Own own = new Own(version, surroundings, move);
        FunctionClassLoader loader = null;
        try {
            loader = FunctionClassLoader.open(origin.code().archive(), origin.libraries(),
                    own.substitutes(version, surroundings.environment()));
            HandlerShape shape = handler.shape(loader);
            FunctionOutput output = new FunctionOutput(version.function(), surroundings.output());
            return new HandlerInstance(origin, loader, shape, output, own);
        } catch (IOException e) {
            close(loader);
            throw new NotRunnableException(where + " can't be read: " + e, e);
        } catch (NotRunnableException | RuntimeException | Error e) {
            close(loader);
            throw e;
        }
    }

    @Override
    public Origin origin() {
        return origin;
    }

    @Override
    public boolean inProcess() {
        return false;
    }

    @Override
    public Optional<String> wantsToMove() {
        return move.because();
    }

    @Override
    public boolean cold() {
        return handler == null;
    }

    @Override
    public boolean reusable() {
        return handler != null && !broken && !exit.happened() && move.because().isEmpty();
    }

    /** Runs static initialisers and the constructor; null when that went well. */
    @Override
    public InvocationResult initialise(RunningCall call) {
        return inside(call, () -> {
            handler = shape.newHandler(new Serializers(loader));
            return null;
        });
    }

    @Override
    public InvocationResult invoke(Payload event, RunningCall call) {
        return inside(call, () -> {
            answer.reset();
            log4j.begin(call.requestId());
            handler.handle(event, answer, new InvocationContext(place, call, clock.millis() + call.remainingMillis()));
            return answer.result();
        });
    }

    /** Nothing to do: a Java thread can only be interrupted. */
    @Override
    public void abort() {
    }

    /** Runs the code's shutdown hooks, closes the class loader and lets the code go; of code that moves, also interrupts its threads. */
    @Override
    public void discard() {
        ranOn.forEach(InvocationThreads::spend);
        hooks.run(() -> {
            close(loader);
            if (move.because().isPresent()) {
                LeftThreads.interrupt(origin.version().function(), loader);
            }
            origin.release();
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
        move.begin();
        try {
            InvocationResult result = exit.happened() ? null : userCode.run();
            return exit.happened() && move.because().isEmpty() ? exit.result(call) : moved().orElse(result);
        } catch (Throwable e) {
            if (move.because().isPresent() || ThrownError.isOutOfMemory(e) && move.outOfMemory()) {
                return moved().orElseThrow();
            }
            if (exit.happened()) {
                return exit.result(call);
            }
            // Whatever it is, it is the function's: an OutOfMemoryError or a LinkageError must not end the server. As Lambda ends
            // the process after such an error, this instance takes no further call.
            broken = broken || ThrownError.endsEnvironment(e);
            call.log().error(ThrownError.of(e).text());
            return ThrownError.of(e).document();
        } finally {
            exit.end();
            move.end();
            output.end();
            OutputRouting.leave();
            thread.setContextClassLoader(before);
        }
    }

    /** What counts instead of whatever its code made of the call. */
    private Optional<InvocationResult> moved() {
        return move.because().map(InvocationResult.Moved::new);
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
