package dev.sluice.function;

/** Where does this server find programs? Its own PATH, asked for without its other variables. */
final class ServerPath {

    /** Empty where it has none. */
    static final String TEXT = new ProcessBuilder().environment().getOrDefault("PATH", "");

    private ServerPath() {
    }
}
