/**
 * What a function is: its definition with versions and aliases, its settings, and the use cases that change them.
 *
 * <p>{@link dev.sluice.function.FunctionDefinition} first, then {@link dev.sluice.function.FunctionRegistry}, whose siblings
 * ({@code FunctionVersions}, {@code FunctionAliases}, {@code FunctionAccount}) are AWS's other operations; all of them change a definition
 * through {@code FunctionDefinitions}. {@code FunctionStore} and {@code Uploads} are ports.
 */
package dev.sluice.function;
