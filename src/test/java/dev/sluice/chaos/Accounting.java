package dev.sluice.chaos;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** Compares what the broker's log holds in the end with what the journal says of it, mapping by mapping. Confined to one thread. */
final class Accounting {

    /**
     * When a caller hangs up and calls again, the function may hear of both in the wrong order: one thread of it waits for each. A call
     * that was answered has no such doubt, since its end is told before the answer.
     */
    private static final long HANG_UP_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final Pattern VALUE = Pattern.compile("\"value\":\"([A-Za-z0-9+/=]+)\"");

    private final Map<TopicPartition, Map<Long, Payload>> log = new LinkedHashMap<>();
    private final Set<Long> ids = new HashSet<>();
    private final Set<Long> deadLetters = new HashSet<>();

    Accounting(TestTopics topics) throws IOException {
        for (ConsumerRecord<byte[], byte[]> record : topics.read(topics.names())) {
            Payload payload = Payload.parse(record.value());
            ids.add(payload.id());
            log.computeIfAbsent(new TopicPartition(record.topic(), record.partition()), name -> new TreeMap<>())
                    .put(record.offset(), payload);
        }
        for (ConsumerRecord<byte[], byte[]> record : topics.read(List.of(Variant.DEAD_LETTERS))) {
            Matcher values = VALUE.matcher(new String(record.value(), StandardCharsets.UTF_8));
            while (values.find()) {
                deadLetters.add(Payload.parse(Base64.getDecoder().decode(values.group(1))).id());
            }
        }
    }

    /** How many records the broker holds. */
    int records() {
        return ids.size();
    }

    /** How many of these ids the broker holds no record of. */
    long missing(Set<Long> acknowledged) {
        return acknowledged.stream().filter(id -> !ids.contains(id)).count();
    }

    List<Account> accounts(Collection<TrackedMapping> mappings, List<Journal.Entry> entries) {
        List<Journal.Entry> ordered = ordered(entries);
        Map<String, Account> accounts = new TreeMap<>(Comparator.comparing((String function) -> Integer.valueOf(function.substring(1))));
        for (TrackedMapping mapping : mappings) {
            Map<TopicPartition, Map<Long, Payload>> own = new LinkedHashMap<>(log);
            own.keySet().removeIf(partition -> !mapping.topics().contains(partition.topic()));
            Map<TopicPartition, Long> starts = mapping.latest() ? starts(mapping, ordered) : mapping.owedFrom();
            accounts.put(mapping.function(), new Account(mapping, own, starts, deadLetters));
        }
        Map<Long, Account> running = new HashMap<>();
        for (Journal.Entry entry : ordered) {
            if (entry instanceof Journal.Started started) {
                Account account = accounts.get(started.function());
                running.put(started.attempt(), account);
                account.tell(entry);
            } else if (entry instanceof Journal.Ended ended) {
                running.remove(ended.attempt()).tell(entry);
            } else if (entry instanceof Journal.Taken taken) {
                accounts.get(taken.function()).tell(entry);
            } else if (entry instanceof Journal.Committed committed) {
                accounts.get(committed.function()).tell(entry);
            } else {
                accounts.values().forEach(account -> account.tell(entry));
            }
        }
        return List.copyOf(accounts.values());
    }

    /** Where a mapping that started at LATEST began, as far as can be seen: at the first offset committed or delivered. */
    private static Map<TopicPartition, Long> starts(TrackedMapping mapping, List<Journal.Entry> entries) {
        Map<TopicPartition, Long> starts = new HashMap<>();
        for (Journal.Entry entry : entries) {
            if (entry instanceof Journal.Started started && started.function().equals(mapping.function())) {
                started.records().forEach(record -> starts.putIfAbsent(record.partition(), record.offset()));
            } else if (entry instanceof Journal.Committed committed && committed.function().equals(mapping.function())) {
                committed.offsets().forEach(starts::putIfAbsent);
            }
        }
        return starts;
    }

    private static List<Journal.Entry> ordered(List<Journal.Entry> entries) {
        Map<Long, Long> begun = new HashMap<>();
        Map<Journal.Entry, Long> at = new IdentityHashMap<>();
        for (Journal.Entry entry : entries) {
            long when = entry.at();
            if (entry instanceof Journal.Started started) {
                begun.put(started.attempt(), when);
            } else if (entry instanceof Journal.Ended ended && ended.abandoned()) {
                when = Math.max(begun.get(ended.attempt()), when - HANG_UP_NANOS);
            }
            at.put(entry, when);
        }
        List<Journal.Entry> ordered = new ArrayList<>(entries);
        ordered.sort(Comparator.comparing(at::get));
        return ordered;
    }
}
