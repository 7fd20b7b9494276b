package dev.sluice.cli;

import dev.sluice.server.ServerEndedException;

/** Why a command could not do its work, in one line for its user. */
final class CommandFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** The exit status when the work failed, and when the command line or configuration was wrong. */
    static final int FAILED = 1;
    /** The server, or the command, can't go on: EX_SOFTWARE of sysexits.h. */
    static final int CAN_NOT_GO_ON = 70;
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

    /** The server that this command runs can't go on. */
    static CommandFailedException canNotGoOn(ServerEndedException fault) {
        return new CommandFailedException(CAN_NOT_GO_ON, fault.getMessage());
    }

    int exitStatus() {
        return exitStatus;
    }
}
