package dev.sluice.testing;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * One process's side of the Lambda Runtime API: which event is next, and what came of it. On one connection that stays open for as long as an
 * event takes: the server takes its end for the end of the process, and the JDK's clients close one that is idle, as while somebody looks at
 * a breakpoint. Confined to one thread, but for {@link #close}.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html">The Lambda Runtime API</a>
 */
final class RuntimeConnection implements Closeable {

    private static final String PATH = "/2018-06-01/runtime/invocation/";
    private static final int MOST_OF_LINE = 64 * 1024;

    private final String address;
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    /** @param address HOST:PORT */
    RuntimeConnection(String address) throws IOException {
        int colon = address.lastIndexOf(':');
        this.address = address;
        this.socket = new Socket(address.substring(0, colon).replaceAll("[\\[\\]]", ""), Integer.parseInt(address.substring(colon + 1)));
        socket.setTcpNoDelay(true);
        this.in = new BufferedInputStream(socket.getInputStream(), 64 * 1024);
        this.out = socket.getOutputStream();
    }

    /** Waits for an event for as long as it takes. @throws IOException also when the function is no more, or this was closed */
    Event next() throws IOException {
        write("GET " + PATH + "next HTTP/1.1\r\nHost: " + address + "\r\n\r\n", new byte[0]);
        Answer answer = read();
        if (answer.status() != 200) {
            throw new IOException("the Runtime API answered " + answer.status());
        }
        return new Event(answer.headers().get("lambda-runtime-aws-request-id"),
                answer.headers().get("lambda-runtime-invoked-function-arn"), new String(answer.body(), StandardCharsets.UTF_8));
    }

    /** @param error whether it is the function's error */
    void answer(String requestId, byte[] json, String errorType) throws IOException {
        write("POST " + PATH + requestId + (errorType == null ? "/response" : "/error") + " HTTP/1.1\r\nHost: " + address
                + "\r\nContent-Type: application/json\r\nContent-Length: " + json.length + "\r\n"
                + (errorType == null ? "" : "Lambda-Runtime-Function-Error-Type: " + errorType + "\r\n") + "\r\n", json);
        read();
    }

    private void write(String head, byte[] body) throws IOException {
        byte[] first = head.getBytes(StandardCharsets.ISO_8859_1);
        byte[] all = new byte[first.length + body.length];
        System.arraycopy(first, 0, all, 0, first.length);
        System.arraycopy(body, 0, all, first.length, body.length);
        out.write(all);
        out.flush();
    }

    private record Answer(int status, Map<String, String> headers, byte[] body) {
    }

    private Answer read() throws IOException {
        String[] status = line().split(" ", 3);
        Map<String, String> headers = new TreeMap<>();
        for (String header = line(); !header.isEmpty(); header = line()) {
            int colon = header.indexOf(':');
            headers.put(header.substring(0, colon).toLowerCase(Locale.ROOT), header.substring(colon + 1).strip());
        }
        if (headers.containsKey("transfer-encoding")) {
            throw new IOException("the Runtime API answers in pieces, which it never did");
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        byte[] body = in.readNBytes(length);
        if (body.length < length) {
            throw new EOFException("the Runtime API's answer ends too soon");
        }
        return new Answer(Integer.parseInt(status[1]), headers, body);
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder(80);
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0 || line.length() > MOST_OF_LINE) {
                throw new EOFException("the Runtime API has closed the connection");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    /** Also while another thread waits for an event, which fails then. Idempotent. */
    @Override
    public void close() throws IOException {
        socket.close();
    }
}
