package dev.sluice.mapping;

import dev.sluice.mapping.MappingException.InvalidParameter;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which requests does AWS refuse for a Kafka source although their form is right? Those of {@link ServiceCheck}. Thread-safe. */
public final class SettingsRules {

    /** The quota of an account that hasn't asked for more. */
    private static final int MOST_FILTERS = 5;

    private static final String BEGINS =
            "A share group says itself where it begins: set share.auto.offset.reset of the group to earliest before it is made, with"
                    + " kafka-configs.sh --alter --entity-type groups --entity-name GROUP --add-config share.auto.offset.reset=earliest";

    private final boolean relaxed;
    private final FilterSyntax filters;

    /** @param relaxed whether the refusals are lifted that {@code --relaxed} lifts */
    public SettingsRules(boolean relaxed, FilterSyntax filters) {
        this.relaxed = relaxed;
        this.filters = Objects.requireNonNull(filters, "filters");
    }

    boolean relaxed() {
        return relaxed;
    }

    /**
     * The settings after a request that no check is against.
     *
     * @throws InvalidParameter in AWS's words
     */
    MappingSettings after(Asked asked) {
        for (ServiceCheck check : ServiceCheck.values()) {
            check.require(asked, this);
        }
        return asked.settings().appliedTo(asked.before());
    }

    /** Where a share group begins, and when a batch is due, is not the mapping's to say. @param creation null for an update */
    static void requireQueueMode(@Nullable SourceRequest creation, SettingsRequest settings) {
        SourceRequest.Position position = creation == null ? null : creation.startingPosition();
        if (position != null && position.type() != null) {
            throw InvalidParameter.unsupported("startingPosition", BEGINS);
        }
        if (position != null && position.timestamp() != null) {
            throw InvalidParameter.unsupported("startingPositionTimestamp", BEGINS);
        }
        if (settings.maximumBatchingWindow() != null) {
            throw InvalidParameter.unsupported("maximumBatchingWindowInSeconds", null);
        }
    }

    static void requireRecordAge(@Nullable Integer seconds) {
        if (seconds != null && seconds >= 0 && seconds < 60) {
            throw InvalidParameter.violation(String.valueOf(seconds), "maximumRecordAgeInSeconds",
                    "be -1 or have value greater than or equal to 60");
        }
    }

    static void requirePollers(SettingsRequest.@Nullable Pollers pollers) {
        // Either alone can't contradict the other's default, which is 1 to 200.
        if (pollers != null && pollers.minimumPollers() != null && pollers.maximumPollers() != null
                && pollers.maximumPollers() < pollers.minimumPollers()) {
            throw InvalidParameter.violation(String.valueOf(pollers.maximumPollers()), "provisionedPollerConfig.maximumPollers",
                    "have value greater than or equal to minimumPollers, " + pollers.minimumPollers());
        }
    }

    void requireFilters(@Nullable List<String> patterns) {
        if (patterns == null) {
            return;
        }
        if (patterns.size() > MOST_FILTERS) {
            throw InvalidParameter.violation(patterns.size() + " filters", "filterCriteria.filters",
                    "have length less than or equal to " + MOST_FILTERS);
        }
        for (int i = 0; i < patterns.size(); i++) {
            Optional<String> problem = filters.problem(patterns.get(i));
            if (problem.isPresent()) {
                throw new InvalidParameter("Invalid filter pattern definition.", "Filters[" + i + "]: " + problem.get());
            }
        }
    }
}
