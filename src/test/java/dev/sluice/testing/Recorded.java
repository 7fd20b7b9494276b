package dev.sluice.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.invocation.InvocationListener;
import dev.sluice.invocation.InvocationResult;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A listener that keeps what it heard, and lets a test wait for it. */
public class Recorded implements InvocationListener {

    public final CompletableFuture<String> started = new CompletableFuture<>();
    public final CompletableFuture<InvocationResult> completed = new CompletableFuture<>();
    public final CompletableFuture<Void> ended = new CompletableFuture<>();
    public final List<String> calls = new CopyOnWriteArrayList<>();

    /** Null before it is known. */
    public volatile String version;
    private volatile byte[] tail;

    @Override
    public void executes(String number) {
        version = number;
    }

    @Override
    public void logged(byte[] bytes) {
        calls.add("logged");
        tail = bytes;
    }

    /** What was logged, once it is completed. */
    public String log() {
        return new String(tail, StandardCharsets.UTF_8);
    }

    @Override
    public void started(String requestId) {
        calls.add("started");
        started.complete(requestId);
    }

    @Override
    public void completed(InvocationResult result) {
        calls.add("completed");
        completed.complete(result);
    }

    @Override
    public void ended() {
        calls.add("ended");
        ended.complete(null);
    }

    public InvocationResult result() throws Exception {
        return completed.get(30, TimeUnit.SECONDS);
    }

    public void awaitEnd(Duration within) throws Exception {
        ended.get(within.toMillis(), TimeUnit.MILLISECONDS);
    }

    public String answer() throws Exception {
        InvocationResult result = result();
        assertThat(result).as(describe(result)).isInstanceOf(InvocationResult.Success.class);
        return new String(((InvocationResult.Success) result).answer());
    }

    public String error() throws Exception {
        InvocationResult result = result();
        assertThat(result).isInstanceOf(InvocationResult.FunctionError.class);
        return new String(((InvocationResult.FunctionError) result).error());
    }

    public String notValid() throws Exception {
        InvocationResult result = result();
        assertThat(result).as(describe(result)).isInstanceOf(InvocationResult.NotValid.class);
        return ((InvocationResult.NotValid) result).reason();
    }

    public String couldNotInvoke() throws Exception {
        InvocationResult result = result();
        assertThat(result).as(describe(result)).isInstanceOf(InvocationResult.CouldNotInvoke.class);
        return ((InvocationResult.CouldNotInvoke) result).reason();
    }

    /** Our words for a function error. */
    public String reason() throws Exception {
        InvocationResult result = result();
        assertThat(result).as(describe(result)).isInstanceOf(InvocationResult.FunctionError.class);
        return ((InvocationResult.FunctionError) result).reason();
    }

    private static String describe(InvocationResult result) {
        return result instanceof InvocationResult.FunctionError error ? new String(error.error()) : String.valueOf(result);
    }
}
