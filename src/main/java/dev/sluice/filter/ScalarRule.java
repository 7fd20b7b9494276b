package dev.sluice.filter;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.event.ruler.Machine;
import software.amazon.event.ruler.Patterns;

/**
 * Whether a scalar is one of those that the array at a leaf of a filter pattern lists. Thread-safe.
 *
 * <p>AWS's event-ruler compares, one place at a time. It isn't given whole patterns and values, because version 2.1.0 then differs
 * from Lambda's guide (300, 300.0 and 3.0e2 are equal, strings that look like IP addresses are addresses, a dot in a name is
 * nesting), overlooks some alternatives of a {@code $or}, and has no bound: {@code $or}s are multiplied out, and its time for two
 * large arrays in one value is the product of their lengths.
 */
final class ScalarRule implements ValueRule {

    /** Longer numbers can't be compared: Jackson's own limit, and so event-ruler's. */
    private static final int LONGEST_NUMBER = 1000;

    private static final String PLACE = "value";

    private final Set<String> exact;
    private final Existence existence;
    private final Machine texts;
    private final Machine numbers;

    /** What an {@code exists} in the array asks for. */
    enum Existence {
        NOT_ASKED, PRESENT, ABSENT, EITHER;

        Existence and(boolean present) {
            Existence asked = present ? PRESENT : ABSENT;
            return this == NOT_ASKED || this == asked ? asked : EITHER;
        }

        boolean takes(Existence other) {
            return this == other || this == EITHER;
        }
    }

    /**
     * @param exact scalars as {@link FoundValues#scalars} has them, so that numbers are compared by their text
     * @param texts what may hold of a scalar's text
     * @param numbers what may hold of a number's value; event-ruler wouldn't look at the text of a number that is given to both
     */
    ScalarRule(Set<String> exact, Existence existence, Collection<Patterns> texts, Collection<Patterns> numbers) {
        this.exact = Set.copyOf(exact);
        this.existence = existence;
        this.texts = machine(texts);
        this.numbers = machine(numbers);
    }

    /** Null when there is nothing to compare with. */
    private static Machine machine(Collection<Patterns> patterns) {
        if (patterns.isEmpty()) {
            return null;
        }
        Machine machine = Machine.builder().build();
        // As one rule: rules that share some patterns at one place, but not all, hide each other's (event-ruler 2.1.0).
        machine.addPatternRule(PLACE, Map.of(PLACE, List.copyOf(new LinkedHashSet<>(patterns))));
        return machine;
    }

    @Override
    public Match match(FoundValues found) {
        List<String> scalars = found.scalars();
        if (scalars.isEmpty()) {
            return existence.takes(Existence.ABSENT) ? Match.BY_ABSENCE : Match.NO;
        }
        if (existence.takes(Existence.PRESENT)) {
            return Match.BY_VALUE;
        }
        for (String scalar : scalars) {
            if (exact.contains(scalar) || texts != null && holds(texts, scalar) || numbers != null && isComparable(scalar)
                    && holds(numbers, scalar)) {
                return Match.BY_VALUE;
            }
        }
        return Match.NO;
    }

    private static boolean isComparable(String scalar) {
        return FoundValues.isNumber(scalar) && scalar.length() <= LONGEST_NUMBER;
    }

    private static boolean holds(Machine machine, String scalar) {
        return !machine.rulesForEvent(List.of(PLACE, scalar)).isEmpty();
    }
}
