package dev.sluice.chaos;

import dev.sluice.fixture.FreePort;

/** The ports of a run, the same at every restart. Immutable. */
record Ports(int proxy, int broker, int harness, int server, int function) {

    /** Ports that are free. */
    static Ports free() {
        return new Ports(FreePort.one(), FreePort.one(), FreePort.one(), FreePort.one(), FreePort.one());
    }
}
