/**
 * What AWS's model says of a request, read from {@code openapi/lambda.json}: limits, patterns, members.
 *
 * <p>{@link dev.sluice.api.contract.Contract} first, then {@code ModelValidator} and {@code ConstraintCheck}.
 */
package dev.sluice.api.contract;
