/**
 * The Lambda Runtime API: starting and ending a process, and how it gets its events.
 *
 * <p>{@link dev.sluice.runtime.api.ChildProcesses} first, then {@code ChildProcess}, {@code RuntimeApi} and {@code Exchange}, which brings event and
 * request together; processes that attach themselves: {@code AttachedProcesses}, {@code SharedExchange}.
 */
package dev.sluice.runtime.api;
