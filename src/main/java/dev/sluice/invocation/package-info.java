/**
 * The words of whoever has a function invoked: what goes in, who listens, what comes of it.
 *
 * <p>{@link dev.sluice.invocation.FunctionInvoker} first, then {@link dev.sluice.invocation.InvocationResult}.
 */
package dev.sluice.invocation;
