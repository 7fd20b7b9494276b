package dev.sluice.function;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Which versions of a function were published, and which aliases stand for them? Immutable.
 *
 * @param lastNumber the number of the newest version there ever was; 0 for none. A number is never given twice
 * @param versions those that are there, oldest first
 * @param aliases by name
 */
public record Publications(int lastNumber, List<FunctionVersion> versions, List<FunctionAlias> aliases) {

    public static final Publications NONE = new Publications(0, List.of(), List.of());

    public Publications {
        versions = List.copyOf(versions);
        aliases = aliases.stream().sorted(Comparator.comparing(FunctionAlias::name)).toList();
        if (versions.stream().anyMatch(version -> version.version().equals(FunctionVersion.LATEST))) {
            throw new IllegalArgumentException("versions has $LATEST; it is never published");
        }
    }

    public Optional<FunctionVersion> version(String number) {
        return versions.stream().filter(version -> version.version().equals(number)).findFirst();
    }

    public Optional<FunctionAlias> alias(String name) {
        return aliases.stream().filter(alias -> alias.name().equals(name)).findFirst();
    }

    /** The newest version that is there. */
    public Optional<FunctionVersion> newest() {
        return versions.isEmpty() ? Optional.empty() : Optional.of(versions.get(versions.size() - 1));
    }

    Publications plus(FunctionVersion published) {
        List<FunctionVersion> all = new ArrayList<>(versions);
        all.add(published);
        return new Publications(Integer.parseInt(published.version()), all, aliases);
    }

    Publications withoutVersion(String number) {
        return new Publications(lastNumber, versions.stream().filter(version -> !version.version().equals(number)).toList(), aliases);
    }

    /** With the alias, in the place of one of the same name. */
    Publications with(FunctionAlias alias) {
        List<FunctionAlias> all = new ArrayList<>(withoutAlias(alias.name()).aliases);
        all.add(alias);
        return new Publications(lastNumber, versions, all);
    }

    Publications withoutAlias(String name) {
        return new Publications(lastNumber, versions, aliases.stream().filter(alias -> !alias.name().equals(name)).toList());
    }
}
