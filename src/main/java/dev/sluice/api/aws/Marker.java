package dev.sluice.api.aws;

import dev.sluice.api.http.ApiException;
import dev.sluice.mapping.MappingId;
import dev.sluice.mapping.MappingStore;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How the place in a list travels as an opaque text: URL-safe base64, with what it lists in front. */
public final class Marker {

    private static final Pattern MAPPING = Pattern.compile("m1:(-?\\d{1,12}):(\\d{1,9}):(.{36})");
    private static final Pattern VERSION = Pattern.compile("v1:([a-zA-Z0-9-_.]{1,256}):(\\d{1,9})");
    private static final Pattern ALIAS = Pattern.compile("a1:([a-zA-Z0-9-_]{1,128})");
    private static final Pattern FUNCTION = Pattern.compile("f1:([a-zA-Z0-9-_.]{1,256})");

    private Marker() {
    }

    public static String of(MappingStore.Cursor cursor) {
        return encode("m1:" + cursor.created().getEpochSecond() + ":" + cursor.created().getNano() + ":" + cursor.id());
    }

    /** Null for null: the first page. */
    public static MappingStore.Cursor mapping(String marker) {
        if (marker == null) {
            return null;
        }
        Matcher parts = decode(marker, MAPPING);
        Optional<MappingId> id = MappingId.parse(parts.group(3));
        if (id.isEmpty()) {
            throw broken(marker);
        }
        try {
            return new MappingStore.Cursor(
                    Instant.ofEpochSecond(Long.parseLong(parts.group(1)), Long.parseLong(parts.group(2))), id.get());
        } catch (DateTimeException e) {
            throw broken(marker);
        }
    }

    public static String ofFunction(String name) {
        return encode("f1:" + name);
    }

    /** The name of the last function on the page before; null for null. */
    public static String function(String marker) {
        return marker == null ? null : decode(marker, FUNCTION).group(1);
    }

    /** A version's place among those of all functions. @param number 0 for {@code $LATEST} */
    public record VersionPlace(String function, int number) implements Comparable<VersionPlace> {
        @Override
        public int compareTo(VersionPlace other) {
            return function.equals(other.function) ? Integer.compare(number, other.number) : function.compareTo(other.function);
        }
    }

    public static String ofVersion(VersionPlace place) {
        return encode("v1:" + place.function + ":" + place.number);
    }

    /** The place of the last version on the page before; null for null. */
    public static VersionPlace version(String marker) {
        if (marker == null) {
            return null;
        }
        Matcher parts = decode(marker, VERSION);
        return new VersionPlace(parts.group(1), Integer.parseInt(parts.group(2)));
    }

    public static String ofAlias(String name) {
        return encode("a1:" + name);
    }

    /** The name of the last alias on the page before; null for null. */
    public static String alias(String marker) {
        return marker == null ? null : decode(marker, ALIAS).group(1);
    }

    private static String encode(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Matcher decode(String marker, Pattern form) {
        try {
            Matcher parts = form.matcher(new String(Base64.getUrlDecoder().decode(marker), StandardCharsets.UTF_8));
            if (parts.matches()) {
                return parts;
            }
        } catch (IllegalArgumentException notBase64) {
            throw broken(marker);
        }
        throw broken(marker);
    }

    private static ApiException broken(String marker) {
        return ApiException.invalidParameter("Marker is '" + marker + "'; allowed is the NextMarker of an earlier answer.");
    }
}
