package dev.sluice.server;

import java.util.ArrayList;
import java.util.List;

/** The problems found so far, so that all are told at once. Confined to the thread that reads the configuration. */
final class Problems {

    private final List<String> found = new ArrayList<>();

    void add(String where, String what) {
        found.add(where + ": " + what);
    }

    void throwIfAny() {
        if (!found.isEmpty()) {
            throw new InvalidConfigException(found);
        }
    }

    List<String> found() {
        return List.copyOf(found);
    }
}
