package dev.sluice.testing;

/** What does a function answer to an event? Runs in the test's JVM; what it throws is the function's error. */
@FunctionalInterface
public interface EventFunction {

    /** @return Maps, Lists, texts, numbers, booleans and null, or a {@link dev.sluice.json.Json} of them */
    Object handle(Event event) throws Exception;
}
