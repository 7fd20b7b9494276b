package dev.sluice.mapping;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What does a poller find out about its mapping? One fact, told of one generation. On its way from a poller's thread to the store
 * those of several pollers become one mapping's, and what changes the LastProcessingResult becomes a {@link Result}. Immutable.
 */
public sealed interface Fact {

    /** Who is told. Thread-safe; never blocks, since a poller's or a function's thread tells. */
    interface Listener {

        void tell(Fact fact);
    }

    /** Those that change what is stored of a mapping. */
    sealed interface Stored extends Fact {
    }

    /** The consumer joined its group with its positions committed, or the brokers were out of reach for as long as AWS would wait. */
    record Started() implements Stored {
    }

    /** The starting position holds: it is committed at the broker for every partition there was. */
    record StartingPositionApplied() implements Stored {
    }

    /** Nothing polls for this generation any more. */
    record Stopped() implements Stored {
    }

    /** The mapping can't go on until somebody enables it again. @param cause in full, for people */
    record Failed(StateTransitionReason reason, String cause) implements Stored {

        public Failed {
            Objects.requireNonNull(reason, "reason");
            Objects.requireNonNull(cause, "cause");
        }
    }

    /** How things stand, in AWS's words for {@code LastProcessingResult}. */
    record Result(String lastProcessingResult) implements Stored {

        public Result {
            Objects.requireNonNull(lastProcessingResult, "lastProcessingResult");
        }
    }

    /** How the last delivery went. @param trouble null when it went well @param detail for people; empty when nothing went wrong */
    record Processed(@Nullable Trouble trouble, String lastProcessingResult, String detail) implements Fact {

        /** AWS's word for it. */
        public static final String OK = "OK";

        public Processed {
            Objects.requireNonNull(lastProcessingResult, "lastProcessingResult");
            Objects.requireNonNull(detail, "detail");
        }

        public boolean ok() {
            return lastProcessingResult.equals(OK);
        }
    }

    /** Something stands between the mapping and its brokers. @param detail the cause in full, for people */
    record Problem(Trouble trouble, String lastProcessingResult, String detail) implements Fact {

        public Problem {
            Objects.requireNonNull(trouble, "trouble");
            Objects.requireNonNull(lastProcessingResult, "lastProcessingResult");
            Objects.requireNonNull(detail, "detail");
        }
    }

    /** The brokers answer, or answer again. */
    record SourceWorks() implements Fact {
    }

    /** A partition can't be read on; whatever else is told, this stays true until {@link Readable}. */
    record Unreadable(Problem problem) implements Fact {

        public Unreadable {
            Objects.requireNonNull(problem, "problem");
        }
    }

    /** All partitions can be read again, or are another poller's. */
    record Readable() implements Fact {
    }

    /** How many partitions the topics have; told while the poller is a member of its group, again and again. */
    record TopicPartitions(int count) implements Fact {
    }
}
