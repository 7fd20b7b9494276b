/** Which records a mapping wants: filter patterns as Lambda reads them, and what they say of a record. */
package dev.sluice.filter;
