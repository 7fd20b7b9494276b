/** The HTTP border: AWS's REST-JSON protocol, request validation from the OpenAPI contract, and the routes. */
package dev.sluice.api;
