package dev.sluice.filter;

import java.util.List;

/** Whether what a value has at one place is what a filter pattern asks for there. Immutable, thread-safe. */
sealed interface ValueRule permits ScalarRule, ValueRule.Members {

    Match match(FoundValues found);

    /** What an object must have at the member with this {@link NamedMember#slot}. */
    record Member(int slot, ValueRule rule) {
    }

    /**
     * A JSON object in a pattern: all members hold, and of each {@code $or} one alternative.
     *
     * @param choices the alternatives of each {@code $or}
     */
    public record Members(List<Member> members, List<List<Members>> choices) implements ValueRule {

        private static final FoundValues[] EMPTY_OBJECT = {};

        public Members {
            members = List.copyOf(members);
            choices = choices.stream().map(List::copyOf).toList();
        }

        @Override
        public Match match(FoundValues found) {
            boolean refused = false;
            for (FoundValues[] object : found.objects()) {
                Match match = matchObject(object);
                if (match == Match.BY_VALUE) {
                    return match;
                }
                refused |= match == Match.NO;
            }
            if (refused) {
                return Match.NO;
            }
            // Something that is missing, or is no object, has no members.
            return found.objects().isEmpty() ? matchObject(EMPTY_OBJECT) : Match.BY_ABSENCE;
        }

        private Match matchObject(FoundValues[] object) {
            Match all = Match.BY_ABSENCE;
            for (Member member : members) {
                FoundValues found = member.slot() < object.length ? object[member.slot()] : null;
                Match match = member.rule().match(found == null ? FoundValues.NONE : found);
                if (match == Match.NO) {
                    return match;
                }
                all = match == Match.BY_VALUE ? match : all;
            }
            for (List<Members> alternatives : choices) {
                Match best = best(alternatives, object);
                if (best == Match.NO) {
                    return best;
                }
                all = best == Match.BY_VALUE ? best : all;
            }
            return all;
        }

        private static Match best(List<Members> alternatives, FoundValues[] object) {
            Match best = Match.NO;
            for (Members alternative : alternatives) {
                Match match = alternative.matchObject(object);
                if (match == Match.BY_VALUE) {
                    return match;
                }
                best = match == Match.BY_ABSENCE ? match : best;
            }
            return best;
        }
    }
}
