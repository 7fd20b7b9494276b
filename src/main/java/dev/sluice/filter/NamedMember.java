package dev.sluice.filter;

import java.util.HashMap;
import java.util.Map;

/**
 * Which members of a JSON value filter patterns name: nothing else of a value is kept when it is read. Grows while patterns are
 * read; afterwards nobody changes it, and any thread may read it.
 */
final class NamedMember {

    private final Map<String, NamedMember> members = new HashMap<>();
    private final int slot;

    private NamedMember(int slot) {
        this.slot = slot;
    }

    /** The value as a whole. */
    static NamedMember root() {
        return new NamedMember(0);
    }

    /** Where this member's value is found among those that are read of the object it is in. */
    int slot() {
        return slot;
    }

    /** The member {@code name} of an object that is found here; from now on it is named. */
    NamedMember name(String name) {
        return members.computeIfAbsent(name, n -> new NamedMember(members.size()));
    }

    /** Null when no pattern names it. */
    NamedMember named(String name) {
        return members.get(name);
    }

    int count() {
        return members.size();
    }
}
