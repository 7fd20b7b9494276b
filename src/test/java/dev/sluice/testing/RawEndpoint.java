package dev.sluice.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** Answers each request with the next of these bytes, the last ones again and again, and then closes the connection whatever they said. */
public final class RawEndpoint implements AutoCloseable {

    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final AtomicInteger requests = new AtomicInteger();

    public RawEndpoint(String... answers) throws IOException {
        Thread thread = new Thread(() -> serve(answers), "raw-endpoint");
        thread.setDaemon(true);
        thread.start();
    }

    public URI url() {
        return URI.create("http://localhost:" + socket.getLocalPort() + "/f");
    }

    /** Those that came whole. */
    public int requests() {
        return requests.get();
    }

    private void serve(String... answers) {
        while (!socket.isClosed()) {
            try (Socket connection = socket.accept()) {
                if (read(new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8)))) {
                    int number = requests.getAndIncrement();
                    connection.getOutputStream().write(answers[Math.min(number, answers.length - 1)].getBytes(StandardCharsets.UTF_8));
                }
            } catch (IOException closed) {
                continue; // by the client, or by the end of the test
            }
        }
    }

    private static boolean read(BufferedReader in) throws IOException {
        int length = 0;
        for (String line = in.readLine();; line = in.readLine()) {
            if (line == null) {
                return false;
            }
            if (line.isEmpty()) {
                break;
            }
            if (line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(line.substring(15).strip());
            }
        }
        for (int i = 0; i < length; i++) {
            if (in.read() < 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
