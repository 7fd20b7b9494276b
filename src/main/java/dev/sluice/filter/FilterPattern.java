package dev.sluice.filter;

import java.util.List;
import java.util.Optional;

/**
 * Whether a record is one that a filter pattern asks for. Immutable, thread-safe.
 *
 * @param value what the record's value must be: {@link ValueRule.Members} for JSON, {@link ScalarRule} for text; empty when the
 *     pattern has only a {@code $or}
 * @param choices the alternatives of a {@code $or} beside {@code value}
 */
record FilterPattern(Optional<ValueRule> value, List<List<FilterPattern>> choices) {

    /** What a record's value is, as Lambda tells it before it filters. */
    enum Format {
        JSON, TEXT, NEITHER;

        private boolean suits(ValueRule rule) {
            return this == JSON && rule instanceof ValueRule.Members || this == TEXT && rule instanceof ScalarRule;
        }
    }

    FilterPattern {
        choices = choices.stream().map(List::copyOf).toList();
    }

    /** A rule for the other format is left out, as Lambda does it for Kafka: it doesn't keep the record away. */
    boolean passes(Format format, FoundValues found) {
        if (value.isPresent() && format.suits(value.get()) && value.get().match(found) == Match.NO) {
            return false;
        }
        for (List<FilterPattern> alternatives : choices) {
            if (alternatives.stream().noneMatch(alternative -> alternative.passes(format, found))) {
                return false;
            }
        }
        return true;
    }
}
