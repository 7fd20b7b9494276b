package dev.sluice.testing;

import dev.sluice.function.Isolation;
import dev.sluice.runtime.process.LocalRuntimes;
import dev.sluice.runtime.process.RuntimeProcess;
import dev.sluice.runtime.process.RuntimeProcesses;
import java.util.Map;

/** For tests whose functions run in no process. */
public final class NoProcesses implements RuntimeProcesses {

    /** Java in this JVM, and nothing else. */
    public static final LocalRuntimes RUNTIMES = new LocalRuntimes(new NoProcesses(), Isolation.JVM, Map.of(), Map.of());

    @Override
    public RuntimeProcess start(Launch launch, Output output) {
        throw new AssertionError("no process is to be started: " + launch);
    }
}
