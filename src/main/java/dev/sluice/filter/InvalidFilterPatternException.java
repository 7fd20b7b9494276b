package dev.sluice.filter;

/** A filter pattern that Lambda would refuse; the message says where and why, for people. */
final class InvalidFilterPatternException extends Exception {

    private static final long serialVersionUID = 1L;

    InvalidFilterPatternException(String message) {
        super(message);
    }
}
