package dev.sluice.runtime.code;

import java.time.Duration;
import java.time.Instant;

/**
 * Is a build done with a tree that has changed? Nobody tells; what can be told is how long nothing was written. Not thread-safe.
 *
 * <p>A build that replaces files in place pauses between them; one that starts with deleting what was there leaves them missing for as
 * long as it compiles. So a tree that has lost classes has to be left alone for longer before that is taken for what is meant.
 */
final class BuildSettled {

    /** How long nothing may have been written. */
    static final Duration WRITTEN = Duration.ofMillis(500);
    /** The same, while class files or JARs are missing that were there before. */
    static final Duration LOST_SOME = Duration.ofSeconds(5);
    /** The same, while a directory has no class files at all any more; and how long a tree may be restless, missing or unreadable. */
    static final Duration BUILD = Duration.ofSeconds(30);

    private TreeSnapshot seen;
    private long seenAt;

    /**
     * How much longer it takes until this look can be loaded, if it stays like this; zero when it can be now.
     *
     * @param loaded what is loaded now; null for nothing
     * @param nanos the time of the look, of no particular moment
     */
    Duration missing(TreeSnapshot look, TreeSnapshot loaded, Instant now, long nanos) {
        if (!look.equals(seen)) {
            seen = look;
            seenAt = nanos;
        }
        Duration needed = loaded == null || look.hasAllCodeOf(loaded) ? WRITTEN : look.lostADirectoryOf(loaded) ? BUILD : LOST_SOME;
        // What was written before anybody looked has been quiet since; times in the future, or put back by a build, tell nothing.
        Duration age = Duration.between(look.newest(), now);
        Duration watched = Duration.ofNanos(nanos - seenAt);
        Duration quiet = age.compareTo(watched) > 0 ? age : watched;
        return quiet.compareTo(needed) >= 0 ? Duration.ZERO : needed.minus(quiet);
    }

    /** The tree is as it is loaded, or can't be looked at. */
    void forget() {
        seen = null;
    }
}
