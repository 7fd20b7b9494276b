package dev.sluice.queue;

import dev.sluice.mapping.FleetView;
import dev.sluice.poller.Session;
import dev.sluice.poller.SourceProblem;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.errors.InterruptException;

/** A lane that isn't needed now: no consumer, no place in the group, only a thread that waits. {@link #interrupt} is thread-safe. */
final class ParkedLane implements Session {

    private static final Duration LOOK = Duration.ofSeconds(1);

    private final LaneGroup group;
    private final int number;

    ParkedLane(LaneGroup group, int number) {
        this.group = group;
        this.number = number;
    }

    @Override
    public Optional<SourceProblem> refusal() {
        return Optional.empty();
    }

    @Override
    public void open(boolean fresh) {
        // There is nothing to open.
    }

    @Override
    public void runOnce() {
        try {
            group.awaitWanted(number, LOOK);
        } catch (InterruptedException e) {
            throw new InterruptException(e); // sets the thread's flag again
        }
    }

    @Override
    public boolean over() {
        return group.wanted() > number;
    }

    @Override
    public void drain() {
        // Nothing runs.
    }

    @Override
    public boolean joined() {
        return true;
    }

    @Override
    public boolean hasPartitions() {
        return true;
    }

    @Override
    public MissingTopic missingTopic() {
        return null;
    }

    /** It has nothing to say of the brokers. */
    @Override
    public double connections() {
        return 1;
    }

    @Override
    public int topicPartitions() {
        return 0;
    }

    @Override
    public void interrupt() {
        group.wakeParked();
    }

    @Override
    public CompletableFuture<Boolean> retryNow() {
        return CompletableFuture.completedFuture(false);
    }

    @Override
    public CompletableFuture<Integer> skip() {
        return CompletableFuture.completedFuture(0);
    }

    @Override
    public CompletableFuture<List<FleetView.PartitionDetail>> partitions() {
        return CompletableFuture.completedFuture(List.of());
    }

    @Override
    public void close(Duration patience) {
        // There is nothing to close.
    }

    @Override
    public void handOver() {
        // There is nothing to hand over.
    }
}
