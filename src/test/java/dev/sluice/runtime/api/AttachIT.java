package dev.sluice.runtime.api;

import static dev.sluice.runtime.api.ChildProcessesIT.assertFailed;
import static dev.sluice.runtime.api.Children.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import dev.sluice.runtime.process.AttachPoint;
import dev.sluice.runtime.process.RuntimeProcess.Result;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that somebody else started, at the port of a function: the test is all of them. */
class AttachIT {

    private static final String RUNTIME = "/2018-06-01/runtime/";
    private static final AttachPatience SHORT =
            new AttachPatience(Duration.ofMillis(300), Duration.ofMillis(100), Duration.ofSeconds(60));

    @TempDir
    Path directory;
    private AttachedProcesses processes;
    private AttachPoint point;
    private final ExecutorService callers = Executors.newCachedThreadPool();
    private final List<Client> clients = new ArrayList<>();

    /** A process's one connection. */
    private final class Client implements AutoCloseable {
        private final Socket socket;
        private String id;

        private Client() throws IOException {
            String[] address = point.address().split(":");
            socket = new Socket(address[0], Integer.parseInt(address[1]));
            socket.setSoTimeout(10_000);
            clients.add(this);
        }

        private void ask(String headers) throws IOException {
            send("GET " + RUNTIME + "invocation/next HTTP/1.1\r\nHost: " + point.address() + "\r\n" + headers + "\r\n");
        }

        /** The event that it asked for. */
        private String take() throws IOException {
            Reply reply = reply();
            assertThat(reply.status()).isEqualTo(200);
            id = reply.header("lambda-runtime-aws-request-id");
            return reply.body();
        }

        private String next() throws IOException {
            ask("");
            return take();
        }

        private int post(String path, String body) throws IOException {
            send("POST " + RUNTIME + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
            return reply().status();
        }

        private int answer(String body) throws IOException {
            return post("invocation/" + id + "/response", body);
        }

        private void send(String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        }

        private Reply reply() throws IOException {
            StringBuilder head = new StringBuilder();
            InputStream in = socket.getInputStream();
            while (head.indexOf("\r\n\r\n") < 0) {
                int next = in.read();
                if (next < 0) {
                    throw new IOException("the connection was closed");
                }
                head.append((char) next);
            }
            Reply reply = new Reply(head.toString(), "");
            return new Reply(reply.head(),
                    new String(in.readNBytes(Integer.parseInt(reply.header("content-length"))), StandardCharsets.UTF_8));
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private record Reply(String head, String body) {
        private int status() {
            return Integer.parseInt(head.substring(9, 12));
        }

        private String header(String name) {
            return head.lines().filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ": ")).findFirst()
                    .map(line -> line.substring(name.length() + 2)).orElse(null);
        }
    }

    @BeforeEach
    void open() throws IOException {
        processes = new AttachedProcesses("localhost", directory.resolve("ports"), SHORT);
        point = processes.open("orders");
    }

    @AfterEach
    void close() throws IOException {
        for (Client client : clients) {
            client.close();
        }
        point.close();
        processes.close();
        callers.shutdownNow();
    }

    private CompletableFuture<Result> invoke(String id, String event) {
        return CompletableFuture.supplyAsync(() -> point.invoke(Children.event(id, event)), callers);
    }

    private static Result result(CompletableFuture<Result> running) {
        assertThat(running).succeedsWithin(Duration.ofSeconds(10));
        return running.join();
    }

    private static void assertExited(CompletableFuture<Result> running) {
        assertThat(result(running)).isEqualTo(new Result.Exited("its connection was closed before it answered"));
    }

    @Test
    void twoProcessesShareTheEventsAndEachGetsTheAnswerToItsOwn() throws Exception {
        Set<String> busy = ConcurrentHashMap.newKeySet();
        for (int i = 0; i < 2; i++) {
            Client client = new Client();
            String name = "process " + i;
            callers.execute(() -> assertThatCode(() -> {
                while (true) {
                    String event = client.next();
                    busy.add(name);
                    // Whoever is first waits with its answer until the other one has an event as well.
                    await().until(() -> busy.size() == 2);
                    assertThat(client.answer("answer to " + event)).isEqualTo(202);
                }
            }).isInstanceOf(IOException.class));
        }
        List<CompletableFuture<Result>> running = IntStream.range(0, 100).mapToObj(i -> invoke("id-" + i, "event " + i)).toList();
        for (int i = 0; i < 100; i++) {
            assertThat(text(result(running.get(i)))).isEqualTo("answer to event " + i);
        }
    }

