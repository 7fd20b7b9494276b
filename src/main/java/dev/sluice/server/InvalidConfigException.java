package dev.sluice.server;

import java.util.List;

/** Why a configuration can't be used: every problem there is, one a line. */
public final class InvalidConfigException extends RuntimeException {

    private static final long serialVersionUID = 1L;
    private final transient List<String> problems;

    public InvalidConfigException(List<String> problems) {
        super(message(problems));
        this.problems = List.copyOf(problems);
    }

    /** Each problem with the place it is at. */
    public List<String> problems() {
        return problems;
    }

    private static String message(List<String> problems) {
        String head = problems.size() == 1 ? "The configuration has a problem:" : "The configuration has " + problems.size() + " problems:";
        return head + "\n  " + String.join("\n  ", problems);
    }
}
