package dev.sluice.runtime.code;

/** Where does this server find programs? Its own PATH, asked for without its other variables. */
public final class ServerPath {

    /** Empty where it has none. */
    public static final String TEXT = new ProcessBuilder().environment().getOrDefault("PATH", "");

    private ServerPath() {
    }
}