    @Test
    void anEventWaitsForTheFirstProcess() throws Exception {
        CompletableFuture<Result> running = invoke("1", "{\"a\":1}");
        Client client = new Client();
        assertThat(client.next()).isEqualTo("{\"a\":1}");
        assertThat(client.id).isEqualTo("1");
        assertThat(client.answer("yes")).isEqualTo(202);
        assertThat(text(result(running))).isEqualTo("yes");
    }

    @Test
    void onlyTheIdOfAnEventThatSomebodyHasCanBeAnswered() throws Exception {
        CompletableFuture<Result> waiting = invoke("1", "{}");
        Client client = new Client();
        assertThat(client.post("invocation/2/response", "{}")).isEqualTo(400);
        assertThat(client.post("invocation/1/response", "{}")).isEqualTo(400);
        client.next();
        assertThat(client.post("invocation/2/error", "{}")).isEqualTo(400);
        assertThat(client.post("invocation/1/error", "{\"errorType\":\"E\"}")).isEqualTo(202);
        assertFailed(result(waiting), null, "{\"errorType\":\"E\"}");
        assertThat(client.post("invocation/1/response", "{}")).isEqualTo(400);
    }

    @Test
    void theEventOfAProcessThatDiesFailsAndTheNextOneGetsAnother() throws Exception {
        Client client = new Client();
        CompletableFuture<Result> first = invoke("1", "{}");
        client.next();
        client.answer("done");
        result(first);
        // A second event on the same connection: this client keeps it, and closes it when it dies.
        CompletableFuture<Result> second = invoke("2", "{}");
        client.next();
        client.close();
        assertExited(second);
        CompletableFuture<Result> third = invoke("3", "{}");
        Client other = new Client();
        other.next();
        assertThat(other.post("invocation/2/response", "late")).isEqualTo(400);
        other.answer("done");
        assertThat(text(result(third))).isEqualTo("done");
    }

    @Test
    void aConnectionThatIsKeptBeyondTheReadingOfItsFirstEventEndsThatWithItsProcess() throws Exception {
        CompletableFuture<Result> running = invoke("1", "{}");
        Client client = new Client();
        client.next();
        await().pollDelay(SHORT.reading().plusMillis(50)).until(() -> true);
        client.close();
        assertExited(running);
    }

    @Test
    void whoMakesAConnectionForEachRequestMayTakeItsTime() throws Exception {
        for (String headers : List.of("User-Agent: curl/8\r\n", "Connection: close\r\n")) {
            CompletableFuture<Result> running = invoke("1", "{}");
            Client next = new Client();
            next.ask(headers);
            next.take();
            next.close();
            await().pollDelay(SHORT.reading().plus(SHORT.silence()).plusMillis(200)).until(() -> !running.isDone());
            assertThat(new Client().post("invocation/1/response", "done")).isEqualTo(202);
            assertThat(text(result(running))).isEqualTo("done");
        }
    }

    @Test
    void anIdleConnectionThatAWorkingProcessClosesCostsNothingWhenTheAnswerComesSoon() throws Exception {
        processes.close();
        processes = new AttachedProcesses("localhost", directory.resolve("ports"),
                new AttachPatience(Duration.ZERO, Duration.ofSeconds(20), Duration.ofSeconds(60)));
        point = processes.open("orders");
        CompletableFuture<Result> running = invoke("1", "{}");
        Client client = new Client();
        client.next();
        client.close();
        assertThat(new Client().post("invocation/1/response", "done")).isEqualTo(202);
        assertThat(text(result(running))).isEqualTo("done");
    }

    @Test
    void aProcessThatDiedWhileItWaitedGetsNothing() throws Exception {
        Client dead = new Client();
        dead.ask("");
        dead.close();
        Client alive = new Client();
        alive.ask("");
        CompletableFuture<Result> running = invoke("1", "{}");
        alive.take();
        alive.answer("done");
        assertThat(text(result(running))).isEqualTo("done");
    }

