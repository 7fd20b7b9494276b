package dev.sluice.testing;

import dev.sluice.function.RuntimeProcess;
import dev.sluice.function.RuntimeProcesses;

/** For tests whose functions run in no process. */
public final class NoProcesses implements RuntimeProcesses {

    @Override
    public RuntimeProcess start(Launch launch, Output output) {
        throw new AssertionError("no process is to be started: " + launch);
    }
}
