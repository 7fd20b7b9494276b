package dev.sluice.runtime.process;

import java.io.IOException;

/** Where do processes that the user started himself ask for a function's events? Thread-safe. */
public interface AttachPoints {

    /** Of a server at which none can ask. */
    AttachPoints NONE = function -> {
        throw new IOException("this server has no ports for processes that attach themselves");
    };

    /**
     * Listens for processes of the function, at the address where it did so last if that is still to be had.
     *
     * @throws IOException when no port is to be had
     */
    AttachPoint open(String function) throws IOException;
}
