package dev.sluice.runtime.log;

import dev.sluice.function.Isolation;

/** The same of handlers that run in a JVM of their own. */
class InvocationLogInAProcessIT extends InvocationLogIT {

    @Override
    Isolation isolation() {
        return Isolation.PROCESS;
    }
}
