package dev.sluice.mapping;

import dev.sluice.resource.Tags;
import java.util.Objects;
import java.util.Optional;

/**
 * Which mapping came from which declaration of the config file. Every method is one transaction that is on disk when it returns.
 * Implementations are thread-safe and throw {@link java.io.UncheckedIOException} when the storage fails.
 */
public interface DeclarationStore {

    Optional<Declaration> find(String name);

    /**
     * Notes the declaration and stores the mapping it makes, in place of the one that the declaration of this name made before, if
     * that is still there. When another stored mapping duplicates it, nothing changes and that one is returned.
     *
     * @param made has the id that {@code declaration} names
     * @param tags in place of all those that its mapping had
     */
    Optional<EventSourceMapping> apply(Declaration declaration, EventSourceMapping made, Tags tags);

    /**
     * A declaration as it was applied last.
     *
     * @param text what was declared: another text is another declaration
     * @param mapping the mapping it made, which may be gone since
     */
    record Declaration(String name, String text, MappingId mapping) {
        public Declaration {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(text, "text");
            Objects.requireNonNull(mapping, "mapping");
        }
    }
}
