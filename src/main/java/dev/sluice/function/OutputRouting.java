package dev.sluice.function;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;

/**
 * To whom does what is printed on System.out and System.err belong? To the handler instance whose thread, or a thread started by
 * it, prints; anything else goes where it went before. There is one System.out per JVM, hence the static state.
 */
final class OutputRouting {

    private static final InheritableThreadLocal<FunctionOutput> CURRENT = new InheritableThreadLocal<>();

    private OutputRouting() {
    }

    /** Puts the routing streams in place, unless they are. */
    static synchronized void install() {
        if (!(System.out instanceof RoutingStream)) {
            System.setOut(new RoutingStream(System.out));
        }
        if (!(System.err instanceof RoutingStream)) {
            System.setErr(new RoutingStream(System.err));
        }
    }

    /** The stream itself, never one that routes: what a function prints must not come back to it. */
    static PrintStream unrouted(PrintStream stream) {
        return stream instanceof RoutingStream routing ? routing.original : stream;
    }

    /** From now on this thread prints for the instance. */
    static void enter(FunctionOutput output) {
        CURRENT.set(output);
    }

    /** This thread belongs to no instance any more. */
    static void leave() {
        CURRENT.remove();
    }

    private static final class RoutingStream extends PrintStream {
        private final PrintStream original;

        private RoutingStream(PrintStream original) {
            // The charset that print(String) uses, and with it the bytes that arrive here, stays the JVM's default for streams.
            super(new Router(original), true, Charset.defaultCharset());
            this.original = original;
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
            FunctionOutput output = CURRENT.get();
            if (output == null) {
                original.write(bytes, offset, count);
            } else {
                output.write(bytes, offset, count);
            }
        }

        @Override
        public void flush() {
            if (CURRENT.get() == null) {
                original.flush();
            }
        }
    }
}
