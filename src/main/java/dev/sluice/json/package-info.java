/**
 * Small JSON answers read without a library: for commands, which end before one would be loaded, and for tests, on whose class path none
 * may be. Begin with {@link dev.sluice.json.Json}.
 */
package dev.sluice.json;
