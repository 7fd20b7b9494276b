package dev.sluice.server;

import dev.sluice.resource.NearestName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One block of keys of the config file while it is read. A key that was asked for is a valid one; {@link #rejectOtherKeys} makes a
 * problem of each that nobody asked for. What is absent or bad reads as empty; the bad is in the problems. Confined to one thread.
 */
final class ConfigSection {

    private final String place;
    private final String path;
    private final Map<String, ConfigNode> children;
    private final Problems problems;
    private final Set<String> asked = new LinkedHashSet<>();

    /** The root: {@code file} is what messages call the file. */
    ConfigSection(String file, ConfigNode.Block root, Problems problems) {
        this(file + ": ", "", root.children(), problems);
    }

    private ConfigSection(String place, String path, Map<String, ConfigNode> children, Problems problems) {
        this.place = place;
        this.path = path;
        this.children = children;
        this.problems = problems;
    }

    /** Where messages say {@code key} is; null for the section itself. */
    String where(String key) {
        String inside = path.isEmpty() || key == null ? path : path + ".";
        return place + inside + (key == null ? "" : key);
    }

    void problem(String key, String what) {
        problems.add(where(key), what);
    }

    boolean has(String key) {
        return value(key).isPresent();
    }

    /** Whether the key has a block of keys, not a value or a list. */
    boolean isBlock(String key) {
        return value(key).filter(ConfigNode.Block.class::isInstance).isPresent();
    }

    /** A single value as text. */
    Optional<String> text(String key) {
        Optional<ConfigNode> node = value(key);
        if (node.isPresent() && node.get() instanceof ConfigNode.Scalar scalar) {
            return Optional.of(scalar.text());
        }
        node.ifPresent(other -> problem(key, "is " + kind(other) + "; allowed is a single value"));
        return Optional.empty();
    }

    <T> Optional<T> read(String key, ValueReader<T> reader) {
        return text(key).flatMap(text -> read(key, text, reader));
    }

    /** As {@link #read}, also from a list: its items are joined by commas. */
    <T> Optional<T> readList(String key, ValueReader<T> reader) {
        return texts(key).filter(texts -> !texts.isEmpty()).flatMap(texts -> read(key, String.join(",", texts), reader));
    }

    /** The value of a text that was found at {@code key}. */
    <T> Optional<T> read(String key, String text, ValueReader<T> reader) {
        try {
            return Optional.of(reader.read(text));
        } catch (BadValueException bad) {
            problem(key, bad.getMessage());
            return Optional.empty();
        }
    }

    /** A list of single values, or one value with commas. */
    Optional<List<String>> texts(String key) {
        Optional<ConfigNode> node = value(key);
        if (node.isEmpty()) {
            return Optional.empty();
        }
        if (node.get() instanceof ConfigNode.Scalar scalar) {
            return Optional.of(Arrays.stream(scalar.text().split(",")).map(String::strip).toList());
        }
        return items(key, node.get());
    }

    /** A list of single values and nothing else. @param allowed what it may look like */
    Optional<List<String>> list(String key, String allowed) {
        Optional<ConfigNode> node = value(key);
        if (node.isPresent() && !(node.get() instanceof ConfigNode.Sequence)) {
            problem(key, (node.get() instanceof ConfigNode.Scalar scalar ? "is '" + scalar.text() + "'" : "is " + kind(node.get()))
                    + "; allowed is " + allowed);
            return Optional.empty();
        }
        return node.flatMap(list -> items(key, list));
    }

    /** A list of single values, or one value, which may have commas in it. What is bad is left out. */
    <T> Optional<List<T>> values(String key, ValueReader<T> reader) {
        Optional<ConfigNode> node = value(key);
        if (node.isPresent() && node.get() instanceof ConfigNode.Scalar scalar) {
            return Optional.of(read(key, scalar.text(), reader).stream().toList());
        }
        return node.flatMap(list -> items(key, list)).map(texts -> {
            List<T> values = new ArrayList<>();
            for (int i = 0; i < texts.size(); i++) {
                read(key + "[" + i + "]", texts.get(i), reader).ifPresent(values::add);
            }
            return values;
        });
    }

    private Optional<List<String>> items(String key, ConfigNode node) {
        if (!(node instanceof ConfigNode.Sequence sequence)) {
            problem(key, "is " + kind(node) + "; allowed is a list of single values");
            return Optional.empty();
        }
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < sequence.items().size(); i++) {
            if (sequence.items().get(i) instanceof ConfigNode.Scalar scalar && scalar.text() != null) {
                texts.add(scalar.text());
            } else {
                problem(key + "[" + i + "]", "is " + kind(sequence.items().get(i)) + "; allowed is a single value");
            }
        }
        return Optional.of(texts);
    }

    /** A block of names and single values, in which every name is valid. */
    Map<String, String> pairs(String key) {
        Map<String, String> pairs = new LinkedHashMap<>();
        Optional<ConfigNode> node = value(key);
        if (node.isPresent() && node.get() instanceof ConfigNode.Block block) {
            block.children().forEach((name, child) -> {
                if (child instanceof ConfigNode.Scalar scalar) {
                    pairs.put(name, scalar.text() == null ? "" : scalar.text());
                } else {
                    problem(key + "." + name, "is " + kind(child) + "; allowed is a single value");
                }
            });
        } else {
            node.ifPresent(other -> problem(key, "is " + kind(other) + "; allowed is a block of names and values"));
        }
        return pairs;
    }

    /** A block with keys of its own; an empty one when the key is absent. */
    ConfigSection section(String key) {
        Optional<ConfigNode> node = value(key);
        if (node.isPresent() && !(node.get() instanceof ConfigNode.Block)) {
            problem(key, "is " + kind(node.get()) + "; allowed is a block of keys");
        }
        return inside(key, node.orElse(null));
    }

    /** A block whose keys are names the user chose, each with a block of keys. */
    Map<String, ConfigSection> named(String key) {
        Map<String, ConfigSection> sections = new LinkedHashMap<>();
        Optional<ConfigNode> node = value(key);
        if (node.isPresent() && node.get() instanceof ConfigNode.Block block) {
            block.children().forEach((name, child) -> {
                if (child instanceof ConfigNode.Block) {
                    sections.put(name, inside(key + "." + name, child));
                } else {
                    problem(key + "." + name, "is " + kind(child) + "; allowed is a block of keys");
                }
            });
        } else {
            node.ifPresent(other -> problem(key, "is " + kind(other) + "; allowed is a block with one name for each"));
        }
        return sections;
    }

    /** A list of blocks of keys. */
    List<ConfigSection> items(String key) {
        List<ConfigSection> sections = new ArrayList<>();
        Optional<ConfigNode> node = value(key);
        if (node.isPresent() && node.get() instanceof ConfigNode.Sequence sequence) {
            for (int i = 0; i < sequence.items().size(); i++) {
                String item = key + "[" + i + "]";
                if (sequence.items().get(i) instanceof ConfigNode.Block block) {
                    sections.add(inside(item, block));
                } else {
                    problem(item, "is " + kind(sequence.items().get(i)) + "; allowed is a block of keys");
                }
            }
        } else {
            node.ifPresent(other -> problem(key, "is " + kind(other) + "; allowed is a list"));
        }
        return sections;
    }

    void rejectOtherKeys() {
        for (String key : children.keySet()) {
            if (!asked.contains(key)) {
                problem(key, "unknown key; " + NearestName.suggestion(key, asked));
            }
        }
    }

    private ConfigSection inside(String key, ConfigNode node) {
        Map<String, ConfigNode> inner = node instanceof ConfigNode.Block block ? block.children() : Map.of();
        return new ConfigSection(place, path.isEmpty() ? key : path + "." + key, inner, problems);
    }

    private Optional<ConfigNode> value(String key) {
        asked.add(key);
        ConfigNode node = children.get(key);
        return node instanceof ConfigNode.Scalar scalar && scalar.text() == null ? Optional.empty() : Optional.ofNullable(node);
    }

    private static String kind(ConfigNode node) {
        if (node instanceof ConfigNode.Block) {
            return "a block";
        }
        if (node instanceof ConfigNode.Sequence) {
            return "a list";
        }
        return node instanceof ConfigNode.Scalar scalar && scalar.text() == null ? "empty" : "a single value";
    }
}
