package dev.sluice.dispatch;

import java.util.concurrent.CompletionStage;

/** Where records go that no function takes. Thread-safe. */
public interface OnFailureDestination {

    /**
     * Sends {@code failed} away; never blocks. Completes when the destination has accepted all of it, exceptionally when it has not, with
     * a message that names the destination and the cause; sending the same again then is safe but for duplicates.
     */
    CompletionStage<Void> send(FailedBatch failed);
}
