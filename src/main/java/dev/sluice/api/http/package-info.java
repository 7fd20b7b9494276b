/**
 * The HTTP border itself: sockets, bodies, which hosts may ask, and how an error is answered.
 *
 * <p>{@link dev.sluice.api.http.ApiServer} first; a request passes {@code RequestGuard} and {@code BodyHandler} ({@code RequestBody}); what is thrown
 * becomes an answer in {@code ErrorAnswers}.
 */
package dev.sluice.api.http;
