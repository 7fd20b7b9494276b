package dev.sluice.chaos;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;

/** Where functions tell of their calls and are told what to do with them: the harness's side of {@link CallReport}. Thread-safe. */
final class CallDesk implements AutoCloseable {

    private static final int BACKLOG = 200;

    private final ServerSocket server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Journal journal;
    private final Troubles troubles;
    private final Map<String, TrackedMapping> mappings;
    private final Recoveries recoveries;
    private final Map<Long, String> open = new ConcurrentHashMap<>();
    private final AtomicReference<Exception> broken = new AtomicReference<>();

    /** @param mappings by their functions; filled by others */
    CallDesk(Journal journal, Troubles troubles, Map<String, TrackedMapping> mappings, Recoveries recoveries) throws IOException {
        this.journal = journal;
        this.troubles = troubles;
        this.mappings = mappings;
        this.recoveries = recoveries;
        this.server = new ServerSocket(0, BACKLOG, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
        threads.execute(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /** How many calls are under way. */
    int open() {
        return open.size();
    }

    /** What went wrong in the harness itself; null when nothing did. */
    Exception broken() {
        return broken.get();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                threads.execute(() -> serve(socket));
            }
        } catch (IOException closed) {
            if (!server.isClosed()) {
                broken.compareAndSet(null, closed);
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            String head = line(in);
            if (head.isEmpty()) {
                return;
            }
            int space = head.indexOf(' ');
            int length = Integer.parseInt(head.substring(space + 1));
            byte[] event = in.readNBytes(length);
            if (event.length == length) {
                call(socket, in, head.substring(0, space), event);
            }
        } catch (IOException gone) {
            // The function's process was killed before it had told of the call.
        } catch (RuntimeException e) {
            broken.compareAndSet(null, e);
        }
    }

    private void call(Socket socket, InputStream in, String function, byte[] event) throws IOException {
        List<ReceivedRecord> records = ReceivedRecord.of(event);
        TrackedMapping mapping = mappings.get(function);
        if (mapping == null) {
            throw new IllegalStateException("no mapping has the function " + function);
        }
        Troubles.Decision decision = troubles.decide(mapping.variant(), records);
        long attempt = journal.started(function, records);
        open.put(attempt, function);
        boolean answered = false;
        try {
            say(socket, decision.verdict().line());
            answered = line(in).equals("answering");
        } catch (IOException gone) {
            // The function's process was killed.
        } finally {
            open.remove(attempt);
            if (answered) {
                journal.ended(attempt, decision.delivered());
                recoveries.delivered(mapping, newest(records, decision.delivered()));
            } else {
                journal.abandoned(attempt);
            }
        }
        say(socket, "heard\n");
    }

    private static long newest(List<ReceivedRecord> records, Map<TopicPartition, List<Long>> delivered) {
        return records.stream().filter(each -> delivered.getOrDefault(each.partition(), List.of()).contains(each.offset()))
                .collect(Collectors.summarizingLong(each -> each.payload().at())).getMax();
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
            line.append((char) next);
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        server.close();
        threads.shutdownNow();
    }
}
