package dev.sluice.credential;

/** A certificate or private key is of no form that AWS takes. The message says which and why, without any of its content. */
public final class InvalidCertificateException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InvalidCertificateException(String message) {
        super(message);
    }
}
