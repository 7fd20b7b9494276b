package dev.sluice.filter;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the text of a filter pattern asks for, or why Lambda would refuse it. Reads the text once, front to back; confined to one
 * call.
 */
final class PatternReader {

    private static final JsonFactory JSON = JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    private static final String VALUE = "value";
    private static final String OR = "$or";

    /** Members of a record that are no single scalar, and that no guide or recording speaks of. */
    private static final Set<String> NEVER_FILTERED_BY = Set.of("key", "headers");

    /** What event-ruler doesn't let be the name of a member inside $or. */
    private static final Set<String> NO_NAMES_IN_OR = Set.of("exactly", "equals-ignore-case", "prefix", "suffix", "anything-but",
            "exists", "wildcard", "numeric", "cidr", "=", "<", "<=", ">", ">=", "regex", "not-wildcard", "not-equals-ignore-case",
            "date-after", "date-on-or-after", "date-before", "date-on-or-before", "in-date-range", "ip-address-in-range",
            "ip-address-not-in-range");

    /** Reads the object at which the parser is. */
    @FunctionalInterface
    private interface ObjectReader<T> {
        T read(PatternPath path) throws IOException, InvalidFilterPatternException;
    }

    private final JsonParser parser;
    private final NamedMember named;
    private final ScalarRuleReader scalarRules;

    private PatternReader(JsonParser parser, NamedMember named) {
        this.parser = parser;
        this.named = named;
        this.scalarRules = new ScalarRuleReader(parser);
    }

    /** @param named is told which members of the value the pattern looks at */
    static FilterPattern read(String text, NamedMember named) throws InvalidFilterPatternException {
        try (JsonParser parser = JSON.createParser(text)) {
            return new PatternReader(parser, named).readWhole();
        } catch (JacksonException e) {
            throw new InvalidFilterPatternException("The pattern is no JSON: " + e.getOriginalMessage() + " (at character "
                    + (e.getLocation() == null ? 0 : e.getLocation().getCharOffset()) + ").");
        } catch (IOException e) {
            throw new IllegalStateException("A string could not be read", e);
        }
    }

    private FilterPattern readWhole() throws IOException, InvalidFilterPatternException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw new InvalidFilterPatternException("The pattern is " + PatternPath.describe(parser)
                    + "; it must be an object, such as {\"value\": {\"status\": [\"PAID\"]}}.");
        }
        FilterPattern pattern = readPattern(PatternPath.TOP, false);
        if (parser.nextToken() != null) {
            throw new InvalidFilterPatternException("The pattern has more text after its end; it must be one object.");
        }
        return pattern;
    }

    private FilterPattern readPattern(PatternPath path, boolean inOr) throws IOException, InvalidFilterPatternException {
        Optional<ValueRule> value = Optional.empty();
        List<MetadataRule> metadata = new ArrayList<>();
        List<List<FilterPattern>> choices = new ArrayList<>();
        boolean empty = true;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            empty = false;
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            if (name.equals(OR)) {
                choices.add(readChoice(path.member(OR), alternative -> readPattern(alternative, true)));
            } else if (name.equals(VALUE)) {
                value = Optional.of(readRule(token, path.member(VALUE), named, inOr));
            } else {
                metadata.add(readMetadata(name, token, path.member(name)));
            }
        }
        if (empty) {
            throw path.problem("the object is empty; it must have \"value\"");
        }
        return new FilterPattern(value, metadata, choices);
    }

    private MetadataRule readMetadata(String name, JsonToken token, PatternPath path) throws IOException, InvalidFilterPatternException {
        Optional<RecordMember> member = RecordMember.named(name);
        if (member.isEmpty()) {
            throw path.problem(NEVER_FILTERED_BY.contains(name)
                    ? "Lambda isn't known to filter Kafka records by \"" + name + "\"; put what you filter by into the value, or let the"
                            + " function look at it; allowed are \"value\", " + RecordMember.allowed()
                    : "a Kafka record has no such member; allowed are \"value\", " + RecordMember.allowed());
        }
        if (token != JsonToken.START_ARRAY) {
            throw path.problem("it is " + PatternPath.describe(parser) + "; it must be an array, such as "
                    + (member.get() == RecordMember.TOPIC ? "[{\"prefix\": \"orders\"}]" : "[0]"));
        }
        return new MetadataRule(member.get(), scalarRules.read(path));
    }

    private ValueRule readRule(JsonToken token, PatternPath path, NamedMember at, boolean inOr)
            throws IOException, InvalidFilterPatternException {
        if (token == JsonToken.START_OBJECT) {
            return readMembers(path, at, inOr);
        }
        if (token == JsonToken.START_ARRAY) {
            return scalarRules.read(path);
        }
        throw path.problem(PatternPath.describe(parser) + " stands alone; it must be in an array, such as [\"PAID\"], or an object");
    }

    private ValueRule.Members readMembers(PatternPath path, NamedMember at, boolean inOr)
            throws IOException, InvalidFilterPatternException {
        List<ValueRule.Member> members = new ArrayList<>();
        List<List<ValueRule.Members>> choices = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            if (name.equals(OR)) {
                choices.add(readChoice(path.member(OR), alternative -> readMembers(alternative, at, true)));
                continue;
            }
            if (inOr && NO_NAMES_IN_OR.contains(name)) {
                throw path.member(name).problem("a member of this name can't be inside \"$or\"");
            }
            NamedMember member = at.name(name);
            members.add(new ValueRule.Member(member.slot(), readRule(token, path.member(name), member, inOr)));
        }
        if (members.isEmpty() && choices.isEmpty()) {
            throw path.problem("the object is empty; it must have members, such as {\"status\": [\"PAID\"]}");
        }
        return new ValueRule.Members(members, choices);
    }

    private <T> List<T> readChoice(PatternPath path, ObjectReader<T> object) throws IOException, InvalidFilterPatternException {
        List<T> alternatives = new ArrayList<>();
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw path.problem("it is " + PatternPath.describe(parser) + "; it must be an array of two or more objects");
        }
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw path.problem(PatternPath.describe(parser) + " is in its array; allowed are objects");
            }
            alternatives.add(object.read(path.element(alternatives.size())));
        }
        if (alternatives.size() < 2) {
            throw path.problem("the array has " + alternatives.size() + " objects; it must have two or more");
        }
        return alternatives;
    }
}
