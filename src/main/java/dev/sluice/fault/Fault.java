package dev.sluice.fault;

/**
 * What did the server not survive, and in which thread?
 *
 * @param cause what the thread died of, or had caught
 */
public record Fault(Thread thread, Throwable cause) {

    /** For a sentence: {@code java.lang.OutOfMemoryError: Java heap space, in thread kafka-watch}. */
    @Override
    public String toString() {
        return cause + ", in thread " + thread.getName();
    }
}
