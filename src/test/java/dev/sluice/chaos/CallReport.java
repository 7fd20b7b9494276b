package dev.sluice.chaos;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * A function's side of one call: tells the harness of it and is told what to do, then tells how it ended, and is heard before it
 * answers. So a success that was answered is one that the harness knows of, whenever this process is killed; and its death ends the
 * connection. Needs nothing but the JDK, since it runs in a handler's JAR too. Confined to one thread.
 */
final class CallReport implements AutoCloseable {

    private final Socket socket;
    private final BufferedReader answers;

    private CallReport(Socket socket) throws IOException {
        this.socket = socket;
        this.answers = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    static CallReport open(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
        socket.setTcpNoDelay(true);
        return new CallReport(socket);
    }

    /** Tells of the call; what to do with it. */
    Verdict begun(String function, byte[] event) throws IOException {
        byte[] head = (function + " " + event.length + "\n").getBytes(StandardCharsets.UTF_8);
        byte[] all = new byte[head.length + event.length];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(event, 0, all, head.length, event.length);
        socket.getOutputStream().write(all);
        return Verdict.parse(answer());
    }

    /** The call will be answered as it was told to. */
    void answering() throws IOException {
        end("answering");
    }

    /** Nobody waits for the answer any more. */
    void abandoned() throws IOException {
        end("abandoned");
    }

    private void end(String how) throws IOException {
        socket.getOutputStream().write((how + "\n").getBytes(StandardCharsets.UTF_8));
        answer();
    }

    private String answer() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new IOException("the harness is gone");
        }
        return line;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
