package dev.sluice.server;

/** Why a text can't be the value of a setting; the reader of the configuration adds where it is and goes on. */
final class BadValueException extends Exception {

    private static final long serialVersionUID = 1L;

    BadValueException(String value, String allowed) {
        super("is '" + value + "'; allowed is " + allowed);
    }
}
