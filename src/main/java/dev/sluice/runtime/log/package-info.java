/**
 * What functions log: the lines of an invocation, in Lambda's forms, and the log that keeps them.
 *
 * <p>{@link dev.sluice.runtime.log.InvocationLog} first, then {@code LogForm}; {@code FunctionOutput} cuts what a function prints into lines, and
 * {@code FunctionLogs} keeps them for who asks.
 */
package dev.sluice.runtime.log;
