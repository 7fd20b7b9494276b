/**
 * How secrets become what Kafka's clients log in with. Begin with {@link dev.sluice.credential.CredentialReader}: from a mapping's source
 * access configurations to {@link dev.sluice.credential.Credentials}, a value with a version.
 */
package dev.sluice.credential;
