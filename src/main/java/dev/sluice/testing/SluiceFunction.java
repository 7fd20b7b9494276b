package dev.sluice.testing;

import dev.sluice.json.Json;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which function did a test register, and what is to come over its next invocations? Thread-safe. */
public final class SluiceFunction {

    private final SluiceAccount account;
    private final String name;

    SluiceFunction(SluiceAccount account, String name) {
        this.account = account;
        this.name = name;
    }

    public String name() {
        return name;
    }

    /** Has the next {@code times} invocations fail before the handler sees them. */
    public SluiceFunction failNext(int times) {
        return inject("error", times, Map.of());
    }

    /** Has the next {@code times} invocations fail so, with this as the errorMessage. */
    public SluiceFunction failNext(int times, String message) {
        return inject("error", times, Map.of("message", message));
    }

    /** Has the next {@code times} invocations be throttled. */
    public SluiceFunction throttleNext(int times) {
        return inject("throttle", times, Map.of());
    }

    /** Has the next invocation begin later. */
    public SluiceFunction delayNext(Duration by) {
        return inject("delay", 1, Map.of("millis", by.toMillis()));
    }

    /** What it was invoked with: see {@link SluiceAccount#events}. */
    public List<Event> events() {
        return account.events(name);
    }

    private SluiceFunction inject(String kind, int times, Map<String, Object> more) {
        Map<String, Object> body = new LinkedHashMap<>(more);
        body.put("kind", kind);
        body.put("times", times);
        account.control().post("/_sluice/functions/" + ControlClient.segment(name) + "/faults?" + account.query(), new Json(body));
        return this;
    }

    @Override
    public String toString() {
        return name;
    }
}
