package dev.sluice.api.control;

/** Why a request of the control API was refused: its status and a message that names field, value and what is allowed. */
final class ControlException extends RuntimeException {

    private static final long serialVersionUID = 1L;
    private final int status;

    ControlException(int status, String message) {
        super(message);
        this.status = status;
    }

    static ControlException badRequest(String message) {
        return new ControlException(400, message);
    }

    static ControlException notFound(String message) {
        return new ControlException(404, message);
    }

    int status() {
        return status;
    }
}
