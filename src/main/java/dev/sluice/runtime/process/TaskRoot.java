package dev.sluice.runtime.process;

import dev.sluice.runtime.instance.Instance;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Where does a function's process find its code, and run? Lambda's {@code /var/task}. Stateless. */
final class TaskRoot {

    private TaskRoot() {
    }

    /** A directory in the working tree that is laid out as Lambda's zip is it itself; of all else a copy is unpacked. */
    static Path of(Instance.Origin origin) throws IOException {
        Optional<Path> inPlace = origin.version().code().taskRoot();
        return inPlace.isPresent() ? inPlace.get() : origin.code().unpacked();
    }
}
