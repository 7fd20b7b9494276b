package dev.sluice.filter;

import dev.sluice.dispatch.PartitionRecords;
import dev.sluice.filter.FilterPattern.Format;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does a record pass the filters of its mapping? It does when there are none, or when one of the patterns matches. Immutable,
 * thread-safe.
 *
 * <p>Where the format of the value isn't the pattern's (JSON for a pattern of text, text for one of JSON, bytes that are no UTF-8),
 * Lambda filters Kafka records by nothing, so they pass; unlike those of SQS and Kinesis. A tombstone passes for the same reason: it
 * has no value to filter by.
 */
public final class RecordFilter {

    private static final Logger LOG = LoggerFactory.getLogger(RecordFilter.class);
    private static final char REPLACEMENT = '\uFFFD';

    private final List<FilterPattern> patterns;
    private final ValueReader reader;

    private RecordFilter(List<FilterPattern> patterns, NamedMember named) {
        this.patterns = List.copyOf(patterns);
        this.reader = new ValueReader(named);
    }

    /** @throws IllegalArgumentException for a pattern that {@link FilterPatterns} has a problem with */
    public static RecordFilter of(List<String> patterns) {
        NamedMember named = NamedMember.root();
        List<FilterPattern> read = new ArrayList<>();
        for (String pattern : patterns) {
            try {
                read.add(PatternReader.read(pattern, named));
            } catch (InvalidFilterPatternException e) {
                throw new IllegalArgumentException(e.getMessage(), e);
            }
        }
        return new RecordFilter(read, named);
    }

    /** Whether no record needs to be asked about. */
    public boolean passesAll() {
        return patterns.isEmpty();
    }

    /** Never throws because of what a record holds: one that can't be judged passes, and the log says so. */
    public boolean passes(PartitionRecords records, int index) {
        if (patterns.isEmpty()) {
            return true;
        }
        byte[] value = records.value(index);
        try {
            return passes(value);
        } catch (RuntimeException e) {
            LOG.warn("Filter patterns can't be applied to the record at {}-{} offset {}; it is delivered", records.topic(),
                    records.partition(), records.offset(index), e);
            return true;
        }
    }

    private boolean passes(byte[] value) {
        String text = value == null ? null : textOf(value);
        if (text == null) {
            return matches(Format.NEITHER, FoundValues.NONE);
        }
        Optional<FoundValues> json = reader.read(text);
        return json.isPresent() ? matches(Format.JSON, json.get()) : matches(Format.TEXT, FoundValues.ofText(text));
    }

    private boolean matches(Format format, FoundValues found) {
        for (FilterPattern pattern : patterns) {
            if (pattern.passes(format, found)) {
                return true;
            }
        }
        return false;
    }

    /** Null when the bytes are no UTF-8. */
    private static String textOf(byte[] value) {
        String text = new String(value, StandardCharsets.UTF_8);
        // The JDK's fast way replaces what is no UTF-8; only with such a character in the text is it worth to look closer.
        if (text.indexOf(REPLACEMENT) < 0) {
            return text;
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value)).toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
