/** Why does nothing arrive at a function, or what holds it up? Pure: it says what follows from what others know, and asks nobody. */
package dev.sluice.diagnosis;
