package dev.sluice.runtime;

import dev.sluice.function.FunctionDefinition;
import dev.sluice.function.FunctionVersion;
import dev.sluice.function.NotRunnableException;
import dev.sluice.function.Time;
import dev.sluice.runtime.handler.HandlerInstance;
import dev.sluice.runtime.handler.InstanceMove;
import dev.sluice.runtime.handler.JvmWideCalls;
import dev.sluice.runtime.instance.Instance;
import dev.sluice.runtime.process.ProcessInstance;
import dev.sluice.runtime.process.ProcessSurroundings;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Where does one function's code run, and how is an instance of it made there? Thread-safe. */
final class Instances {

    private final ProcessSurroundings surroundings;
    private final JavaPlacement.Rules rules;
    private final Supplier<Optional<FunctionDefinition>> definition;
    private final Consumer<String> moves;
    /** The calls of {@link JvmWideCalls} that were let through, and that the log was told of. */
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    /**
     * @param rules where Java code runs
     * @param definition the function as it is defined now, empty once it is deleted
     * @param moves stores with the function that its code runs in a process from now on; takes the reason
     */
    Instances(ProcessSurroundings surroundings, JavaPlacement.Rules rules, Supplier<Optional<FunctionDefinition>> definition,
            Consumer<String> moves) {
        this.surroundings = surroundings;
        this.rules = rules;
        this.definition = definition;
        this.moves = moves;
    }

    Time time() {
        return new Time(surroundings.shared().clock(), System::nanoTime);
    }

    /** Of Java code. */
    JavaPlacement placement(FunctionVersion version) {
        return rules.of(version, definition.get().map(FunctionDefinition::move).orElse(null),
                surroundings.shared().environment().over(version));
    }

    /** Whether an instance of the version belongs into a process of its own now. */
    boolean inProcess(FunctionVersion version) {
        return !version.isJava() || placement(version).inProcess();
    }

    /** On success the instance owns the caller's use of code and layers. */
    Instance load(Instance.Origin origin) throws NotRunnableException {
        FunctionVersion version = origin.version();
        JavaPlacement placement = version.isJava() ? placement(version) : null;
        if (placement == null || placement.inProcess()) {
            return ProcessInstance.load(origin, surroundings);
        }
        return HandlerInstance.load(origin, surroundings.shared(),
                new InstanceMove(version.function(), placement.place() == JavaPlacement.Place.SHARED, told));
    }

    /** The same in a process, whatever is stored: code and layers get one more user. */
    Instance loadInProcess(Instance.Origin origin) throws NotRunnableException {
        origin.retain();
        try {
            return ProcessInstance.load(origin, surroundings);
        } catch (NotRunnableException | RuntimeException | Error e) {
            origin.release();
            throw e;
        }
    }

    /** The code that an instance was made of needs a JVM of its own; what comes next finds it there. */
    void moved(String because) {
        moves.accept(because);
    }

    /** Ends an instance; when nobody has heard yet that its code must move, as between two calls, this is the time. */
    void discard(Instance instance) {
        try {
            instance.wantsToMove().ifPresent(this::moved);
        } finally {
            instance.discard();
        }
    }
}
