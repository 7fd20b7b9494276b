package dev.sluice.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.ServerSocket;

/** Ports for what has to be told its port, because it comes back there. */
public final class FreePort {

    private FreePort() {
    }

    /** One that is free now. */
    public static int one() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One that is free now, and the one this far behind it as well. */
    public static int andTheOneBehind(int offset) {
        while (true) {
            try (ServerSocket first = new ServerSocket(0); ServerSocket second = new ServerSocket(first.getLocalPort() + offset)) {
                if (second.isBound()) {
                    return first.getLocalPort();
                }
            } catch (BindException | IllegalArgumentException taken) {
                continue;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
