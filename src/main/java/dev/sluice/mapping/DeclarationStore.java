package dev.sluice.mapping;

import java.util.Objects;
import java.util.Optional;

/**
 * Which mapping came from which declaration of the config file. Every method is one transaction that is on disk when it returns.
 * Implementations are thread-safe and throw {@link java.io.UncheckedIOException} when the storage fails.
 */
public interface DeclarationStore {

    Optional<Declaration> find(String name);

    /** Adds the declaration or replaces the one of its name. */
    void save(Declaration declaration);

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
