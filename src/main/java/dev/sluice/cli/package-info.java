/**
 * The commands; all but serve and demo are thin clients of the server's HTTP API.
 *
 * <p>{@code Main} first, then {@code ServeCommand} for the server or {@code MappingsCommand} for a client; {@code ControlClient} talks HTTP.
 */
package dev.sluice.cli;
