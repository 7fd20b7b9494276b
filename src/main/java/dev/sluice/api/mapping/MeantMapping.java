package dev.sluice.api.mapping;

import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.EventSourceMappings;
import dev.sluice.mapping.MappingId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Which mapping does a caller of the control API mean? The one with this UUID; else the only one whose UUID begins so, or whose function or
 * topic has this name.
 */
public sealed interface MeantMapping {

    /** Who skips records shall not do it with a slip of the finger. */
    int SHORTEST = 4;

    record One(EventSourceMapping mapping) implements MeantMapping {
    }

    /** @param reason a sentence */
    record Nobody(String reason) implements MeantMapping {
    }

    /** @param reason a sentence with all that it could be */
    record Several(String reason) implements MeantMapping {
    }

    static MeantMapping of(String text, EventSourceMappings mappings) {
        Optional<EventSourceMapping> exact = MappingId.parse(text).flatMap(mappings::find);
        if (exact.isPresent()) {
            return new One(exact.get());
        }
        List<EventSourceMapping> meant = mappings.all().stream().filter(mapping -> means(text, mapping)).toList();
        if (meant.size() > 1) {
            return new Several("'" + text + "' means " + meant.size() + " mappings; say more of its UUID: " + meant.stream()
                    .map(mapping -> mapping.id() + " (" + mapping.settings().functionArn().name() + ", "
                            + String.join(",", mapping.source().topics()) + ")")
                    .collect(Collectors.joining(", ")));
        }
        return meant.isEmpty() ? new Nobody("There is no mapping '" + text + "'") : new One(meant.get(0));
    }

    private static boolean means(String text, EventSourceMapping mapping) {
        return text.length() >= SHORTEST && mapping.id().toString().startsWith(text.toLowerCase(Locale.ROOT))
                || mapping.settings().functionArn().name().equals(text) || mapping.source().topics().contains(text);
    }
}
