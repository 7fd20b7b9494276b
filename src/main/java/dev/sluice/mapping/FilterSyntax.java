package dev.sluice.mapping;

import java.util.Optional;

/** Whether a filter pattern is one that Lambda takes for a Kafka source. Thread-safe, does no I/O. */
@FunctionalInterface
public interface FilterSyntax {

    /** What is wrong with {@code pattern}, for people; empty when nothing is. AWS itself has one text for every kind of mistake. */
    Optional<String> problem(String pattern);
}
