package dev.sluice.function;

import dev.sluice.resource.FunctionArn;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is one version of a function: its code and its settings? {@code $LATEST} changes; a published one, whose version is a number,
 * never does. Immutable.
 *
 * @param function the name of the function it is a version of
 */
public record FunctionVersion(String function, String version, FunctionCode code, FunctionSettings settings, Instant lastModified,
        String revisionId) {

    public static final String LATEST = FunctionArn.LATEST;

    public FunctionVersion {
        Objects.requireNonNull(function, "function");
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(settings, "settings");
        Objects.requireNonNull(lastModified, "lastModified");
        Objects.requireNonNull(revisionId, "revisionId");
    }

    /** What can be changed, of a function that isn't published yet. */
    public static FunctionVersion latest(String function, FunctionCode code, FunctionSettings settings, Instant lastModified,
            String revisionId) {
        return new FunctionVersion(function, LATEST, code, settings, lastModified, revisionId);
    }

    /** Whether Sluice can run it. What it can't is kept all the same, as a stack may need the rest of it. */
    public boolean runsHere() {
        return switch (code.runBy()) {
            case ATTACHED_PROCESS, ENDPOINT -> true;
            case SLUICE -> !code.command().isEmpty() || RuntimeKind.of(settings.runtime()).isPresent();
            case NOBODY -> false;
        };
    }

    /** Where it logs to. AWS: LoggingConfig.LogGroup, or the function's own. */
    public String logGroup() {
        String said = settings.logging().logGroup();
        return said == null ? "/aws/lambda/" + function : said;
    }

    /** Whether its code is Java, whatever runs it. */
    public boolean isJava() {
        return code.mayBeJava()
                && RuntimeKind.of(settings.runtime()).filter(RuntimeKind.JAVA::equals).isPresent();
    }

    /** Whether its timeout applies: who attaches a process himself mostly does so with a debugger. */
    public boolean timeoutApplies() {
        return settings.local().timeoutApplies() && code.runBy() != FunctionCode.RunBy.ATTACHED_PROCESS;
    }

    /** This version, frozen under a number. */
    FunctionVersion published(int number, @Nullable String description, Instant now, String newRevisionId) {
        return new FunctionVersion(function, String.valueOf(number), code,
                description == null ? settings : settings.withDescription(description), now, newRevisionId);
    }

    /** The number of a published version; 0 for {@code $LATEST}, which so comes first. */
    public int number() {
        return version.equals(LATEST) ? 0 : Integer.parseInt(version);
    }

    FunctionVersion withRevision(String newRevisionId) {
        return new FunctionVersion(function, version, code, settings, lastModified, newRevisionId);
    }

    /** Whether what was made to run one can run the other: they differ in the revision at most, which a publication changes. */
    public boolean runsAs(FunctionVersion other) {
        return this == other || version.equals(other.version) && lastModified.equals(other.lastModified) && code.equals(other.code)
                && settings.equals(other.settings);
    }

    /**
     * Whether this one, {@code $LATEST}, is still what was published. Another description is a change when somebody gave it to
     * {@code $LATEST} since (recorded), and none when only the publication got it.
     */
    boolean unchangedSince(FunctionVersion published) {
        return code.equals(published.code) && settings.withDescription("").equals(published.settings.withDescription(""))
                && (settings.description().equals(published.settings.description()) || !lastModified.isAfter(published.lastModified));
    }
}
