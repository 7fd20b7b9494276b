package dev.sluice.runtime.process;

import dev.sluice.resource.Scope;
import dev.sluice.runtime.instance.InstanceSurroundings;

/**
 * What does an instance that is a process find around it, and how is it started? Immutable.
 *
 * @param shared what it shares with instances in this JVM
 * @param processes starts it
 * @param commands what it runs
 */
public record ProcessSurroundings(InstanceSurroundings shared, RuntimeProcesses processes, ProcessCommands commands) {

    /** The same for the functions of this account and region; null for none of their own. */
    public ProcessSurroundings in(Scope owner) {
        return new ProcessSurroundings(shared.in(owner), processes, commands);
    }
}
