package dev.sluice.server;

import java.util.List;
import java.util.Map;

/** One value of the config file as it was written: numbers stay text, since an account id may begin with 0. Immutable. */
sealed interface ConfigNode {

    /** A single value, expanded; {@code text} is null for a key without a value. */
    record Scalar(String text) implements ConfigNode {
    }

    /** Keys and values in the file's order. */
    record Block(Map<String, ConfigNode> children) implements ConfigNode {
    }

    /** Items in the file's order. */
    record Sequence(List<ConfigNode> items) implements ConfigNode {
    }
}
