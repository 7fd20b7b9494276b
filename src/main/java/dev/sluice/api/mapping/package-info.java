/**
 * AWS's operations on event source mappings: requests into settings, mappings into answers.
 *
 * <p>{@code EventSourceMappingRoutes} first, then {@code EventSourceMappingRequests} and {@code EventSourceMappingDocument}.
 */
package dev.sluice.api.mapping;
