package dev.sluice.filter;

import dev.sluice.mapping.FilterSyntax;
import java.util.Optional;

/**
 * Which filter patterns does Lambda take for a Kafka source? Those it takes are exactly those that {@link RecordFilter} can be made
 * of. Stateless, thread-safe.
 *
 * <p>Operators as in the AWS Lambda developer guide, "Control which events Lambda sends to your function", on {@code value},
 * as in "Filtering events from Amazon MSK and self-managed Apache Kafka event sources", on {@code topic}, as recorded from AWS, and on
 * the other members of {@link RecordMember}, which are like it. What EventBridge has beyond that is refused.
 */
public final class FilterPatterns implements FilterSyntax {

    private static final int LONGEST_PATTERN = 4096;

    @Override
    public Optional<String> problem(String pattern) {
        if (pattern.length() > LONGEST_PATTERN) {
            return Optional.of("The pattern has " + pattern.length() + " characters; allowed are " + LONGEST_PATTERN + ".");
        }
        try {
            PatternReader.read(pattern, NamedMember.root());
            return Optional.empty();
        } catch (InvalidFilterPatternException e) {
            return Optional.of(e.getMessage());
        }
    }
}