    @Test
    void whoAsksAgainOnItsConnectionIsGivenItsEventAgain() throws Exception {
        CompletableFuture<Result> running = invoke("1", "{\"again\":true}");
        Client client = new Client();
        client.next();
        assertThat(client.next()).isEqualTo("{\"again\":true}");
        client.answer("done");
        assertThat(text(result(running))).isEqualTo("done");
    }

    @Test
    void anEventThatNobodyTookIsTakenBackAndOneThatIsAtWorkGoesOn() throws Exception {
        Client client = new Client();
        CompletableFuture<Result> taken = invoke("1", "{}");
        client.next();
        CompletableFuture<Result> waiting = invoke("2", "{}");
        await().pollDelay(Duration.ofMillis(100)).until(() -> !waiting.isDone());
        point.withdraw("stopping");
        assertThat(result(waiting)).isEqualTo(new Result.NotTaken("stopping"));
        assertThat(result(invoke("3", "{}"))).isEqualTo(new Result.NotTaken("stopping"));
        client.answer("done");
        assertThat(text(result(taken))).isEqualTo("done");
    }

    @Test
    void closingThePortEndsWhateverWaits() throws Exception {
        Client client = new Client();
        CompletableFuture<Result> taken = invoke("1", "{}");
        client.next();
        CompletableFuture<Result> waiting = invoke("2", "{}");
        await().pollDelay(Duration.ofMillis(100)).until(() -> !waiting.isDone());
        point.close();
        assertThat(result(taken)).isInstanceOf(Result.Exited.class);
        assertThat(result(waiting)).isInstanceOf(Result.NotTaken.class);
        assertThat(result(invoke("3", "{}"))).isInstanceOf(Result.NotTaken.class);
        assertThatCode(client::next).isInstanceOf(IOException.class);
    }

    @Test
    void anInterruptTakesTheEventBack() throws Exception {
        CompletableFuture<Result> result = new CompletableFuture<>();
        CompletableFuture<Boolean> stillSet = new CompletableFuture<>();
        Thread caller = new Thread(() -> {
            result.complete(point.invoke(Children.event("1", "{}")));
            stillSet.complete(Thread.currentThread().isInterrupted());
        });
        caller.start();
        await().until(() -> caller.getState() == Thread.State.WAITING);
        caller.interrupt();
        assertThat(result(result)).isInstanceOf(Result.NotTaken.class);
        assertThat(stillSet.get()).isTrue();
        CompletableFuture<Result> other = invoke("2", "other");
        Client client = new Client();
        assertThat(client.next()).isEqualTo("other");
        client.answer("");
        result(other);
    }

    @Test
    void aFunctionHasThePortThatItHadBefore() throws Exception {
        String before = point.address();
        String another = processes.open("another").address();
        assertThat(another).isNotEqualTo(before);
        processes.close();
        processes = new AttachedProcesses("localhost", directory.resolve("ports"));
        assertThat(processes.open("another").address()).isEqualTo(another);
        point = processes.open("orders");
        assertThat(point.address()).isEqualTo(before);
    }

    @Test
    void aPortThatIsTakenIsReplacedByAnother() throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            Files.writeString(directory.resolve("ports"), "payments=" + taken.getLocalPort());
            AttachPoint payments = processes.open("payments");
            assertThat(payments.address()).doesNotEndWith(":" + taken.getLocalPort());
            assertThat(Files.readString(directory.resolve("ports"))).contains("payments=" + payments.address().split(":")[1]);
        }
    }

    @Test
    void noWebPageTakesAnEvent() throws Exception {
        Client client = new Client();
        client.ask("Origin: http://127.0.0.1:1\r\n");
        assertThat(client.reply().status()).isEqualTo(403);
        client.send("GET " + RUNTIME + "invocation/next HTTP/1.1\r\nHost: rebound.example.com:1\r\n\r\n");
        assertThat(client.reply().status()).isEqualTo(403);
        CompletableFuture<Result> running = invoke("1", "{}");
        client.send("GET " + RUNTIME + "invocation/next HTTP/1.1\r\nHost: host.docker.internal:9000\r\n\r\n");
        client.take();
        client.answer("done");
        assertThat(text(result(running))).isEqualTo("done");
    }
}
