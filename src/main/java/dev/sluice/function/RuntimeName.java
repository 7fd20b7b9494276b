package dev.sluice.function;

import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which runtime of Lambda is it that somebody names for code in the working tree? One that can be run here. Immutable.
 *
 * @param text AWS's name of it, such as {@code python3.12}
 */
public record RuntimeName(String text) {

    /** What it may look like, for messages. */
    public static final String ALLOWED = "javaNN as in java21, python3.NN as in python3.12, nodejsNN.x as in nodejs22.x, provided.al2"
            + " or provided.al2023";

    private static final Pattern RUNS_HERE =
            Pattern.compile("java(8(\\.al2(023)?)?|\\d{2}(\\.al2023)?)|python3\\.\\d{1,2}|nodejs\\d{1,2}\\.x|provided\\.al2(023)?");

    public RuntimeName {
        Objects.requireNonNull(text, "text");
        if (!RUNS_HERE.matcher(text).matches()) {
            throw new IllegalArgumentException("runtime is '" + text + "'; allowed is " + ALLOWED);
        }
    }

    /** Empty when nothing here runs it, or AWS has no such name. */
    public static Optional<RuntimeName> parse(String text) {
        return RUNS_HERE.matcher(text).matches() ? Optional.of(new RuntimeName(text)) : Optional.empty();
    }

    public boolean isJava() {
        return kind() == RuntimeKind.JAVA;
    }

    /** Whether a program of this machine, that need not come with the code, reads and runs the code. */
    public boolean hasInterpreter() {
        return kind() == RuntimeKind.PYTHON || kind() == RuntimeKind.NODE;
    }

    /** What a handler looks like; empty for code that isn't told which of its functions to call. */
    Optional<String> handlerExample() {
        return Optional.ofNullable(switch (kind()) {
            case JAVA -> "com.example.Orders::handleRequest";
            case PYTHON -> "app.handler";
            case NODE -> "index.handler";
            case PROVIDED -> null;
        });
    }

    private RuntimeKind kind() {
        return RuntimeKind.of(text).orElseThrow();
    }
}
