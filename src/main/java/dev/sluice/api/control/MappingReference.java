package dev.sluice.api.control;

import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.EventSourceMappings;
import dev.sluice.mapping.MappingId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Which mapping does a caller of the control API mean? The one with this UUID; else the only one whose UUID begins so, or whose function or
 * topic has this name. Stateless.
 */
final class MappingReference {

    /** Who skips records shall not do it with a slip of the finger. */
    static final int SHORTEST = 4;

    private MappingReference() {
    }

    /** @throws ControlException when there is none, or more than one */
    static EventSourceMapping find(String text, EventSourceMappings mappings) {
        Optional<EventSourceMapping> exact = MappingId.parse(text).flatMap(mappings::find);
        if (exact.isPresent()) {
            return exact.get();
        }
        List<EventSourceMapping> meant = mappings.all().stream().filter(mapping -> means(text, mapping)).toList();
        if (meant.size() > 1) {
            throw ControlException.badRequest("'" + text + "' means " + meant.size() + " mappings; say more of its UUID: " + meant.stream()
                    .map(mapping -> mapping.id() + " (" + mapping.settings().functionArn().name() + ", "
                            + String.join(",", mapping.source().topics()) + ")")
                    .collect(Collectors.joining(", ")));
        }
        return meant.stream().findFirst().orElseThrow(() -> ControlException.notFound("There is no mapping '" + text + "'"));
    }

    private static boolean means(String text, EventSourceMapping mapping) {
        return text.length() >= SHORTEST && mapping.id().toString().startsWith(text.toLowerCase(Locale.ROOT))
                || mapping.settings().functionArn().name().equals(text) || mapping.source().topics().contains(text);
    }
}
