/**
 * What the secrets are that mappings and clusters name by ARN. Begin with {@link dev.sluice.secret.Secrets}: who looks, how long what was
 * found is kept, and which version it is; the {@link dev.sluice.secret.SecretSource}s say where.
 */
package dev.sluice.secret;
