package dev.sluice.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.server.ServerSocketFactory;

/**
 * On which sockets does the broker listen, and what does each tell its clients? Opens them all before the broker is started, so
 * that the ports are known and a taken one is found at once, then hands them to Kafka. Until Kafka accepts them, connections wait
 * in the sockets' backlogs. {@link #close()} closes what Kafka did not.
 */
final class BrokerListeners implements ServerSocketFactory, AutoCloseable {
    static final String CONTROLLER = "CONTROLLER";
    private static final int BACKLOG = 50;
    private static final int ATTEMPTS = 20;
    private static final int CONNECT_MILLIS = 200;

    private record Listener(String address, HostAndPort advertised, ServerSocketChannel socket, SecurityProtocol protocol) {
    }

    private final Map<String, Listener> listeners = new LinkedHashMap<>();
    private final List<ServerSocketChannel> sockets = new ArrayList<>();
    private final Map<SecurityProtocol, HostAndPort> known = new EnumMap<>(SecurityProtocol.class);
    private final Map<SecurityProtocol, Integer> ports = new EnumMap<>(SecurityProtocol.class);
    private String interBroker;
    private HostAndPort local;

    private BrokerListeners() {
    }

    /**
     * What clients have been told, and what stays the same when the broker is started again.
     *
     * @param known the first address of each kind that clients are told
     * @param ports where each kind listens
     * @param localPort where nobody but this JVM connects; 0 for any
     */
    record Addresses(Map<SecurityProtocol, HostAndPort> known, HostAndPort local, Map<SecurityProtocol, Integer> ports, int localPort) {
        Addresses {
            known = Collections.unmodifiableMap(new EnumMap<>(known));
            ports = Collections.unmodifiableMap(new EnumMap<>(ports));
        }

        /** That of the first kind. */
        HostAndPort first() {
            return known.values().iterator().next();
        }
    }

