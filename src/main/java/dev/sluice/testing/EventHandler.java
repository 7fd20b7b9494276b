package dev.sluice.testing;

/** What does a function do with an event? Runs in the test's JVM; what it throws is the function's error, and the records come again. */
@FunctionalInterface
public interface EventHandler {

    void handle(Event event) throws Exception;
}
