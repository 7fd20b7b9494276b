/** Functions that are processes: starting and ending one, and the Lambda Runtime API over which it gets its events. */
package dev.sluice.runtimeapi;
