package dev.sluice.testing;

/** What did the server refuse, and why? The message is the server's: AWS's words where AWS refuses it too, and a hint on a line of its own. */
public final class SluiceRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;

    /** @param hint at the cause or the way out; null where the server knows none */
    SluiceRefusedException(int status, String message, String hint) {
        super(hint == null ? message : message + "\n" + hint);
        this.status = status;
    }

    /** Of the HTTP answer. */
    public int status() {
        return status;
    }
}