    private void openAll(EmbeddedKafkaConfiguration configuration, int localPort) throws IOException {
        List<InetAddress> hosts = hosts(configuration.host());
        List<HostAndPort> advertised = configuration.advertised();
        for (SecurityProtocol kind : configuration.security().listeners()) {
            List<ServerSocketChannel> opened = listen(hosts, configuration, kind);
            int port = port(opened.get(0));
            HostAndPort told = advertised.isEmpty() ? new HostAndPort(ownName(configuration.host()), port)
                    : kind == SecurityProtocol.PLAINTEXT ? advertised.get(0) : new HostAndPort(advertised.get(0).host(), port);
            ports.put(kind, port);
            known.put(kind, told);
            add(kind == SecurityProtocol.PLAINTEXT ? "CLIENT" : kind.name, kind, opened, hosts, told);
        }
        boolean plaintext = known.containsKey(SecurityProtocol.PLAINTEXT);
        for (int i = 1; plaintext && i < advertised.size(); i++) {
            add("CLIENT" + i, SecurityProtocol.PLAINTEXT, listen(hosts, advertised.get(i).port(), configuration.host()), hosts,
                    advertised.get(i));
        }
        if (plaintext && advertised.isEmpty()) {
            interBroker = "CLIENT";
            local = known.get(SecurityProtocol.PLAINTEXT);
        } else {
            // The broker sends the end of a transaction to itself by its own advertised address, and Sluice reads from it: neither may
            // depend on a name that perhaps only other machines or containers know, nor on a log-in.
            interBroker = "INTERNAL";
            InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
            ServerSocketChannel socket = localPort == 0 ? openApart(loopback) : open(loopback, localPort);
            local = new HostAndPort("127.0.0.1", port(socket));
            add(interBroker, SecurityProtocol.PLAINTEXT, List.of(socket), List.of(loopback), local);
        }
        ServerSocketChannel controller = openApart(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
        listeners.put(CONTROLLER, new Listener("127.0.0.1", null, controller, SecurityProtocol.PLAINTEXT));
    }

    /** At a free port that no other listener has on another address, where it may be free as well: Kafka takes no such pair. */
    private ServerSocketChannel openApart(InetAddress address) throws IOException {
        ServerSocketChannel socket = open(address, 0);
        int port = port(socket);
        if (listeners.values().stream().noneMatch(listener -> port(listener.socket) == port)) {
            return socket;
        }
        try (socket) { // held meanwhile, so that the next one is another
            return openApart(address);
        }
    }

    /** @throws PortInUseException when a wanted port is taken on any of the addresses */
    static BrokerListeners open(EmbeddedKafkaConfiguration configuration) {
        return new BrokerListeners().opened(configuration, 0);
    }

    /** The same sockets once more, after those were closed. */
    static BrokerListeners openAgain(EmbeddedKafkaConfiguration configuration, Addresses former) {
        BrokerListeners listeners = new BrokerListeners();
        listeners.ports.putAll(former.ports());
        return listeners.opened(configuration, former.localPort());
    }

    private BrokerListeners opened(EmbeddedKafkaConfiguration configuration, int localPort) {
        try {
            openAll(configuration, localPort);
            return this;
        } catch (IOException e) {
            close();
            throw new UncheckedIOException("The embedded broker can't listen on " + configuration.host() + ": " + e.getMessage(), e);
        } catch (PortInUseException e) {
            close();
            throw e;
        }
    }

    /** What clients are told, and an address that always works from within this JVM. */
    Addresses addresses() {
        return new Addresses(known, local, ports, interBroker.equals("INTERNAL") ? local.port() : 0);
    }

    /** What the broker's listeners speak, by their names. */
    Map<String, SecurityProtocol> kinds() {
        Map<String, SecurityProtocol> kinds = new LinkedHashMap<>();
        listeners.forEach((name, listener) -> kinds.put(name, listener.protocol));
        return kinds;
    }

    int controllerPort() {
        return port(listeners.get(CONTROLLER).socket);
    }

    String interBroker() {
        return interBroker;
    }

    String bound() {
        return listeners.entrySet().stream()
                .map(e -> e.getKey() + "://" + e.getValue().address + ":" + port(e.getValue().socket))
                .collect(Collectors.joining(","));
    }

    String advertised() {
        return listeners.entrySet().stream().filter(e -> e.getValue().advertised != null)
                .map(e -> e.getKey() + "://" + e.getValue().advertised)
                .collect(Collectors.joining(","));
    }

    String protocols() {
        return listeners.entrySet().stream().map(e -> e.getKey() + ":" + e.getValue().protocol.name).collect(Collectors.joining(","));
    }

    @Override
    public ServerSocketChannel openServerSocket(String listenerName, InetSocketAddress address, int backlog, int receiveBuffer) {
        return listeners.get(listenerName).socket;
    }

    @Override
    public void close() {
        for (ServerSocketChannel socket : sockets) {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void add(String name, SecurityProtocol kind, List<ServerSocketChannel> channels, List<InetAddress> hosts,
            HostAndPort advertised) {
        for (int i = 0; i < channels.size(); i++) {
            String address = hosts.get(i).isAnyLocalAddress() ? "" : literal(hosts.get(i));
            listeners.put(i == 0 ? name : name + "V6", new Listener(address, advertised, channels.get(i), kind));
        }
    }

    private List<ServerSocketChannel> listen(List<InetAddress> hosts, EmbeddedKafkaConfiguration configuration, SecurityProtocol kind)
            throws IOException {
        int wanted = ports.getOrDefault(kind, configuration.port(kind));
        if (wanted != 0) {
            return listen(hosts, wanted, configuration.host());
        }
        PortInUseException last = null;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            List<ServerSocketChannel> opened = new ArrayList<>();
            opened.add(openApart(hosts.get(0)));
            try {
                // The port that is free on one loopback address may be taken on the other.
                opened.addAll(listen(hosts.subList(1, hosts.size()), port(opened.get(0)), configuration.host()));
                return opened;
            } catch (PortInUseException takenOnTheOther) {
                last = takenOnTheOther;
                sockets.remove(opened.get(0));
                opened.get(0).close();
            }
        }
        throw last;
    }

    private List<ServerSocketChannel> listen(List<InetAddress> hosts, int port, String host) throws IOException {
        List<ServerSocketChannel> opened = new ArrayList<>();
        for (InetAddress address : hosts) {
            // macOS lets a socket be bound to an address whose port another program holds on all addresses; asking shows it.
            if (answers(address, port)) {
                throw new PortInUseException(host, port, null);
            }
            try {
                opened.add(open(address, port));
            } catch (BindException e) {
                // Fails too, and says so, when it is the address that is none of this machine's.
                open(address, 0).close();
                throw new PortInUseException(host, port, e);
            }
        }
        return opened;
    }

    private ServerSocketChannel open(InetAddress address, int port) throws IOException {
        ServerSocketChannel socket = address.isAnyLocalAddress() ? ServerSocketChannel.open()
                : ServerSocketChannel.open(address instanceof Inet6Address ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET);
        try {
            socket.configureBlocking(false);
            socket.bind(new InetSocketAddress(address, port), BACKLOG);
            sockets.add(socket);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private static boolean answers(InetAddress address, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : address, port),
                    CONNECT_MILLIS);
            // Where nobody listens on a port of the ephemeral range, a socket may be connected to itself.
            return socket.getLocalPort() != port;
        } catch (IOException nobodyThere) {
            return false;
        }
    }

    private static List<InetAddress> hosts(String host) throws IOException {
        if (!host.equals(EmbeddedKafkaConfiguration.DEFAULT_HOST)) {
            return List.of(InetAddress.getByName(host));
        }
        InetAddress ipv6 = Inet6Address.getByAddress("localhost", new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
        InetAddress ipv4 = Inet4Address.getByAddress("localhost", new byte[] {127, 0, 0, 1});
        try (ServerSocketChannel trial = ServerSocketChannel.open(StandardProtocolFamily.INET6)) {
            trial.bind(new InetSocketAddress(ipv6, 0));
            return List.of(ipv4, ipv6);
        } catch (IOException | UnsupportedOperationException noIpv6Here) {
            return List.of(ipv4);
        }
    }

    /** What clients are told when nothing is advertised; nobody can connect to "all addresses". */
    private static String ownName(String host) throws IOException {
        return InetAddress.getByName(host).isAnyLocalAddress() ? "localhost" : host;
    }

    private static String literal(InetAddress address) {
        return address instanceof Inet6Address ? "[" + address.getHostAddress() + "]" : address.getHostAddress();
    }

    private static int port(ServerSocketChannel socket) {
        return socket.socket().getLocalPort();
    }
}
