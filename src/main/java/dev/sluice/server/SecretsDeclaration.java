package dev.sluice.server;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.secret.ConfiguredSecrets;
import dev.sluice.secret.ConfiguredSecrets.Entry;
import dev.sluice.secret.SecretSource.Looked;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Reads {@code secrets} and what else is secret: by ARN or name, each a {@code value} (the secret's text, or a block of its members), a {@code file} that has it, or the
 * {@code variable} that does. No value gets into a message. Confined to one thread.
 */
final class SecretsDeclaration {

    private static final String ALLOWED = "needs exactly one of value, file, variable";

    private SecretsDeclaration() {
    }

    /** Null when the file says nothing of secrets. @param directory where relative paths start */
    static ConfiguredSecrets read(ConfigSection root, Path directory, Map<String, String> environment) {
        if (!root.has("secrets")) {
            return null;
        }
        Map<String, Entry> entries = new LinkedHashMap<>();
        root.named("secrets").forEach((name, section) -> entry(section, directory, environment)
                .ifPresent(entry -> entries.put(name, entry)));
        return new ConfiguredSecrets(entries);
    }

    /** The texts themselves, as they are now, without a line end of a file. */
    static Map<String, String> texts(ConfigSection root, String key, Path directory, Map<String, String> environment) {
        Map<String, String> texts = new LinkedHashMap<>();
        root.named(key).forEach((name, section) -> entry(section, directory, environment).ifPresent(entry -> {
            if (ConfiguredSecrets.read(entry) instanceof Looked.Text text && !text.value().isBlank()) {
                texts.put(name, entry instanceof Entry.InFile ? text.value().replaceFirst("\\R$", "") : text.value());
            } else {
                section.problem(null, "has no text; allowed is a value, a variable, or a file that can be read");
            }
        }));
        return texts;
    }

    private static Optional<Entry> entry(ConfigSection section, Path directory, Map<String, String> environment) {
        boolean value = section.has("value");
        boolean file = section.has("file");
        boolean variable = section.has("variable");
        section.rejectOtherKeys();
        if ((value ? 1 : 0) + (file ? 1 : 0) + (variable ? 1 : 0) != 1) {
            section.problem(null, ALLOWED);
            return Optional.empty();
        }
        if (value) {
            return Optional.of(new Entry.Value(section.isBlock("value") ? json(section.pairs("value")) : section.text("value").orElse("")));
        }
        if (file) {
            return section.read("file", ValueReader.path(directory)).map(Entry.InFile::new);
        }
        return section.text("variable").flatMap(name -> {
            String text = environment.get(name);
            if (text == null || text.isEmpty()) {
                section.problem("variable",
                        "is '" + name + "', which is not set; allowed is the name of a variable that has the secret's text");
            }
            return Optional.ofNullable(text).map(Entry.Value::new);
        });
    }

    private static String json(Map<String, String> members) {
        ObjectNode object = new ObjectMapper().createObjectNode();
        members.forEach(object::put);
        return object.toString();
    }
}
