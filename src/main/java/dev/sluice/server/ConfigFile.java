package dev.sluice.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.reader.ReaderException;

/**
 * What is written in a YAML file, as a tree with its variables expanded. The only class that touches YAML, so that a server
 * without a file doesn't load it. Confined to one thread.
 */
final class ConfigFile {

    private final String label;
    private final Expansion expansion;
    private final Problems problems;

    /** @param label what messages call the file */
    ConfigFile(String label, Expansion expansion, Problems problems) {
        this.label = label;
        this.expansion = expansion;
        this.problems = problems;
    }

    /** The file's root; empty when the file is, or when it is so broken that a problem says all there is to say. */
    ConfigNode.Block read(Path file) {
        ConfigNode.Block nothing = new ConfigNode.Block(Map.of());
        String text = "";
        try {
            text = Files.readString(file);
            return root(text, nothing);
        } catch (JsonProcessingException broken) {
            problems.add(label, noYaml(broken, text));
        } catch (CharacterCodingException noText) {
            problems.add(label, "is no UTF-8 text; save it in that encoding");
        } catch (IOException unreadable) {
            problems.add(label, "can't be read: " + unreadable);
        }
        return nothing;
    }

    private ConfigNode.Block root(String text, ConfigNode.Block nothing) throws IOException {
        try (YAMLParser parser = new YAMLFactory().createParser(text)) {
            JsonToken first = parser.nextToken();
            if (first == null || first == JsonToken.VALUE_NULL) {
                return nothing;
            }
            ConfigNode root = node(parser, "");
            if (parser.nextToken() != null) {
                problems.add(label, "has more than one document; allowed is one");
            }
            if (root instanceof ConfigNode.Block block) {
                return block;
            }
            problems.add(label, "is no block of keys and values");
            return nothing;
        }
    }

    /**
     * What the parser stumbled over comes first, with its place. What it was doing meanwhile follows when it had begun that in another
     * line, which may be the one to mend: a bracket that isn't closed. A quote that isn't is missed at the end of the file only.
     */
    private static String noYaml(JsonProcessingException broken, String text) {
        if (broken.getCause() instanceof ReaderException character) {
            long line = text.codePoints().limit(character.getPosition()).filter(c -> c == '\n').count() + 1;
            return "line " + line + ": is no YAML: the character " + String.format("U+%04X", character.getCodePoint()) + " is not allowed";
        }
        if (!(broken.getCause() instanceof MarkedYAMLException marked) || marked.getProblemMark() == null) {
            return (broken.getLocation() == null ? "" : "line " + broken.getLocation().getLineNr() + ": ") + "is no YAML: "
                    + broken.getOriginalMessage().lines().findFirst().orElse("");
        }
        String problem = marked.getProblem().strip();
        if (!problem.contains("TAB") && problem.contains("cannot start any token")) {
            problem = problem.replaceFirst("\\.? \\(Do not use .*", "") + "; put the value in quotes";
        }
        Mark at = marked.getProblemMark();
        Mark since = marked.getContext() == null ? null : marked.getContextMark();
        String meanwhile = since == null || since.getLine() == at.getLine() ? "" : ", " + marked.getContext() + " that begins ";
        if (!meanwhile.isEmpty() && (problem.contains("end of stream") || problem.contains("<stream end>"))) {
            return place(since) + problem + meanwhile + "here";
        }
        return place(at) + problem + (meanwhile.isEmpty() ? "" : meanwhile + "in line " + (since.getLine() + 1));
    }

    private static String place(Mark mark) {
        return "line " + (mark.getLine() + 1) + ", column " + (mark.getColumn() + 1) + ": is no YAML: ";
    }

    /** The value that begins at the parser's token. */
    private ConfigNode node(YAMLParser parser, String path) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.START_OBJECT) {
            return block(parser, path);
        }
        if (token == JsonToken.START_ARRAY) {
            List<ConfigNode> items = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                items.add(node(parser, path + "[" + items.size() + "]"));
            }
            return new ConfigNode.Sequence(items);
        }
        if (parser.isCurrentAlias()) {
            problems.add(label + ": " + path, "aliases (*name) are not supported");
            return new ConfigNode.Scalar(null);
        }
        if (token == JsonToken.VALUE_NULL) {
            return new ConfigNode.Scalar(null);
        }
        try {
            return new ConfigNode.Scalar(expansion.expand(parser.getText()));
        } catch (BadValueException bad) {
            problems.add(label + ": " + path, bad.getMessage());
            return new ConfigNode.Scalar(null);
        }
    }

    private ConfigNode.Block block(YAMLParser parser, String path) throws IOException {
        Map<String, ConfigNode> children = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            String childPath = path.isEmpty() ? key : path + "." + key;
            parser.nextToken();
            ConfigNode child = node(parser, childPath);
            if (children.putIfAbsent(key, child) != null) {
                problems.add(label + ": " + childPath, "is there twice");
            }
        }
        return new ConfigNode.Block(children);
    }
}
