package dev.sluice.runtime.handler;

import dev.sluice.function.LoggingConfig;
import dev.sluice.runtime.log.ContextLogger;
import dev.sluice.runtime.log.FunctionOutput;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;

/**
 * To whom does what is printed on System.out and System.err belong? To the handler instance whose thread, or a thread started by
 * it, prints; on a thread that may be anybody's (ForkJoin's common pool, a timer of the JDK's) to the one whose class loader made
 * the class that prints. Anything else goes where it went before. There is one System.out per JVM, hence the static state.
 */
public final class OutputRouting {

    private static final InheritableThreadLocal<Route> CURRENT = new InheritableThreadLocal<>() {
        @Override
        protected Route childValue(Route parent) {
            return parent == null ? null : parent.inherited();
        }
    };
    private static final StackWalker STACK = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

    private OutputRouting() {
    }

    /** @param certain the thread runs the instance; otherwise it was started by one that did, and may serve others since */
    private record Route(FunctionOutput output, boolean certain) {
        private Route inherited() {
            return certain ? new Route(output, false) : this;
        }
    }

    /** Puts the routing streams in place, unless they are, and the logger that belongs to no context. */
    public static synchronized void install() {
        if (!(System.out instanceof RoutingStream)) {
            System.setOut(new RoutingStream(System.out));
        }
        if (!(System.err instanceof RoutingStream)) {
            System.setErr(new RoutingStream(System.err));
        }
        RoutedLogger.install(new ContextLogger(new RoutedLogger(), LoggingConfig.DEFAULT));
    }

    /** The stream itself, never one that routes: what a function prints must not come back to it. */
    public static PrintStream unrouted(PrintStream stream) {
        return stream instanceof RoutingStream routing ? routing.original : stream;
    }

    /** From now on this thread prints for the instance. */
    static void enter(FunctionOutput output) {
        CURRENT.set(new Route(output, true));
    }

    /** This thread belongs to no instance any more. */
    static void leave() {
        CURRENT.remove();
    }

    /** Whose output this thread writes; null when it is no function's. */
    static FunctionOutput current() {
        Route route = CURRENT.get();
        if (route != null && route.certain()) {
            return route.output();
        }
        FunctionOutput printing = STACK.walk(frames -> frames.map(frame -> frame.getDeclaringClass().getClassLoader())
                .filter(FunctionClassLoader.class::isInstance).findFirst()
                .map(loader -> ((FunctionClassLoader) loader).output()).orElse(null));
        return printing != null || route == null ? printing : route.output();
    }

    private static final class RoutingStream extends PrintStream {
        private final PrintStream original;

        private RoutingStream(PrintStream original) {
            // The charset that print(String) uses, and with it the bytes that arrive here, stays the JVM's default for streams.
            super(new Router(original), true, Charset.defaultCharset());
            this.original = original;
        }

        /** It is everybody's: a handler that closes it, as many a library does with what it writes to, must not silence the others. */
        @Override
        public void close() {
            flush();
        }
    }

    private static final class Router extends OutputStream {
        private final PrintStream original;

        private Router(PrintStream original) {
            this.original = original;
        }

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int count) {
            FunctionOutput output = current();
            if (output == null) {
                original.write(bytes, offset, count);
            } else {
                output.write(bytes, offset, count);
            }
        }

        /** A function's lines are flushed as they end; what others wrote must not wait for theirs. */
        @Override
        public void flush() {
            Route route = CURRENT.get();
            if (route == null || !route.certain()) {
                original.flush();
            }
        }
    }
}
