/**
 * The contract of an execution environment, in this JVM or outside: how it is called, what it finds around it, how it ends.
 *
 * <p>{@link dev.sluice.runtime.instance.Instance} and {@link dev.sluice.runtime.instance.FunctionRunner} first, then {@code RunningCall};
 * {@code FunctionEnvironment} says which variables it has.
 */
package dev.sluice.runtime.instance;
