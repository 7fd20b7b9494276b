package dev.sluice.filter;

import dev.sluice.dispatch.PartitionRecords;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whether a record is one that a filter pattern asks for. Immutable, thread-safe.
 *
 * @param value what the record's value must be: {@link ValueRule.Members} for JSON, {@link ScalarRule} for text; empty when the
 *     pattern doesn't say
 * @param metadata what else of the record is asked for
 * @param choices the alternatives of each {@code $or} beside {@code value}
 */
record FilterPattern(Optional<ValueRule> value, List<MetadataRule> metadata, List<List<FilterPattern>> choices) {

    /** How well a record fits, the worst first: what all must hold is as good as its worst part, of alternatives the best counts. */
    enum Fit {
        NO,
        /** But for the value, which is of another format than the pattern's. */
        OTHER_FORMAT,
        YES
    }

    FilterPattern {
        metadata = List.copyOf(metadata);
        choices = choices.stream().map(List::copyOf).toList();
    }

    /** @param found what the value has, if it is of {@code format} JSON or TEXT */
    Fit fit(PartitionRecords records, int index, ValueFormat format, FoundValues found) {
        for (MetadataRule rule : metadata) {
            if (!rule.holds(records, index)) {
                return Fit.NO;
            }
        }
        Fit worst = value.isPresent() ? fit(value.get(), format, found) : Fit.YES;
        for (List<FilterPattern> alternatives : choices) {
            if (worst == Fit.NO) {
                return worst;
            }
            worst = worse(worst, best(alternatives, records, index, format, found));
        }
        return worst;
    }

    /** How well a record fits the one that it fits best. */
    static Fit best(List<FilterPattern> patterns, PartitionRecords records, int index, ValueFormat format, FoundValues found) {
        Fit best = Fit.NO;
        for (FilterPattern pattern : patterns) {
            Fit fit = pattern.fit(records, index, format, found);
            if (fit == Fit.YES) {
                return fit;
            }
            best = fit == Fit.NO ? best : fit;
        }
        return best;
    }

    /** The formats that it asks for. */
    Set<ValueFormat> formats() {
        Set<ValueFormat> formats = EnumSet.noneOf(ValueFormat.class);
        value.ifPresent(rule -> formats.add(ValueFormat.of(rule)));
        choices.forEach(alternatives -> alternatives.forEach(alternative -> formats.addAll(alternative.formats())));
        return formats;
    }

    private static Fit fit(ValueRule rule, ValueFormat format, FoundValues found) {
        if (ValueFormat.of(rule) != format) {
            return Fit.OTHER_FORMAT;
        }
        return rule.match(found) == Match.NO ? Fit.NO : Fit.YES;
    }

    private static Fit worse(Fit one, Fit other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
