package dev.sluice.filter;

import dev.sluice.dispatch.PartitionRecords;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does a record pass the filters of its mapping, and why not? It passes when there are none, or when one of the patterns matches.
 * Immutable, thread-safe.
 *
 * <p>Where the format of the value isn't the pattern's (JSON for a pattern of text, text for one of JSON, bytes that are no UTF-8, a
 * tombstone), the pattern doesn't match, unless {@link OtherFormat#PASS} is asked for.
 */
public final class RecordFilter {

    private static final Logger LOG = LoggerFactory.getLogger(RecordFilter.class);
    private static final char REPLACEMENT = '\uFFFD';

    private final List<FilterPattern> patterns;
    private final ValueReader reader;
    private final boolean otherFormatsPass;
    private final boolean asksForValue;
    private final Refusal noMatch = new Refusal(false, "it matches none of the filter patterns");
    /** Made beforehand: a mapping may refuse most of what it reads. */
    private final Map<ValueFormat, Refusal> otherFormat = new EnumMap<>(ValueFormat.class);

    /**
     * Why a record doesn't pass.
     *
     * @param otherFormat whether only the format of its value keeps it from passing
     * @param reason goes on where a sentence names the record; says nothing of what the record holds
     */
    public record Refusal(boolean otherFormat, String reason) {
    }

    private RecordFilter(List<FilterPattern> patterns, NamedMember named, OtherFormat otherFormat) {
        this.patterns = List.copyOf(patterns);
        this.reader = new ValueReader(named);
        this.otherFormatsPass = otherFormat == OtherFormat.PASS;
        Set<ValueFormat> asked = EnumSet.noneOf(ValueFormat.class);
        patterns.forEach(pattern -> asked.addAll(pattern.formats()));
        this.asksForValue = !asked.isEmpty();
        String wanted = asked.size() == 2 ? "JSON or for text" : asked.contains(ValueFormat.JSON) ? "JSON" : "text";
        for (ValueFormat format : ValueFormat.values()) {
            this.otherFormat.put(format, new Refusal(true, "its value is " + format.words() + ", and the filter asks for " + wanted));
        }
    }

    /** @throws IllegalArgumentException for a pattern that {@link FilterPatterns} has a problem with */
    public static RecordFilter of(List<String> patterns, OtherFormat otherFormat) {
        NamedMember named = NamedMember.root();
        List<FilterPattern> read = new ArrayList<>();
        for (String pattern : patterns) {
            try {
                read.add(PatternReader.read(pattern, named));
            } catch (InvalidFilterPatternException e) {
                throw new IllegalArgumentException(e.getMessage(), e);
            }
        }
        return new RecordFilter(read, named, otherFormat);
    }

    /** Whether no record needs to be asked about. */
    public boolean passesAll() {
        return patterns.isEmpty();
    }

    /**
     * Why a record doesn't pass; null when it passes. Never throws because of what a record holds: one that can't be judged passes, and
     * the log says so.
     */
    public Refusal refusal(PartitionRecords records, int index) {
        if (patterns.isEmpty()) {
            return null;
        }
        try {
            return judge(records, index);
        } catch (RuntimeException e) {
            LOG.warn("Filter patterns can't be applied to the record at {}-{} offset {}; it is delivered", records.topic(),
                    records.partition(), records.offset(index), e);
            return null;
        }
    }

    private Refusal judge(PartitionRecords records, int index) {
        if (!asksForValue) {
            return refusal(records, index, ValueFormat.TOMBSTONE, FoundValues.NONE);
        }
        byte[] value = records.value(index);
        if (value == null) {
            return refusal(records, index, ValueFormat.TOMBSTONE, FoundValues.NONE);
        }
        String text = textOf(value);
        if (text == null) {
            return refusal(records, index, ValueFormat.NO_UTF8, FoundValues.NONE);
        }
        Optional<FoundValues> json = reader.read(text);
        return json.isPresent() ? refusal(records, index, ValueFormat.JSON, json.get())
                : refusal(records, index, ValueFormat.TEXT, FoundValues.ofText(text));
    }

    private Refusal refusal(PartitionRecords records, int index, ValueFormat format, FoundValues found) {
        return switch (FilterPattern.best(patterns, records, index, format, found)) {
            case YES -> null;
            case OTHER_FORMAT -> otherFormatsPass ? null : otherFormat.get(format);
            case NO -> noMatch;
        };
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
