/** What tests of several packages share: test data, in-memory stores, and the contracts that every store keeps. */
package dev.sluice.testing;
