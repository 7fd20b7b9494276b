package dev.sluice.api.http;

import io.javalin.config.Key;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Which requests were refused lately with a hint that the caller may not have seen, as the AWS CLI shows no headers? Thread-safe. */
public final class RecentHints {

    public static final Key<RecentHints> KEY = new Key<>("recentHints");
    static final int MOST = 50;

    private final Clock clock;
    private final Deque<Refusal> refusals = new ArrayDeque<>();

    RecentHints(Clock clock) {
        this.clock = clock;
    }

    /** What was answered. The request's query and body, which may hold secrets, are not in it. */
    public record Refusal(Instant time, String method, String path, String error, String message, String hint) {
    }

    synchronized void add(String method, String path, String error, String message, String hint) {
        if (refusals.size() == MOST) {
            refusals.removeLast();
        }
        refusals.addFirst(new Refusal(clock.instant(), method, path, error, message, hint));
    }

    /** The newest first. */
    public synchronized List<Refusal> newest() {
        return List.copyOf(refusals);
    }
}
