package dev.sluice.cluster;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Collection;

/**
 * Is a broker on this machine's loopback, where nobody else's consumers are? Without state, thread-safe; looks names up on the caller's
 * thread.
 */
public final class LoopbackAddresses {

    private LoopbackAddresses() {
    }

    /** Whether every bootstrap address is on the loopback. */
    public static boolean all(Brokers brokers) {
        return all(Arrays.stream(brokers.bootstrapServers().split(",")).map(String::strip).filter(address -> !address.isEmpty())
                .map(address -> address.substring(0, Math.max(0, address.lastIndexOf(':')))).toList());
    }

    /** Whether each of these host names and IP addresses stands for loopback addresses only; one that can't be looked up doesn't. */
    public static boolean all(Collection<String> hosts) {
        return hosts.stream().allMatch(LoopbackAddresses::isLoopback);
    }

    private static boolean isLoopback(String host) {
        if (host.isEmpty()) {
            return false; // InetAddress would take it for the loopback
        }
        try {
            return Arrays.stream(InetAddress.getAllByName(host)).allMatch(InetAddress::isLoopbackAddress);
        } catch (UnknownHostException unknown) {
            return false;
        }
    }
}
