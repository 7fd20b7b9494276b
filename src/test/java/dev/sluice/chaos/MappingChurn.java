package dev.sluice.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.TopicPartition;

/** Creates mappings, and then creates, updates, disables, enables and deletes more of them at random. {@link #mappings} is thread-safe. */
final class MappingChurn {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int AT_ONCE = 3;

    private final SluiceApi api;
    private final TestTopics topics;
    private final Random random;
    private final Map<String, TrackedMapping> mappings;
    private final List<TrackedMapping> gone = new ArrayList<>(); // confined to the thread that runs it
    private final List<String> refused = new CopyOnWriteArrayList<>();
    private final List<String> problems = new CopyOnWriteArrayList<>();
    private final Map<String, Integer> operations = new ConcurrentHashMap<>();
    private final AtomicInteger numbers = new AtomicInteger();
    private volatile boolean stopped;

    /** @param mappings where to put all there ever are, by their functions; takes several threads */
    MappingChurn(SluiceApi api, TestTopics topics, Random random, Map<String, TrackedMapping> mappings) {
        this.api = api;
        this.topics = topics;
        this.random = random;
        this.mappings = mappings;
    }

    /** All there ever were, by their functions; the live view. */
    Map<String, TrackedMapping> mappings() {
        return mappings;
    }

    /** Those that should be there. */
    Collection<TrackedMapping> present() {
        return mappings.values().stream().filter(mapping -> mapping.uuid() != null && !mapping.deleting()).toList();
    }

    /** The variants that the server doesn't know, and what it said. */
    List<String> refused() {
        return List.copyOf(refused);
    }

    /** What the API promised and didn't keep. */
    List<String> problems() {
        return List.copyOf(problems);
    }

    /** How often each operation was accepted. */
    Map<String, Integer> operations() {
        return Map.copyOf(operations);
    }

    /** Creates a mapping and returns when the server has said so; also when it refused. */
    void create(Variant variant, boolean latest, boolean steady) throws InterruptedException {
        int number = numbers.incrementAndGet();
        create(new TrackedMapping("f" + number, variant, topics.some(number, variant.topics()), latest, steady, "group-" + number));
    }

    private void create(TrackedMapping mapping) throws InterruptedException {
        mappings.put(mapping.function(), mapping);
        Awaiting.until("function " + mapping.function() + " is registered", PATIENCE,
                () -> api.registerFunction(mapping).filter(answer -> answer.status() == 200).isPresent());
        Awaiting.until("mapping " + mapping + " is created", PATIENCE, () -> created(mapping));
        if (mapping.latest() && mapping.uuid() != null) {
            // Its positions are fixed before it is Enabled, so what comes after is its to deliver.
            Awaiting.until("mapping " + mapping + " is Enabled", PATIENCE, () -> state(mapping).equals("Enabled"));
            mapping.owedFrom(topics.ends(mapping.topics()));
        }
    }

    /** Goes on until {@link #stop}. */
    void run() throws InterruptedException {
        while (!stopped) {
            Awaiting.pause(Duration.ofMillis(200 + random.nextInt(600)));
            List<TrackedMapping> passing = new ArrayList<>(present());
            passing.removeIf(TrackedMapping::steady);
            if (passing.size() < AT_ONCE && random.nextInt(3) == 0) {
                List<Variant> variants = Variant.passing();
                Variant variant = variants.get(random.nextInt(variants.size()));
                if (gone.isEmpty() || random.nextBoolean()) {
                    create(variant, random.nextInt(3) == 0, false);
                } else {
                    succeed(gone.remove(gone.size() - 1), variant);
                }
            } else {
                List<TrackedMapping> all = new ArrayList<>(present());
                if (!all.isEmpty()) {
                    change(all.get(random.nextInt(all.size())));
                }
            }
        }
    }

    /** Creates and changes nothing more, after what is under way. */
    void stop() {
        stopped = true;
    }

    /** Enables all that should be there; whether they are. */
    boolean enableAll() {
        boolean all = true;
        for (TrackedMapping mapping : present()) {
            String state = state(mapping);
            if (state.equals("Disabled")) {
                api.update(mapping, "{\"Enabled\":true}");
            }
            all &= state.equals("Enabled");
        }
        return all;
    }

