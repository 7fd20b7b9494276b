/** The configuration, and the only place that constructs and wires the parts of the server. */
package dev.sluice.server;
