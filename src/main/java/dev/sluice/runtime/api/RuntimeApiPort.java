package dev.sluice.runtime.api;

/**
 * The port of one process.
 *
 * @param closing frees it, and closes all its connections
 */
record RuntimeApiPort(int number, OpenConnections connections, Runnable closing) {

    /** As {@code AWS_LAMBDA_RUNTIME_API} has it. */
    String address() {
        return "127.0.0.1:" + number;
    }

    void close() {
        closing.run();
    }
}
