package dev.sluice.runtime.api;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * A process and all that it has started. On Linux these are found by the process group and the session, which are the process's
 * own, and those that went into a session of their own by the variable that names its port, or by the pipe that their output still
 * goes to; elsewhere only by who started whom, which forgets those whose parent has ended. Thread-safe.
 */
final class ProcessFamily {

    /** Killing one that starts others all the time takes more than one look; it must not take for ever. */
    private static final int MOST_LOOKS = 20;
    private static final long BETWEEN_LOOKS_NANOS = 1_000_000;

    private final ProcessHandle root;
    private final String variable;
    private final OptionalLong since;
    private final Optional<String> output;

    /**
     * @param variable {@code NAME=value} in the environment of this process and of no other's family
     * @param since a time before it was started, as {@link ProcessTable#now} tells it
     */
    ProcessFamily(ProcessHandle root, String variable, OptionalLong since) {
        this.root = root;
        this.variable = variable;
        this.since = since;
        this.output = ProcessTable.output(root.pid()).filter(target -> target.startsWith("pipe:"));
    }

    /** Kills the process, and those of its descendants that are found at once; {@link #killRest} is for the others. */
    void kill() {
        // Before the process: its end makes them somebody else's.
        List<ProcessHandle> descendants = root.descendants().toList();
        root.destroyForcibly();
        descendants.forEach(ProcessHandle::destroyForcibly);
    }

    /** Kills whatever the process, which has ended, has left. */
    void killRest() {
        Set<Long> killed = new HashSet<>();
        for (int look = 0; look < MOST_LOOKS && since.isPresent(); look++) {
            boolean found = false;
            for (ProcessTable.Entry other : ProcessTable.entries()) {
                if (belongs(other) && killed.add(other.pid())) {
                    found = true;
                    ProcessHandle.of(other.pid()).ifPresent(ProcessHandle::destroyForcibly);
                }
            }
            if (!found) {
                return;
            }
            LockSupport.parkNanos(BETWEEN_LOOKS_NANOS);
        }
    }

    private boolean belongs(ProcessTable.Entry other) {
        long first = root.pid();
        // Older ones are none of its own, whatever their variables say: ports are used again.
        return other.pid() != first && other.started() >= since.getAsLong()
                && (other.group() == first || other.session() == first || ProcessTable.hasVariable(other.pid(), variable)
                        || output.isPresent() && ProcessTable.output(other.pid()).equals(output));
    }
}
