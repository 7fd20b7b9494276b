package dev.sluice.chaos;

import java.io.IOException;
import java.time.Duration;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * One fault after the other at random moments, now and then several at once; first each kind once, in random order. Each is undone by
 * whoever did it. Run by one thread; {@link #stop} and the questions are thread-safe.
 */
final class FaultPlan {

    /** A mapping that has recovered is left alone for so long at least. */
    private static final int GAP_MILLIS = 300;
    private static final int LONGEST_GAP_MILLIS = 2_000;
    private static final Duration RECOVERY_PATIENCE = Duration.ofSeconds(12);
    /** After SIGTERM the server has 8 s; the JVM's own start and end come on top on a machine that is busy. */
    private static final long STOP_MILLIS = 10_000;
    /** Only time limits of Kafka's clients get a connection back that is silent for good. */
    private static final int SECONDS_FOR_BLACK_HOLES = 120;

    private static final List<FaultKind> KILLS = List.of(FaultKind.KILL_SERVER, FaultKind.KILL_BROKER, FaultKind.KILL_FUNCTION);

    private final Parts parts;
    private final Recoveries recoveries;
    private final Supplier<Collection<TrackedMapping>> mappings;
    private final Random random;
    private final List<FaultKind> ahead = new ArrayList<>();
    private final List<FaultKind> kinds = new ArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Set<FaultKind.Part> busy = Collections.synchronizedSet(EnumSet.noneOf(FaultKind.Part.class));
    private final List<String> problems = new CopyOnWriteArrayList<>();
    private volatile boolean stopped;

    /** What can be hit. */
    record Parts(ChildJvm server, ChildJvm broker, ChildJvm function, FaultyProxy proxy, ForeignMember foreign, TestTopics topics,
            Journal journal) {
    }

    /** @param seconds how long the run is */
    FaultPlan(Parts parts, Recoveries recoveries, Supplier<Collection<TrackedMapping>> mappings, Random random, int seconds) {
        this.parts = parts;
        this.recoveries = recoveries;
        this.mappings = mappings;
        this.random = random;
        kinds.addAll(List.of(FaultKind.values()));
        if (seconds < SECONDS_FOR_BLACK_HOLES) {
            kinds.remove(FaultKind.BLACK_HOLE);
        }
        ahead.addAll(kinds);
        Collections.shuffle(ahead, random);
        // Taken from the end. Every run, however short, kills each process.
        ahead.removeAll(KILLS);
        ahead.addAll(KILLS);
        Collections.shuffle(ahead.subList(ahead.size() - 2 * KILLS.size(), ahead.size()), random);
        // And later they are likelier than the others.
        kinds.addAll(KILLS);
    }

    /** Goes on until {@link #stop}; returns when every fault is undone. */
    void run() throws InterruptedException {
        while (!stopped) {
            pause(GAP_MILLIS, LONGEST_GAP_MILLIS);
            FaultKind kind = ahead.isEmpty() ? kinds.get(random.nextInt(kinds.size())) : ahead.remove(ahead.size() - 1);
            long seed = random.nextLong();
            boolean alone = random.nextInt(4) > 0;
            if (!busy.add(kind.part())) {
                ahead.add(0, kind); // its turn comes later
                continue;
            }
            threads.execute(() -> inflict(kind, new Random(seed)));
            if (alone) {
                Awaiting.within(RECOVERY_PATIENCE, () -> stopped || busy.isEmpty());
            }
        }
        Awaiting.until("all faults are undone", Duration.ofSeconds(90), busy::isEmpty);
        threads.shutdown();
    }

    void stop() {
        stopped = true;
    }

    /** What the parts did wrong at being hit. */
    List<String> problems() {
        return List.copyOf(problems);
    }

    private void inflict(FaultKind kind, Random dice) {
        try {
            System.err.printf("  %s %s%n", LocalTime.now().truncatedTo(ChronoUnit.MILLIS), kind.title());
            Recoveries.Recovery recovery = hit(kind, dice);
            Awaiting.within(RECOVERY_PATIENCE, () -> stopped || recoveries.done(recovery));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            problems.add(kind.title() + ": " + e);
        } finally {
            busy.remove(kind.part());
        }
    }

    private Recoveries.Recovery hit(FaultKind kind, Random dice) throws IOException, InterruptedException {
        switch (kind) {
            case KILL_SERVER, STOP_SERVER -> {
                endServer(kind == FaultKind.STOP_SERVER);
                Awaiting.pause(Duration.ofMillis(100 + dice.nextInt(1_500)));
                parts.journal().serverStarted();
                parts.server().start();
                Recoveries.Recovery recovery = recoveries.begin(kind);
                parts.server().awaitServing();
                return recovery;
            }
            case KILL_BROKER, KILL_FUNCTION -> {
                ChildJvm child = kind == FaultKind.KILL_BROKER ? parts.broker() : parts.function();
                child.kill();
                Awaiting.pause(Duration.ofMillis(dice.nextInt(3_000)));
                child.start();
                Recoveries.Recovery recovery = recoveries.begin(kind);
                child.awaitServing();
                return recovery;
            }
            case FREEZE_BROKER, FREEZE_FUNCTION -> {
                ChildJvm child = kind == FaultKind.FREEZE_BROKER ? parts.broker() : parts.function();
                freeze(child, Duration.ofMillis(1_000 + dice.nextInt(5_000)));
                return recoveries.begin(kind);
            }
            case FREEZE_SERVER -> {
                Duration beyondSession = Duration.ofMillis(ForeignMember.SESSION_MILLIS + 1_500);
                CompletableFuture<Recoveries.Recovery> thawed = new CompletableFuture<>();
                boolean letIn = parts.foreign().visit(steady(dice), beyondSession.plusSeconds(1), false, () -> threads.execute(() -> {
                    try {
                        freeze(parts.server(), beyondSession);
                        thawed.complete(recoveries.begin(kind));
                    } catch (IOException e) {
                        thawed.completeExceptionally(e);
                    }
                }));
                return letIn ? thawed.join() : recoveries.begin(kind);
            }
            case FOREIGN_MEMBER, FOREIGN_DEATH -> {
                parts.foreign().visit(steady(dice), Duration.ofMillis(1_500 + dice.nextInt(4_000)), kind == FaultKind.FOREIGN_DEATH, () -> {
                });
                return recoveries.begin(kind);
            }
            case MORE_PARTITIONS -> {
                parts.topics().grow(dice);
                return recoveries.begin(kind);
            }
            default -> {
                hitProxy(kind, Duration.ofMillis(500 + dice.nextInt(6_000)), dice.nextBoolean());
                return recoveries.begin(kind);
            }
        }
    }

    private static void freeze(ChildJvm child, Duration lasting) throws IOException {
        child.freeze(true);
        try {
            Awaiting.pause(lasting);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            child.freeze(false);
        }
    }

    private TrackedMapping steady(Random dice) {
        List<TrackedMapping> steady = mappings.get().stream().filter(TrackedMapping::steady).toList();
        return steady.get(dice.nextInt(steady.size()));
    }

    private void hitProxy(FaultKind kind, Duration lasting, boolean reset) throws IOException, InterruptedException {
        FaultyProxy proxy = parts.proxy();
        switch (kind) {
            case CUT -> proxy.cut(false);
            case RESET -> proxy.cut(true);
            case BLACK_HOLE -> proxy.forget();
            case REFUSE -> {
                proxy.refuse();
                Awaiting.pause(lasting);
                proxy.listen();
            }
            case HALF_OPEN -> {
                proxy.silence(true);
                Awaiting.pause(lasting);
                if (reset) {
                    proxy.cut(true);
                }
                proxy.silence(false);
            }
            case SLOW -> {
                proxy.slow(true);
                Awaiting.pause(lasting);
                proxy.slow(false);
            }
            default -> throw new IllegalArgumentException(kind + " is not the proxy's");
        }
    }

    private void endServer(boolean inGoodOrder) {
        if (!inGoodOrder) {
            parts.server().kill();
            return;
        }
        long begun = System.nanoTime();
        int status = parts.server().terminate();
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
        if (status != 0 || millis > STOP_MILLIS) {
            problems.add("after SIGTERM the server ended with status " + status + " after " + millis + " ms");
        }
    }

    private void pause(int atLeast, int atMost) throws InterruptedException {
        Awaiting.pause(Duration.ofMillis(atLeast + random.nextInt(atMost - atLeast)));
    }
}
