package dev.sluice.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * One connection that sends bytes as they are, also such as no well-behaved client would. Answers of AWS's paths are held against
 * the contract. Confined to one thread.
 */
public final class RawHttp implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 20_000;

    private final Socket socket;
    private String method = "";
    private String path = "";

    /** An answer; header names in any case. */
    public record Answer(int status, Map<String, String> headers, String body) {

        public String header(String name) {
            return headers.get(name);
        }

        /** The error's name; null when it is none. */
        public String error() {
            return header("x-amzn-ErrorType");
        }
    }

    public RawHttp(int port) {
        try {
            socket = new Socket(InetAddress.getByName("127.0.0.1"), port);
            socket.setSoTimeout(PATIENCE_MILLIS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The one answer to these bytes, after which nothing more is sent. */
    public static Answer send(int port, String head, byte[] body) {
        try (RawHttp http = new RawHttp(port)) {
            http.write(head, body);
            http.socket.shutdownOutput();
            return http.read();
        } catch (IOException e) {
            throw new UncheckedIOException(head.lines().findFirst().orElse(""), e);
        }
    }

    /**
     * Sends a request, whose answer has to be read before the next.
     *
     * @param head request line and headers with all their line ends
     */
    public RawHttp write(String head, byte[] body) throws IOException {
        String[] line = head.split("[ \r\n]", 3);
        method = line[0];
        path = line.length > 1 ? line[1].split("\\?", 2)[0] : "";
        return more(head, body);
    }

    /** Sends more of the same request. */
    public RawHttp more(String head, byte[] body) throws IOException {
        socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().write(body);
        socket.getOutputStream().flush();
        return this;
    }

    /** Whether something of an answer has come. */
    public boolean hasAnswer() throws IOException {
        return socket.getInputStream().available() > 0;
    }

    /** Whether the server has hung up without another byte; waits for either. */
    public boolean ended() throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketException reset) {
            return true;
        }
    }

    /** The next answer that is more than a 100. */
    public Answer read() throws IOException {
        InputStream in = socket.getInputStream();
        String statusLine = line(in);
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            headers.put(header.substring(0, header.indexOf(':')), header.substring(header.indexOf(':') + 1).strip());
        }
        int status = Integer.parseInt(statusLine.split(" ")[1]);
        if (status == 100) {
            return read();
        }
        boolean withoutBody = "HEAD".equals(method.toUpperCase(Locale.ROOT)) || status == 204;
        byte[] body = withoutBody ? new byte[0] : "chunked".equals(headers.get("Transfer-Encoding")) ? chunks(in)
                : in.readNBytes(Integer.parseInt(headers.getOrDefault("Content-Length", "0")));
        Answer answer = new Answer(status, headers, new String(body, StandardCharsets.UTF_8));
        ResponseContract.check(method, path, status, headers::get, answer.body());
        return answer;
    }

    private static byte[] chunks(InputStream in) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int size = Integer.parseInt(line(in), 16); size > 0; size = Integer.parseInt(line(in), 16)) {
            body.write(in.readNBytes(size));
            line(in);
        }
        line(in);
        return body.toByteArray();
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new IOException("closed after '" + line.toString(StandardCharsets.UTF_8) + "'");
            }
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
