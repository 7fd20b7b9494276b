package dev.sluice.runtime.api;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * How does a process get arguments and variables that this JVM can't hand over, because its locale isn't UTF-8? A shell reads them from
 * its standard input and becomes the command: nothing lies on disk or in a list of processes, and the process keeps its id. Immutable.
 */
final class ShellScript {

    static final List<String> SHELL = List.of("/bin/sh", "-e");

    private static final Pattern VARIABLE = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");
    /** What shells set by themselves. */
    private static final List<String> OF_SHELLS = List.of("PWD", "OLDPWD", "SHLVL");

    private final ByteArrayOutputStream script = new ByteArrayOutputStream();

    /**
     * @param variables those that the shell hasn't got already
     * @param present the names of those that it has
     */
    ShellScript(List<String> command, Map<String, String> variables, Iterable<String> present) throws IOException {
        StringBuilder text = new StringBuilder();
        for (String own : OF_SHELLS) {
            boolean wanted = false;
            for (String name : present) {
                wanted |= name.equals(own);
            }
            text.append(wanted ? "" : "unset " + own + "\n");
        }
        for (Map.Entry<String, String> variable : variables.entrySet()) {
            if (!VARIABLE.matcher(variable.getKey()).matches()) {
                throw new IOException("the variable '" + variable.getKey() + "' can't be handed over in this server's locale, which isn't"
                        + " UTF-8; start the server with LC_ALL=C.UTF-8");
            }
            text.append("export ").append(variable.getKey()).append('=').append(quoted(variable.getValue(), variable.getKey()))
                    .append('\n');
        }
        text.append("exec");
        for (String word : command) {
            text.append(' ').append(quoted(word, "the command"));
        }
        // The script itself is the shell's standard input.
        text.append(" </dev/null\n");
        script.writeBytes(utf8(text.toString()));
    }

    /** Only the shell reads it, and all of it before it becomes the command. */
    void writeTo(Process shell) throws IOException {
        try (OutputStream in = shell.getOutputStream()) {
            script.writeTo(in);
        }
    }

    private static String quoted(String text, String what) throws IOException {
        if (text.indexOf('\0') >= 0) {
            throw new IOException(what + " has a NUL character in it, which no process can get");
        }
        return "'" + text.replace("'", "'\\''") + "'";
    }

    private static byte[] utf8(String text) throws IOException {
        try {
            ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            byte[] exactly = new byte[bytes.remaining()];
            bytes.get(exactly);
            return exactly;
        } catch (CharacterCodingException halfACharacter) {
            throw new IOException("an argument or a variable has half a surrogate pair in it, which no process can get", halfACharacter);
        }
    }
}
