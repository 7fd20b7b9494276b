/**
 * HTTP: AWS's Lambda API and the control API, and what joins their routes.
 *
 * <p>{@link dev.sluice.api.AwsRoutes} first; a request's way goes on in {@code aws}, {@code contract}, then {@code mapping} or {@code function}.
 * In these rooms a class named ...Requests reads AWS's requests into the words of a use case, ...Members reads the members of one, ...Document
 * writes AWS's answers, ...Form reads and writes those of the control API, and ...Extras writes what AWS's answers have besides.
 */
package dev.sluice.api;
