/**
 * The control API below {@code /_sluice/}: what the commands and people at a terminal ask.
 *
 * <p>{@link dev.sluice.api.control.ControlRoutes} first, then {@code DeliveryRoutes} and {@code LogRoutes}.
 */
package dev.sluice.api.control;
