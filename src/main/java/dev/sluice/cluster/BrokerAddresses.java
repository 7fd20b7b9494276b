package dev.sluice.cluster;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** When are two addresses, {@code host:port}, the same broker's? Without regard to case, and all names of this machine's loopback are equal. */
public final class BrokerAddresses {

    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "[::1]", "::1", "ip6-localhost", "localhost.localdomain");

    private BrokerAddresses() {
    }

    /** Whether these name a broker in common. */
    public static boolean share(Collection<String> some, Collection<String> others) {
        Set<String> shared = normal(some);
        shared.retainAll(normal(others));
        return !shared.isEmpty();
    }

    /** Each in the one form that equal ones have. @param bootstrapServers joined by commas */
    public static Set<String> of(String bootstrapServers) {
        return normal(Arrays.asList(bootstrapServers.split(",")));
    }

    private static Set<String> normal(Collection<String> addresses) {
        return addresses.stream().map(BrokerAddresses::normal).filter(address -> !address.isEmpty())
                .collect(Collectors.toCollection(HashSet::new));
    }

    static String normal(String address) {
        String lower = address.strip().toLowerCase(Locale.ROOT);
        int colon = lower.lastIndexOf(':');
        return colon > 0 && LOOPBACK.contains(lower.substring(0, colon)) ? "localhost" + lower.substring(colon) : lower;
    }
}
