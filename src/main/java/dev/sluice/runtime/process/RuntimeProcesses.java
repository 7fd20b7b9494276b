package dev.sluice.runtime.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** How is a process started that asks for its events over the Lambda Runtime API? Thread-safe. */
public interface RuntimeProcesses {

    /**
     * Starts one and returns at once.
     *
     * @throws IOException when there is no such command, or no process can be had
     */
    RuntimeProcess start(Launch launch, Output output) throws IOException;

    /**
     * What is started. {@link #toString} leaves the environment's values out: they may be secrets.
     *
     * @param function its name, for messages
     * @param directory where it runs
     * @param environment all that it sees, but for {@code AWS_LAMBDA_RUNTIME_API}, which is added
     */
    record Launch(String function, List<String> command, Path directory, Map<String, String> environment) {
        public Launch {
            Objects.requireNonNull(function, "function");
            Objects.requireNonNull(directory, "directory");
            command = List.copyOf(command);
            environment = Map.copyOf(environment);
        }

        @Override
        public String toString() {
            return "Launch[" + function + ", " + command + ", directory=" + directory + ", environment=" + environment.keySet() + "]";
        }
    }

    /** Takes what the process and all that it starts print, in order, on one thread at a time. */
    @FunctionalInterface
    interface Output {
        void write(byte[] bytes, int offset, int count);
    }
}
