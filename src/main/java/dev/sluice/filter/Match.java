package dev.sluice.filter;

/**
 * How a rule of a filter pattern holds: an array in a value matches when one of its elements does, but a rule that only asks for
 * something to be missing must hold for all of them.
 */
enum Match {
    NO, BY_ABSENCE, BY_VALUE
}
