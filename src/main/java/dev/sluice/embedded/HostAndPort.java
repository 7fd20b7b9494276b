package dev.sluice.embedded;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Under which address do clients reach a listener: a host name or IP address, and a port of 1 to 65535. Immutable. */
public record HostAndPort(String host, int port) {

    /** @throws IllegalArgumentException when the host is empty or the port is out of range */
    public HostAndPort {
        Objects.requireNonNull(host, "host");
        if (host.isEmpty() || host.chars().anyMatch(c -> Character.isWhitespace(c) || c == ',' || c == '/' || c == '[' || c == ']')) {
            throw new IllegalArgumentException("host is \"" + host + "\"; allowed is a host name or an IP address");
        }
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("port is " + port + "; allowed are 1 to 65535");
        }
    }

    /**
     * Reads {@code HOST:PORT}, with an IPv6 address in brackets.
     *
     * @throws IllegalArgumentException when {@code text} is no such address; the message quotes it
     */
    public static HostAndPort parse(String text) {
        int colon = text.lastIndexOf(':');
        try {
            String host = text.substring(0, Math.max(colon, 0));
            if (host.startsWith("[") && host.endsWith("]")) {
                host = host.substring(1, host.length() - 1);
            } else if (host.indexOf(':') >= 0) {
                throw new IllegalArgumentException("an IPv6 address is written in brackets");
            }
            return new HostAndPort(host, Integer.parseInt(text.substring(colon + 1)));
        } catch (IllegalArgumentException notAnAddress) {
            throw new IllegalArgumentException("\"" + text + "\" is no HOST:PORT such as localhost:9092 or [::1]:9092",
                    notAnAddress);
        }
    }

    /**
     * Reads {@code HOST:PORT,HOST:PORT,…}; an empty text is an empty list.
     *
     * @throws IllegalArgumentException naming the first part that is no address
     */
    public static List<HostAndPort> parseList(String text) {
        if (text.isBlank()) {
            return List.of();
        }
        return Arrays.stream(text.split(",", -1)).map(String::strip).map(HostAndPort::parse).toList();
    }

    @Override
    public String toString() {
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }
}