    /** Whether those that were deleted are gone. */
    boolean deletedAreGone() {
        return mappings.values().stream().filter(TrackedMapping::deleting)
                .allMatch(mapping -> api.get(mapping).filter(answer -> answer.status() == 404).isPresent());
    }

    /** Creates a mapping with the group of one that is gone: what that had committed is not its to deliver. */
    private void succeed(TrackedMapping before, Variant variant) throws InterruptedException {
        TrackedMapping mapping =
                new TrackedMapping("f" + numbers.incrementAndGet(), variant, before.topics(), false, false, before.group());
        Awaiting.until("mapping " + before + " is gone", PATIENCE,
                () -> api.get(before).filter(answer -> answer.status() == 404).isPresent());
        Map<String, Map<TopicPartition, Long>> committed = topics.committed(List.of(before.group()));
        while (!committed.containsKey(before.group())) {
            committed = topics.committed(List.of(before.group()));
        }
        mapping.owedFrom(committed.get(before.group()));
        create(mapping);
    }

    private void change(TrackedMapping mapping) {
        int dice = random.nextInt(10);
        if (random.nextInt(8) == 0) {
            // Declares the same function again: backoffs end, and a JAR's next call finds a new class loader.
            api.registerFunction(mapping);
        } else if (mapping.variant().scales() && dice < 6) {
            int pollers = 1 + random.nextInt(4);
            accepted("scale", api.update(mapping, "{" + Variant.pollers(pollers, pollers + random.nextInt(2)) + "}"));
        } else if (mapping.steady() || dice < 4) {
            accepted("update", api.update(mapping, "{\"BatchSize\":" + (1 + random.nextInt(mapping.steady() ? 100 : 500))
                    + ",\"MaximumBatchingWindowInSeconds\":" + random.nextInt(2) + "}"));
        } else if (dice < 8) {
            boolean enable = !state(mapping).equals("Enabled");
            accepted(enable ? "enable" : "disable", api.update(mapping, "{\"Enabled\":" + enable + "}"));
        } else {
            String state = state(mapping);
            if (state.equals("Enabled") || state.equals("Disabled")) {
                mapping.delete();
                // Whether it was deleted when no answer came is not known; it is owed nothing then, and the end asks again.
                if (!accepted("delete", api.delete(mapping))) {
                    retryDelete(mapping);
                }
                gone.add(mapping);
            }
        }
    }

    private void retryDelete(TrackedMapping mapping) {
        Awaiting.uninterruptibly("mapping " + mapping + " is deleted", PATIENCE, () -> {
            Optional<SluiceApi.Answer> answer = api.get(mapping);
            return answer.filter(found -> found.status() == 404 || found.state().equals("Deleting")).isPresent()
                    || answer.filter(found -> found.status() == 200).isPresent() && accepted("delete", api.delete(mapping));
        });
    }

    private boolean created(TrackedMapping mapping) {
        // A create that was cut off may have come through all the same.
        Optional<SluiceApi.Answer> found = api.list(mapping);
        if (found.isEmpty() || found.get().status() != 200) {
            return false;
        }
        if (!found.get().body().path("EventSourceMappings").isEmpty()) {
            mapping.created(found.get().body().path("EventSourceMappings").get(0).path("UUID").asText());
            return true;
        }
        Optional<SluiceApi.Answer> answer = api.create(mapping);
        if (accepted("create", answer)) {
            mapping.created(answer.get().body().path("UUID").asText());
            return true;
        }
        if (answer.isPresent() && answer.get().status() < 500) {
            refused.add(mapping.variant().name() + ": " + answer.get().body().path("message").asText());
            return true;
        }
        return false;
    }

    private boolean accepted(String operation, Optional<SluiceApi.Answer> answer) {
        boolean accepted = answer.filter(said -> said.status() == 202).isPresent();
        if (accepted) {
            operations.merge(operation, 1, Integer::sum);
        }
        return accepted;
    }

    /** AWS's word for it; empty when there was no answer. */
    private String state(TrackedMapping mapping) {
        Optional<SluiceApi.Answer> answer = api.get(mapping);
        if (answer.filter(found -> found.status() == 404).isPresent() && !mapping.deleting()) {
            String problem = mapping + " was created and is unknown now";
            if (!problems.contains(problem)) {
                problems.add(problem);
            }
        }
        return answer.map(SluiceApi.Answer::state).orElse("");
    }
}
