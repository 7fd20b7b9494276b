package dev.sluice.testing;

/** What did the server refuse, and why? The message is the server's: AWS's words where AWS refuses it too. */
public final class SluiceRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;

    SluiceRefusedException(int status, String message) {
        super(message);
        this.status = status;
    }

    /** Of the HTTP answer. */
    public int status() {
        return status;
    }
}
