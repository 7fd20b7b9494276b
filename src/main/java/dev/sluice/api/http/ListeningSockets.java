package dev.sluice.api.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * The sockets one server listens on, all with one port: for {@code localhost} both loopback addresses, since a client may try
 * either first; else the one address. From {@link #open} on the port is taken and clients wait to be accepted. Confined to the
 * starting thread; whoever takes {@link #channels} closes them.
 */
public record ListeningSockets(List<ServerSocketChannel> channels, int port) {

    public ListeningSockets {
        channels = List.copyOf(channels);
    }

    private static final int BACKLOG = 128;

    // Port 0 gives a port that is free for IPv4; that IPv6 has it too is likely, not certain.
    private static final int TRIES = 20;

    /**
     * @param port 0 for a free one
     * @throws PortTakenException when the port is in use
     * @throws IllegalArgumentException when the host can't be resolved or is no address of this machine
     */
    public static ListeningSockets open(String host, int port) {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port is " + port + "; allowed are 0 to 65535");
        }
        List<InetAddress> addresses = addresses(host);
        for (int attempt = 1;; attempt++) {
            try {
                return bind(host, addresses, port);
            } catch (PortTakenException e) {
                if (port != 0 || attempt == TRIES) {
                    throw e;
                }
            }
        }
    }

    private static ListeningSockets bind(String host, List<InetAddress> addresses, int wanted) {
        List<ServerSocketChannel> open = new ArrayList<>();
        int port = wanted;
        boolean complete = false;
        try {
            for (InetAddress address : addresses) {
                ServerSocketChannel channel = ServerSocketChannel.open();
                open.add(channel);
                try {
                    channel.bind(new InetSocketAddress(address, port), BACKLOG);
                } catch (BindException e) {
                    if (isNoAddressHere(e)) {
                        throw new IllegalArgumentException("host is '" + host + "', which is no address of this machine", e);
                    }
                    throw new PortTakenException(host, port, e);
                }
                port = channel.socket().getLocalPort();
            }
            complete = true;
            return new ListeningSockets(open, port);
        } catch (SocketException e) {
            throw new IllegalArgumentException("cannot listen on " + host + " port " + port + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen on " + host + " port " + port, e);
        } finally {
            if (!complete) {
                closeAll(open);
            }
        }
    }

    /** Closes what is still open. Idempotent. */
    public void close() {
        closeAll(channels);
    }

    private static List<InetAddress> addresses(String host) {
        try {
            if (!"localhost".equalsIgnoreCase(host)) {
                return List.of(InetAddress.getByName(host));
            }
            InetAddress ipv4 = InetAddress.getByAddress("localhost", new byte[] {127, 0, 0, 1});
            byte[] one = new byte[16];
            one[15] = 1;
            InetAddress ipv6 = InetAddress.getByAddress("localhost", one);
            return canListen(ipv6) ? List.of(ipv4, ipv6) : List.of(ipv4);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("host is '" + host + "', which can't be resolved", e);
        }
    }

    // Containers often have no IPv6 loopback.
    private static boolean canListen(InetAddress address) {
        try (ServerSocketChannel probe = ServerSocketChannel.open()) {
            probe.bind(new InetSocketAddress(address, 0));
            return true;
        } catch (IOException | UnsupportedOperationException noIpv6) {
            return false;
        }
    }

    private static boolean isNoAddressHere(BindException e) {
        return e.getMessage() != null && e.getMessage().contains("assign requested address");
    }

    private static void closeAll(List<ServerSocketChannel> channels) {
        for (ServerSocketChannel channel : channels) {
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException("cannot close a listening socket", e);
            }
        }
    }
}
