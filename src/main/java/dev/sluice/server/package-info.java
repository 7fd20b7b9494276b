/**
 * The configuration, and the only place that constructs and wires the parts of the server.
 *
 * <p>{@link dev.sluice.server.Sluice} first: the whole program on a page. The configuration: {@code ConfigLoader} into
 * {@link dev.sluice.server.ServerConfig}, whose declarations {@code Declared} applies.
 */
package dev.sluice.server;
