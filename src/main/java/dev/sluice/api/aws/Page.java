package dev.sluice.api.aws;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.function.Function;

/**
 * Which part of a list goes into one answer, and how does the caller get at the rest? Immutable.
 *
 * @param more whether others follow
 */
public record Page<T>(List<T> items, boolean more) {

    /** AWS returns at most 50 functions, versions or aliases at a time, whatever was asked for (documented for the first two). */
    private static final int MOST = 50;

    /** The page that begins behind a place. @param after null for the first page @param maxItems as it came; null for none */
    public static <T, P extends Comparable<P>> Page<T> behind(P after, List<T> inOrder, Function<T, P> place, String maxItems) {
        List<T> rest = inOrder.stream().filter(item -> after == null || place.apply(item).compareTo(after) > 0).toList();
        int limit = maxItems == null ? MOST : Math.min(Integer.parseInt(maxItems), MOST);
        return new Page<>(rest.subList(0, Math.min(limit, rest.size())), rest.size() > limit);
    }

    /** Adds NextMarker, when others follow. */
    public void addMarkerTo(ObjectNode answer, Function<T, String> marker) {
        if (more) {
            answer.put("NextMarker", marker.apply(items.get(items.size() - 1)));
        }
    }
}
