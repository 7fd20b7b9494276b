package dev.sluice.credential;

import java.util.Map;
import java.util.stream.Collectors;

/**
 * How is a log-in written as {@code sasl.jaas.config}? Kafka reads it with a StreamTokenizer (its JaasConfig), in whose quoted strings a
 * backslash escapes as in C and a raw end of line ends the string.
 */
final class JaasText {

    private JaasText() {
    }

    /** @param module the class, without {@code org.apache.kafka.common.security.} @param options in their order */
    static String of(String module, Map<String, String> options) {
        return "org.apache.kafka.common.security." + module + " required"
                + options.entrySet().stream().map(option -> " " + option.getKey() + "=" + quoted(option.getValue()))
                        .collect(Collectors.joining())
                + ";";
    }

    private static String quoted(String value) {
        StringBuilder quoted = new StringBuilder(value.length() + 8).append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"', '\\' -> quoted.append('\\').append(c);
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                default -> quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
