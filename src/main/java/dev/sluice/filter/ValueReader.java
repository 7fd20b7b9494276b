package dev.sluice.filter;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.util.Optional;

/**
 * What a record's value has where patterns look: read once, front to back, keeping only what they name. Its effort grows with the
 * value's length, its stack only with the depth of the patterns. Thread-safe.
 */
final class ValueReader {

    /** No limits: Kafka and Lambda limit the size of a record, and a value that is too large for a parser would not be judged. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE).maxStringLength(Integer.MAX_VALUE).maxNameLength(Integer.MAX_VALUE).build())
            .build();

    private final NamedMember named;

    ValueReader(NamedMember named) {
        this.named = named;
    }

    /**
     * Empty when {@code text} is no JSON object or array. A lone scalar is text: {@code 300} is what a producer of plain strings
     * writes, and no pattern could ask for a member of it.
     */
    Optional<FoundValues> read(String text) {
        if (!beginsLikeObjectOrArray(text)) {
            return Optional.empty();
        }
        try (JsonParser parser = JSON.createParser(text)) {
            parser.nextToken();
            FoundValues found = new FoundValues();
            readValue(parser, named, found);
            return parser.nextToken() == null ? Optional.of(found) : Optional.empty();
        } catch (JacksonException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new IllegalStateException("A string could not be read", e);
        }
    }

    private static boolean beginsLikeObjectOrArray(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != ' ' && c != '\t' && c != '\n' && c != '\r') {
                return c == '{' || c == '[';
            }
        }
        return false;
    }

    private static void readValue(JsonParser parser, NamedMember here, FoundValues found) throws IOException {
        // Arrays by counting, not by recursion: a value may nest them deeper than a stack holds.
        int arrays = 0;
        do {
            JsonToken token = parser.currentToken();
            if (token == JsonToken.START_ARRAY) {
                arrays++;
            } else if (token == JsonToken.END_ARRAY) {
                arrays--;
            } else if (token == JsonToken.START_OBJECT) {
                readObject(parser, here, found);
            } else if (token == JsonToken.VALUE_STRING) {
                found.scalars().add(FoundValues.quoted(parser.getText()));
            } else {
                found.scalars().add(parser.getText());
            }
        } while (arrays > 0 && parser.nextToken() != null);
    }

    private static void readObject(JsonParser parser, NamedMember here, FoundValues found) throws IOException {
        if (here.count() == 0) {
            parser.skipChildren();
            return;
        }
        FoundValues[] members = new FoundValues[here.count()];
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            NamedMember member = here.named(parser.currentName());
            parser.nextToken();
            if (member == null) {
                parser.skipChildren();
                continue;
            }
            if (members[member.slot()] == null) {
                members[member.slot()] = new FoundValues();
            }
            readValue(parser, member, members[member.slot()]);
        }
        found.objects().add(members);
    }
}
