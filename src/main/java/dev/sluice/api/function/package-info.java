/**
 * AWS's operations on functions, versions, aliases and accounts, and Invoke.
 *
 * <p>{@code FunctionRoutes} first, then {@code FunctionRequests} and {@code FunctionDocument}; {@code InvokeRoute} has a function called.
 */
package dev.sluice.api.function;
