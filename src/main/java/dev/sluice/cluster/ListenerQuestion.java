package dev.sluice.cluster;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * What does the port at an address speak? Asks with an ApiVersions request in plaintext, 28 bytes without any credential, and looks at the
 * first bytes that come back. Kafka's own client can't be let near a port of another kind: it takes the first four bytes for a length and
 * allocates it, a third of a gigabyte for a TLS alert, at each try (KAFKA-4090).
 */
final class ListenerQuestion {

    private static final short API_VERSIONS = 18;
    private static final short SASL_HANDSHAKE = 17;
    private static final short UNSUPPORTED_SASL_MECHANISM = 33;
    private static final int CORRELATION_ID = 0x736c7563;
    /** An answer of today's brokers has about 500 bytes. */
    private static final int LONGEST_ANSWER = 64 * 1024;
    private static final int TLS_ALERT = 0x15;
    private static final int TLS_HANDSHAKE = 0x16;
    private static final int SSL_MAJOR_VERSION = 3;
    private static final int LONGEST_QUOTE = 40;
    private static final SSLContext ANY_SERVER = anyServer();

    private ListenerQuestion() {
    }

    /** What was heard. */
    sealed interface Heard {

        /** Kafka in plaintext. @param versions the highest version of each API that the broker has, by the API's key */
        record Kafka(Map<Short, Short> versions) implements Heard {
        }

        record Tls() implements Heard {
        }

        /** Something else. @param beginning as far as it is text; may be empty */
        record Other(String beginning) implements Heard {
        }

        /** Nothing that tells anything: the connection was refused, or closed, or stayed silent. */
        record Nothing() implements Heard {
        }
    }

    /** @param address {@code host:port}; its name is looked up on this thread */
    static Heard ask(String address, Duration timeout) {
        int colon = address.lastIndexOf(':');
        int millis = (int) Math.max(1, timeout.toMillis());
        try {
            String host = address.substring(0, Math.max(0, colon)).replaceAll("^\\[|]$", "");
            int port = Integer.parseInt(address.substring(colon + 1));
            try (Socket socket = connected(host, port, millis)) {
                socket.getOutputStream().write(request(API_VERSIONS, (short) 0, null)); // which every broker since 0.10 has
                return heard(new DataInputStream(socket.getInputStream()));
            } catch (EOFException | SocketException hungUp) { // as OpenSSL does to what is no TLS, without a word
                return answersTls(host, port, millis) ? new Heard.Tls() : new Heard.Nothing();
            }
        } catch (IOException | IllegalArgumentException unreachable) {
            return new Heard.Nothing();
        }
    }

    /**
     * Which mechanisms of logging in the port has; empty when it has none, or doesn't tell. Asks for one that there is not, so the broker
     * notes a log-in that failed: only to be asked when the configured kind has failed.
     */
    static List<String> mechanisms(String address, boolean tls, Duration timeout) {
        int colon = address.lastIndexOf(':');
        int millis = (int) Math.max(1, timeout.toMillis());
        try {
            String host = address.substring(0, Math.max(0, colon)).replaceAll("^\\[|]$", "");
            int port = Integer.parseInt(address.substring(colon + 1));
            try (Socket plain = connected(host, port, millis);
                    Socket socket = tls ? ANY_SERVER.getSocketFactory().createSocket(plain, host, port, true) : plain) {
                socket.getOutputStream().write(request(SASL_HANDSHAKE, (short) 1, "SLUICE-ASKS"));
                return mechanisms(new DataInputStream(socket.getInputStream()));
            }
        } catch (IOException | IllegalArgumentException noAnswer) {
            return List.of();
        }
    }

