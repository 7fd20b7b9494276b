package dev.sluice.resource;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which tags does a mapping or a function have? Names and values as the user gave them, in the order of names. Immutable.
 *
 * <p>AWS: "Using tags on Lambda functions" and "Using tags on event source mappings".
 */
public record Tags(Map<String, String> values) {

    public static final Tags NONE = new Tags(Map.of());

    private static final int MOST = 50;
    private static final int LONGEST_KEY = 128;
    private static final int LONGEST_VALUE = 256;
    private static final String RESERVED = "aws:";

    /** Why tags are refused. The text of the limit is recorded from AWS; the others are not known and ours. */
    public static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private Refused(String message) {
            super(message);
        }
    }

    /** @throws Refused when there are more than AWS takes, or one has a key or value that AWS doesn't take */
    public Tags {
        values = Collections.unmodifiableMap(new TreeMap<>(values));
        values.forEach(Tags::require);
        if (values.size() > MOST) {
            throw new Refused("Number of tags exceeds resource tag limit.");
        }
    }

    /** These tags and {@code more}, which win where both have a key. */
    public Tags plus(Map<String, String> more) {
        Map<String, String> all = new TreeMap<>(values);
        all.putAll(more);
        return new Tags(all);
    }

    /** These tags without the keys; those that aren't there are no matter. */
    public Tags minus(Collection<String> keys) {
        Map<String, String> rest = new TreeMap<>(values);
        rest.keySet().removeAll(keys);
        return new Tags(rest);
    }

    private static void require(String key, String value) {
        if (key.isEmpty() || key.length() > LONGEST_KEY) {
            throw new Refused("A tag's key has " + key.length() + " characters; allowed are 1 to " + LONGEST_KEY + ".");
        }
        if (value.length() > LONGEST_VALUE) {
            throw new Refused("The value of tag '" + key + "' has " + value.length() + " characters; allowed are up to "
                    + LONGEST_VALUE + ".");
        }
        if (key.regionMatches(true, 0, RESERVED, 0, RESERVED.length())) {
            throw new Refused("The key of tag '" + key + "' begins with " + RESERVED + ", which AWS keeps for itself.");
        }
    }
}
