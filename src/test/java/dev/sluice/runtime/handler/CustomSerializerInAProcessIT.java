package dev.sluice.runtime.handler;

import dev.sluice.function.Isolation;

/** The same of handlers that run in a JVM of their own. */
class CustomSerializerInAProcessIT extends CustomSerializerIT {

    @Override
    Isolation isolation() {
        return Isolation.PROCESS;
    }
}
