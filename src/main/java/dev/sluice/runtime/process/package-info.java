/**
 * Functions that are processes, in any language: what is started, where, and with which bootstrap; and those that attach themselves.
 *
 * <p>{@code ProcessInstance} first, then {@code ProcessCommands}. {@code RuntimeProcesses} is the port behind which the Runtime API is;
 * {@code bootstrap.py} and {@code bootstrap.mjs} lie beside it as resources.
 */
package dev.sluice.runtime.process;
