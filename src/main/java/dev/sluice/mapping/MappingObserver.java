package dev.sluice.mapping;

import org.jspecify.annotations.Nullable;

/**
 * Who hears of every change of a mapping, once it is stored? Called on the thread that made the change, so it must not block; what it throws is
 * logged and stops nothing. Changes of one mapping made by two threads at the same time may be told in either order: the generation, and within
 * it {@link EventSourceMappings#find}, say what holds.
 */
public interface MappingObserver {

    /**
     * @param before null of a mapping that is new, or that a declaration has replaced
     * @param after null of one that is deleted; in another state than before, or with other settings
     */
    void changed(@Nullable EventSourceMapping before, @Nullable EventSourceMapping after);
}
