package dev.sluice.bench;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** The least that answers Lambda's events: a program that sends each back as it came. Confined to one thread. */
final class BareRuntime {

    private static final String API = " /2018-06-01/runtime/invocation/";
    private static final String HOST = " HTTP/1.1\r\nHost: runtime\r\n";
    private static final String ID = "lambda-runtime-aws-request-id:";
    private static final String LENGTH = "content-length:";

    private final InputStream in;
    private final OutputStream out;
    private String requestId;

    private BareRuntime(Socket connection) throws IOException {
        this.in = new BufferedInputStream(connection.getInputStream(), 64 * 1024);
        this.out = connection.getOutputStream();
    }

    /** @param args HOST:PORT */
    public static void main(String[] args) throws IOException {
        int colon = args[0].lastIndexOf(':');
        try (Socket connection = new Socket(args[0].substring(0, colon), Integer.parseInt(args[0].substring(colon + 1)))) {
            connection.setTcpNoDelay(true);
            new BareRuntime(connection).run();
        }
    }

    private void run() throws IOException {
        while (true) {
            send("GET" + API + "next" + HOST + "\r\n", new byte[0]);
            byte[] event = answer();
            send("POST" + API + requestId + "/response" + HOST + "Content-Length: " + event.length + "\r\n\r\n", event);
            answer();
        }
    }

    private void send(String head, byte[] body) throws IOException {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
        request.writeBytes(body);
        request.writeTo(out);
    }

    private byte[] answer() throws IOException {
        int length = 0;
        for (String line = line(); !line.isEmpty(); line = line()) {
            String lower = line.toLowerCase(Locale.ROOT);
            if (lower.startsWith(LENGTH)) {
                length = Integer.parseInt(line.substring(LENGTH.length()).strip());
            } else if (lower.startsWith(ID)) {
                requestId = line.substring(ID.length()).strip();
            }
        }
        return in.readNBytes(length);
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the Runtime API has closed the connection");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }
}
