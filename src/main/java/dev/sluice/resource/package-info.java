/**
 * What all resources of AWS have: an account and a region ({@link dev.sluice.resource.Scope}, read it first), ARNs, references as callers
 * write them, and tags.
 */
package dev.sluice.resource;
