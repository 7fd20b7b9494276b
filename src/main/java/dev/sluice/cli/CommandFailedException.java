package dev.sluice.cli;

/** Why a command could not do its work, in one line for its user. */
final class CommandFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** The exit status when the work failed, and when the command line or configuration was wrong. */
    static final int FAILED = 1;
    static final int WRONG_USAGE = 2;

    private final int exitStatus;

    private CommandFailedException(int exitStatus, String message) {
        super(message);
        this.exitStatus = exitStatus;
    }

    static CommandFailedException failed(String message) {
        return new CommandFailedException(FAILED, message);
    }

    static CommandFailedException wrongUsage(String message) {
        return new CommandFailedException(WRONG_USAGE, message);
    }

    int exitStatus() {
        return exitStatus;
    }
}
