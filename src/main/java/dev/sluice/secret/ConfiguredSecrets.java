package dev.sluice.secret;

import dev.sluice.secret.SecretSource.Looked.Missing;
import dev.sluice.secret.SecretSource.Looked.NotHere;
import dev.sluice.secret.SecretSource.Looked.Text;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which secrets did the user write down under {@code secrets} in sluice.yaml? Each under its ARN, with or without the six characters that
 * Secrets Manager adds, or under its name alone, which then stands for the secret of every account and region. Immutable; a file is read
 * at each look, as it may be made or changed while the server runs.
 *
 * @param entries by ARN or name
 */
public record ConfiguredSecrets(Map<String, Entry> entries) implements SecretSource {

    private static final Pattern ARN = Pattern.compile("arn:aws[a-zA-Z0-9-]*:secretsmanager:[a-z0-9-]*:\\d*:secret:(?<name>.+)");
    /** "Secrets Manager … adds a hyphen and six random characters to the end of the secret name" (its user guide). */
    private static final Pattern SUFFIX = Pattern.compile("-[a-zA-Z0-9]{6}$");

    /** Where one secret's text is. */
    public sealed interface Entry {

        /** Written in the file, or taken from a variable. Never printed. */
        record Value(String text) implements Entry {
            public Value {
                Objects.requireNonNull(text, "text");
            }

            @Override
            public String toString() {
                return "Value[…]";
            }
        }

        /** @param path absolute */
        record InFile(Path path) implements Entry {
            public InFile {
                Objects.requireNonNull(path, "path");
            }
        }
    }

    public ConfiguredSecrets {
        entries = Map.copyOf(entries);
    }

    @Override
    public Looked look(String arn) {
        return find(arn).map(ConfiguredSecrets::read)
                .orElseGet(() -> new NotHere("secrets in sluice.yaml has no entry for it"));
    }

    private Optional<Entry> find(String arn) {
        String withoutSuffix = SUFFIX.matcher(arn).replaceFirst("");
        for (String key : new String[] {arn, withoutSuffix, name(arn), name(withoutSuffix)}) {
            if (entries.containsKey(key)) {
                return Optional.of(entries.get(key));
            }
        }
        return Optional.empty();
    }

    private static String name(String arn) {
        var matcher = ARN.matcher(arn);
        return matcher.matches() ? matcher.group("name") : arn;
    }

    /** What is there now. */
    public static Looked read(Entry entry) {
        if (entry instanceof Entry.Value value) {
            return new Text(value.text());
        }
        Path file = ((Entry.InFile) entry).path();
        try {
            return new Text(Files.readString(file));
        } catch (NoSuchFileException none) {
            return new Missing("there is no file " + file);
        } catch (CharacterCodingException noText) {
            return new Missing(file + " is no UTF-8 text");
        } catch (IOException unreadable) {
            return new Missing(file + " can't be read (" + unreadable.getClass().getSimpleName() + ")");
        }
    }

    @Override
    public String toString() {
        return "ConfiguredSecrets" + entries.keySet();
    }
}
