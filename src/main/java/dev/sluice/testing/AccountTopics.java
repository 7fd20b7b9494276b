package dev.sluice.testing;

import dev.sluice.json.Json;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Which topics has a test made and written to, and what is in them? Thread-safe. */
final class AccountTopics {

    private final ControlClient control;
    private final String account;
    private final Set<String> written = ConcurrentHashMap.newKeySet();
    private final Set<String> ofApplication = ConcurrentHashMap.newKeySet();
    private final AtomicInteger made = new AtomicInteger();

    AccountTopics(ControlClient control, String account) {
        this.control = control;
        this.account = account;
    }

    String fresh(int partitions) {
        String name = "topic-" + account + "-" + made.incrementAndGet();
        make(name, partitions);
        return name;
    }

    void make(String name, int partitions) {
        control.put(path(name), new Json(Map.of("partitions", partitions)));
    }

    void write(String topic, NewRecord... records) {
        written.add(topic);
        control.post(path(topic) + "/records", new Json(Map.of("records", Arrays.stream(records).map(NewRecord::members).toList())));
    }

    Collection<String> written() {
        return Set.copyOf(written);
    }

    /** How many partitions each topic of the default cluster has. */
    Map<String, Long> partitions() {
        Map<String, Long> partitions = new HashMap<>();
        control.get("/_sluice/topics").list("topics")
                .forEach(topic -> partitions.put(topic.text("name").orElseThrow(), topic.number("partitions").orElse(1L)));
        return partitions;
    }

    /** From the oldest record on. */
    List<Json> read(String topic) {
        List<Json> records = new ArrayList<>();
        String next = "?from=beginning&limit=1000";
        Json page;
        do {
            page = control.get(path(topic) + "/records" + next);
            records.addAll(page.list("records"));
            next = "?limit=1000&next=" + page.text("next").orElse("");
        } while (page.flag("more"));
        return records;
    }

    /** One record; its value as a text, shortened. */
    String value(String topic, int partition, long offset) {
        List<Json> records = control.get(path(topic) + "/records?partition=" + partition + "&from=" + offset + "&limit=1").list("records");
        String value = records.isEmpty() ? "gone" : records.get(0).text("value").orElse("no text");
        return value.length() <= 200 ? value : value.substring(0, 200) + "…";
    }

    void emptyAtEnd(String... topics) {
        ofApplication.addAll(Arrays.asList(topics));
    }

    /** Empties those whose names others may have, too; those of this test alone nobody asks for again. */
    void empty() {
        Set<String> toEmpty = new LinkedHashSet<>(ofApplication);
        written.stream().filter(topic -> !topic.contains(account)).forEach(toEmpty::add);
        for (String topic : toEmpty) {
            try {
                control.delete(path(topic) + "/records");
            } catch (SluiceRefusedException none) {
                // One that was never made, or can't be.
                if (none.status() != 404 && none.status() != 400) {
                    throw none;
                }
            }
        }
    }

    private static String path(String topic) {
        return "/_sluice/topics/" + ControlClient.segment(topic);
    }
}
