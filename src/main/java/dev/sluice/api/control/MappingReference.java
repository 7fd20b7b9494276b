package dev.sluice.api.control;

import dev.sluice.api.mapping.MeantMapping;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.EventSourceMappings;

/** Finds the mapping that a path names, or refuses as this API does. Stateless. */
final class MappingReference {

    private MappingReference() {
    }

    /** @throws ControlException when there is none, or more than one */
    static EventSourceMapping find(String text, EventSourceMappings mappings) {
        MeantMapping meant = MeantMapping.of(text, mappings);
        if (meant instanceof MeantMapping.One one) {
            return one.mapping();
        }
        throw meant instanceof MeantMapping.Several several ? ControlException.badRequest(several.reason())
                : ControlException.notFound(((MeantMapping.Nobody) meant).reason());
    }
}
