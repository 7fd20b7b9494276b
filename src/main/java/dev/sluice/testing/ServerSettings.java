package dev.sluice.testing;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which server is wanted? Tests that want the same one share it. Immutable.
 *
 * @param kafka the brokers of the default cluster; null for one of the server's own
 * @param arguments further ones of {@code sluice serve}
 * @param environment what the server's process finds in its environment beside what it inherits
 */
record ServerSettings(String kafka, List<String> arguments, Map<String, String> environment) {

    static final ServerSettings DEFAULT = new ServerSettings(null, List.of(), Map.of());

    ServerSettings {
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(new TreeMap<>(environment));
    }
}
