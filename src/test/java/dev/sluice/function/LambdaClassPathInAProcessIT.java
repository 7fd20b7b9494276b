package dev.sluice.function;

/** The same of handlers that run in a JVM of their own. */
class LambdaClassPathInAProcessIT extends LambdaClassPathIT {

    @Override
    Isolation isolation() {
        return Isolation.PROCESS;
    }
}
