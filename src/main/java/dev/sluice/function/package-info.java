/** The functions: where their code is, and how one is invoked. */
package dev.sluice.function;