    private static List<String> mechanisms(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 10 || length > LONGEST_ANSWER || in.readInt() != CORRELATION_ID || in.readShort() != UNSUPPORTED_SASL_MECHANISM) {
            return List.of();
        }
        List<String> mechanisms = new ArrayList<>();
        for (int left = in.readInt(); left > 0 && mechanisms.size() < 20; left--) {
            mechanisms.add(new String(in.readNBytes(in.readShort()), StandardCharsets.UTF_8));
        }
        return mechanisms;
    }

    /** Whether the port answers the beginning of a handshake. Any certificate will do, as nothing is said to whoever shows it. */
    private static boolean answersTls(String host, int port, int millis) throws IOException {
        try (Socket plain = connected(host, port, millis);
                SSLSocket socket = (SSLSocket) ANY_SERVER.getSocketFactory().createSocket(plain, host, port, true)) {
            socket.startHandshake();
            return true;
        } catch (SSLException e) {
            // An alert is TLS too: it wants a certificate of ours, for example.
            return String.valueOf(e.getMessage()).contains("fatal alert");
        } catch (SocketException hungUp) {
            return false;
        }
    }

    private static SSLContext anyServer() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new TrustsAnybody()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no TLS", e);
        }
    }

    static final class TrustsAnybody extends X509ExtendedTrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {
            throw new UnsupportedOperationException("nobody is served");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {
            throw new UnsupportedOperationException("nobody is served");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
            throw new UnsupportedOperationException("nobody is served");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {
            // See answersTls.
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {
            // See answersTls.
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
            // See answersTls.
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    static Socket connected(String host, int port, int millis) throws IOException {
        IOException last = null;
        for (InetAddress each : InetAddress.getAllByName(host)) {
            Socket socket = new Socket();
            try {
                socket.connect(new InetSocketAddress(each, port), millis);
                socket.setSoTimeout(millis);
                return socket;
            } catch (IOException e) {
                socket.close(); // which can't be used again
                last = e;
            }
        }
        throw last == null ? new IOException("no address") : last;
    }

    /** @param text what the request has besides its head; null for nothing */
    private static byte[] request(short api, short version, String text) throws IOException {
        byte[] last = text == null ? new byte[0] : text.getBytes(StandardCharsets.US_ASCII);
        byte[] client = "sluice-question".getBytes(StandardCharsets.US_ASCII);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(10 + client.length + (text == null ? 0 : 2 + last.length));
        out.writeShort(api);
        out.writeShort(version);
        out.writeInt(CORRELATION_ID);
        out.writeShort(client.length);
        out.write(client);
        if (text != null) {
            out.writeShort(last.length);
            out.write(last);
        }
        return bytes.toByteArray();
    }

    private static Heard heard(DataInputStream in) throws IOException {
        byte[] first = new byte[8];
        int read = in.readNBytes(first, 0, 2);
        if (read < 2) {
            throw new EOFException();
        }
        if ((first[0] == TLS_ALERT || first[0] == TLS_HANDSHAKE) && first[1] == SSL_MAJOR_VERSION) {
            return new Heard.Tls();
        }
        read += in.readNBytes(first, 2, 6);
        int length = (first[0] & 0xff) << 24 | (first[1] & 0xff) << 16 | (first[2] & 0xff) << 8 | first[3] & 0xff;
        int correlation = (first[4] & 0xff) << 24 | (first[5] & 0xff) << 16 | (first[6] & 0xff) << 8 | first[7] & 0xff;
        if (read == 8 && correlation == CORRELATION_ID && length >= 10 && length <= LONGEST_ANSWER) {
            return new Heard.Kafka(versions(in));
        }
        return new Heard.Other(text(first, read, in));
    }

    private static Map<Short, Short> versions(DataInputStream in) throws IOException {
        Map<Short, Short> versions = new HashMap<>();
        in.readShort(); // the error, which version 0 has none of
        int apis = in.readInt();
        for (int i = 0; i < apis && i < LONGEST_ANSWER / 6; i++) {
            short key = in.readShort();
            in.readShort();
            versions.put(key, in.readShort());
        }
        return versions;
    }

    /** The rest of the line, when it is text: of an HTTP server its answer's first one. */
    private static String text(byte[] first, int read, DataInputStream in) throws IOException {
        StringBuilder text = new StringBuilder();
        try {
            for (int i = 0; text.length() < LONGEST_QUOTE; i++) {
                int one = i < read ? first[i] : in.readByte();
                if (one == '\r' || one == '\n') {
                    break;
                }
                if (one < ' ' || one > '~') {
                    return "";
                }
                text.append((char) one);
            }
        } catch (EOFException end) {
            return text.toString();
        }
        return text.toString();
    }
}
