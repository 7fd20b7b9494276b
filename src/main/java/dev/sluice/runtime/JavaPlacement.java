package dev.sluice.runtime;

import dev.sluice.function.FunctionMove;
import dev.sluice.function.FunctionVersion;
import dev.sluice.function.Isolation;
import dev.sluice.function.LocalOptions;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * In which JVM does a version's Java code run, and why there? Immutable.
 *
 * @param because why, as a sentence goes on; null where it is what was said
 */
public record JavaPlacement(Place place, String because) {

    /** A JVM. */
    public enum Place {
        /** The server's, until the code wants it for itself. */
        SHARED,
        /** The server's, whatever the code does. */
        SHARED_FOR_GOOD,
        /** One of the instance's own. */
        OWN
    }

    /** What {@code TZ} is where it says no more than Lambda's own {@code :UTC}. */
    private static final Set<String> UTC = Set.of(":UTC", "UTC", "UTC0", "Etc/UTC", ":Etc/UTC", "GMT", "Z", "");

    public JavaPlacement {
        Objects.requireNonNull(place, "place");
    }

    /**
     * What holds for all functions.
     *
     * @param isolation where code runs of which nothing else is said
     * @param ownJvm whether this JVM is the server's own, and no program's that embeds it: only from there code moves
     */
    record Rules(Isolation isolation, boolean ownJvm) {

        /** @param environment the function's variables over those of all functions */
        JavaPlacement of(FunctionVersion version, FunctionMove move, Map<String, String> environment) {
            LocalOptions local = version.settings().local();
            Isolation said = local.isolationOr(isolation);
            if (said != Isolation.AUTO) {
                return new JavaPlacement(said == Isolation.JVM ? Place.SHARED_FOR_GOOD : Place.OWN, null);
            }
            if (!ownJvm || local.debug() || DebugAgent.PRESENT) {
                return new JavaPlacement(Place.SHARED_FOR_GOOD, ownJvm ? "it may be debugged there" : "the server is embedded there");
            }
            if (move != null) {
                return new JavaPlacement(Place.OWN, move.because());
            }
            String zone = environment.get("TZ");
            if (zone != null && !UTC.contains(zone)) {
                return new JavaPlacement(Place.OWN, "its variable TZ is " + zone);
            }
            // Cannot be changed in a JVM that runs: Java 17 takes it from the locale, or from the command line.
            return Charset.defaultCharset().equals(StandardCharsets.UTF_8) ? new JavaPlacement(Place.SHARED, null)
                    : new JavaPlacement(Place.OWN, "the default charset of the server's JVM is " + Charset.defaultCharset()
                            + ", and Lambda's is UTF-8");
        }
    }

    /** Whether it is a process of its own. */
    public boolean inProcess() {
        return place == Place.OWN;
    }
}
