/**
 * Java handlers, in whichever JVM: found, loaded, called with an event, and kept apart from others in the same JVM.
 *
 * <p>{@code HandlerInstance} first (in this JVM), or {@code JavaBootstrap} (the main class of a JVM of its own). Finding and calling:
 * {@code HandlerName}, {@code HandlerShape}, {@code Serializers}. Keeping apart: {@code FunctionClassLoader}, {@code JvmWideCalls} (the table of calls),
 * {@code CallRewriter}, and what stands in for the JVM ({@code HandlerSystem} and the other substitutes).
 */
package dev.sluice.runtime.handler;
