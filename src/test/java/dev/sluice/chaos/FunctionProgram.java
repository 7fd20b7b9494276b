package dev.sluice.chaos;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * The HTTP functions' process; a function's name is its path. Speaks HTTP on bare sockets, since it has to break the protocol, and to
 * notice at once when a caller hangs up.
 */
final class FunctionProgram {

    static final String READY = "function ready";
    private static final int BACKLOG = 200;
    private static final byte[] HALF_AN_ANSWER =
            "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"half\":".getBytes(StandardCharsets.US_ASCII);

    private final int desk;

    private FunctionProgram(int desk) {
        this.desk = desk;
    }

    /** @param args its port, the port of the harness's {@link CallDesk} */
    public static void main(String[] args) throws Exception {
        FunctionProgram program = new FunctionProgram(Integer.parseInt(args[1]));
        ServerSocket server = new ServerSocket(Integer.parseInt(args[0]), BACKLOG, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
        Thread acceptor = new Thread(() -> program.accept(server), "accept");
        acceptor.setDaemon(true);
        acceptor.start();
        System.out.println(READY);
        // Ends with the harness, whose end of the pipe is gone then.
        while (System.in.read() >= 0) {
            continue;
        }
        System.exit(0);
    }

    private void accept(ServerSocket server) {
        try {
            while (true) {
                Socket socket = server.accept();
                Thread thread = new Thread(() -> serve(socket), "connection");
                thread.setDaemon(true);
                thread.start();
            }
        } catch (IOException e) {
            throw new IllegalStateException("cannot accept connections", e);
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            while (call(socket, in)) {
                continue;
            }
        } catch (IOException gone) {
            // The caller hung up, or the harness ends: what there was to say of the call is said, or its silence says it.
        }
    }

    /** Serves one request; false when there can't be another one on the connection. */
    private boolean call(Socket socket, InputStream in) throws IOException {
        socket.setSoTimeout(0);
        String request = line(in);
        if (request == null) {
            return false;
        }
        int length = 0;
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(header.substring(header.indexOf(':') + 1).strip());
            }
        }
        byte[] event = in.readNBytes(length);
        if (event.length < length) {
            return false;
        }
        if (hungUp(socket, in, 1)) {
            return false; // while this process was frozen, or too busy: nobody waits for this call
        }
        try (CallReport report = CallReport.open(desk)) {
            Verdict verdict = report.begun(request.split(" ")[1].substring(1), event);
            if (hungUp(socket, in, Math.max(1, verdict.millis()))) {
                report.abandoned();
                return false;
            }
            report.answering();
            return answer(socket, verdict);
        }
    }

    private static boolean answer(Socket socket, Verdict verdict) throws IOException {
        String body = verdict.body().isEmpty() ? "{}" : verdict.body();
        switch (verdict.kind()) {
            case OK -> write(socket, "200 OK", body);
            case ERROR -> write(socket, "500 Internal Server Error", "{\"errorMessage\":\"told to fail\"}");
            case FUNCTION_ERROR -> write(socket, "200 OK\r\nX-Amz-Function-Error: Unhandled",
                    "{\"errorType\":\"Told\",\"errorMessage\":\"told to fail\"}");
            case THROTTLE -> write(socket, "429 Too Many Requests", "{}");
            case RESET, CUT -> {
                if (verdict.kind() == Verdict.Kind.CUT) {
                    socket.getOutputStream().write(HALF_AN_ANSWER);
                }
                socket.setSoLinger(true, 0);
                return false;
            }
        }
        return true;
    }

    private static void write(Socket socket, String status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        byte[] head = ("HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\nContent-Length: " + bytes.length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] all = new byte[head.length + bytes.length];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(bytes, 0, all, head.length, bytes.length);
        socket.getOutputStream().write(all);
    }

    /** Takes its time; whether the caller hung up meanwhile. A caller sends nothing before it has its answer. */
    private static boolean hungUp(Socket socket, InputStream in, int millis) throws IOException {
        socket.setSoTimeout(millis);
        in.mark(1);
        try {
            int next = in.read();
            in.reset();
            return next < 0;
        } catch (SocketTimeoutException stillThere) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                if (line.isEmpty()) {
                    return null;
                }
                throw new EOFException("in the middle of a request");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }
}
