package dev.sluice.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Which addresses accept TCP connections? Each is tried on a daemon thread of its own, as looking up a name can't be bounded in Java:
 * a lookup that takes too long is left to end by itself.
 */
final class Reachability {

    private Reachability() {
    }

    /** For each address, in order, why it can't be connected to; empty text when it can. */
    static Map<String, String> problems(List<String> addresses, Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        Map<String, Future<String>> trials = new LinkedHashMap<>();
        for (String address : addresses) {
            FutureTask<String> trial = new FutureTask<>(() -> problem(address, timeout));
            Thread thread = new Thread(trial, "broker-probe-" + address);
            thread.setDaemon(true);
            thread.start();
            trials.put(address, trial);
        }
        Map<String, String> problems = new LinkedHashMap<>();
        for (Map.Entry<String, Future<String>> trial : trials.entrySet()) {
            problems.put(trial.getKey(), outcome(trial.getValue(), deadline - System.nanoTime()));
        }
        return problems;
    }

    private static String outcome(Future<String> trial, long nanos) throws InterruptedException {
        try {
            return trial.get(Math.max(1, nanos), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return "no answer in time";
        } catch (ExecutionException e) {
            return String.valueOf(e.getCause().getMessage());
        }
    }

    private static String problem(String address, Duration timeout) {
        int colon = address.lastIndexOf(':');
        try {
            String host = address.substring(0, Math.max(0, colon));
            int port = Integer.parseInt(address.substring(colon + 1));
            IOException last = null;
            for (InetAddress each : InetAddress.getAllByName(host)) {
                try (Socket socket = new Socket()) {
                    socket.connect(new InetSocketAddress(each, port), Math.max(1, (int) timeout.toMillis()));
                    if (socket.getLocalPort() == port && socket.getLocalAddress().equals(each)) {
                        // A port of the ephemeral range on which nobody listens can be connected to itself.
                        return "Connection refused";
                    }
                    return "";
                } catch (IOException e) {
                    last = e;
                }
            }
            return last instanceof SocketTimeoutException ? "no answer in time" : String.valueOf(last == null ? null : last.getMessage());
        } catch (UnknownHostException e) {
            return "the host name can't be resolved";
        } catch (IllegalArgumentException e) {
            return "not a HOST:PORT";
        }
    }
}
