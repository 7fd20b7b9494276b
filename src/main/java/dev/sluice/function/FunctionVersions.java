package dev.sluice.function;

import dev.sluice.function.FunctionDefinitions.Key;
import dev.sluice.resource.FunctionReference;
import dev.sluice.resource.Scope;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How are versions of a function published and taken away? Refusals are {@link FunctionException}s in AWS's words. Thread-safe.
 *
 * <p>AWS: PublishVersion, and DeleteFunction with a Qualifier.
 */
public final class FunctionVersions {

    private final FunctionDefinitions definitions;
    private final FunctionLookup lookup;
    private final Uploads uploads;
    private final Clock clock;
    private final Supplier<String> ids;

    public FunctionVersions(FunctionDefinitions definitions, FunctionLookup lookup, Uploads uploads, Clock clock, Supplier<String> ids) {
        this.definitions = definitions;
        this.lookup = lookup;
        this.uploads = uploads;
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * A PublishVersion request; absent members are null.
     *
     * @param codeSha256 what the caller takes for the hash of {@code $LATEST}
     * @param revisionId what the caller takes for the revision of {@code $LATEST}
     */
    public record Publish(@Nullable String codeSha256, @Nullable String description, @Nullable String revisionId) {
    }

    /** PublishVersion. What hasn't changed since the newest version isn't published again: that one is returned. */
    public FunctionVersion publish(Scope caller, FunctionReference reference, Publish request) {
        FunctionLookup.refuseAllButLatest(reference);
        FunctionDefinition seen = lookup.requireNaming(caller, reference, FunctionVersion.LATEST);
        FunctionDefinition changed = definitions.change(Key.of(seen), now -> {
            FunctionException.PreconditionFailed.require(request.revisionId(), now.latest().revisionId());
            String hash = now.latest().code().sha256();
            if (request.codeSha256() != null && !request.codeSha256().isEmpty() && !request.codeSha256().equals(hash)) {
                throw new FunctionException.InvalidParameter("CodeSHA256 (" + request.codeSha256() + ") is different from current"
                        + " CodeSHA256 in $LATEST (" + hash + "). Please try again with the CodeSHA256 in $LATEST.");
            }
            return published(now, request.description(), clock.instant(), ids);
        }, () -> lookup.notFound(seen.arn(caller)));
        return changed.publications().newest().orElseThrow();
    }

    /** DeleteFunction of one version. */
    public void delete(Scope caller, FunctionReference reference) {
        FunctionDefinition seen = lookup.requireAny(caller, reference);
        String number = reference.qualifier();
        definitions.change(Key.of(seen), now -> {
            if (now.publications().version(number).isEmpty()) {
                throw lookup.notFound(now.arn(caller));
            }
            List<String> aliases = now.publications().aliases().stream().filter(each -> each.leadsTo(number))
                    .map(FunctionAlias::name).toList();
            if (!aliases.isEmpty()) {
                // Seen in programs that wait for this text from AWS.
                throw new FunctionException.Conflict("Unable to delete version because the following aliases reference it: " + aliases);
            }
            return now.with(now.publications().withoutVersion(number));
        }, () -> lookup.notFound(seen.arn(caller)));
        uploads.sweep();
    }

    /** The function with {@code $LATEST} published, and so of another revision (recorded), unless its newest version is the same. */
    static FunctionDefinition published(FunctionDefinition function, @Nullable String description, Instant now, Supplier<String> ids) {
        Publications publications = function.publications();
        if (publications.newest().filter(function.latest()::unchangedSince).isPresent()) {
            return function;
        }
        return function.with(function.latest().withRevision(ids.get())).with(publications.plus(
                function.latest().published(publications.lastNumber() + 1, description, now, ids.get())));
    }
}
