package dev.sluice.function;

/** The same of handlers that run in a JVM of their own. */
class InvocationContextInAProcessIT extends InvocationContextIT {

    @Override
    Isolation isolation() {
        return Isolation.PROCESS;
    }
}
