package dev.sluice.function;

import dev.sluice.function.FunctionDefinitions.Key;
import dev.sluice.mapping.FunctionReference;
import dev.sluice.mapping.Scope;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How are versions of a function published and taken away? Refusals are {@link FunctionException}s in AWS's words. Thread-safe.
 *
 * <p>AWS: PublishVersion, and DeleteFunction with a Qualifier.
 */
public final class FunctionVersions {

    private final FunctionDefinitions definitions;
    private final FunctionLookup lookup;
    private final CodeStore code;
    private final Clock clock;
    private final Supplier<String> ids;

    FunctionVersions(FunctionDefinitions definitions, FunctionLookup lookup, CodeStore code, Clock clock, Supplier<String> ids) {
        this.definitions = definitions;
        this.lookup = lookup;
        this.code = code;
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * A PublishVersion request; absent members are null.
     *
     * @param codeSha256 what the caller takes for the hash of {@code $LATEST}
     * @param revisionId what the caller takes for the revision of {@code $LATEST}
     */
    public record Publish(String codeSha256, String description, String revisionId) {
    }

    /** PublishVersion. What hasn't changed since the newest version isn't published again: that one is returned. */
    public FunctionVersion publish(Scope caller, FunctionReference reference, Publish request) {
        FunctionDefinition seen = lookup.requireAny(caller, reference);
        FunctionDefinition changed = definitions.change(Key.of(seen), now -> {
            FunctionException.PreconditionFailed.require(request.revisionId(), now.latest().revisionId());
            String hash = now.latest().code().sha256();
            if (request.codeSha256() != null && !request.codeSha256().isEmpty() && !request.codeSha256().equals(hash)) {
                throw new FunctionException.InvalidParameter("CodeSHA256 (" + request.codeSha256() + ") is different from current"
                        + " CodeSHA256 in $LATEST (" + hash + "). Please try again with the CodeSHA256 in $LATEST.");
            }
            return published(now, request.description(), clock.instant(), ids.get());
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
            Optional<FunctionAlias> alias = now.publications().aliases().stream().filter(each -> each.leadsTo(number)).findFirst();
            if (alias.isPresent()) {
                throw new FunctionException.Conflict("Version " + number + " can't be deleted: alias " + alias.get().name() + " leads to it");
            }
            return now.with(now.publications().withoutVersion(number));
        }, () -> lookup.notFound(seen.arn(caller)));
        code.sweep();
    }

    /** The function with {@code $LATEST} published, unless its newest version is the same. */
    static FunctionDefinition published(FunctionDefinition function, String description, Instant now, String revisionId) {
        Publications publications = function.publications();
        if (publications.newest().filter(newest -> newest.sameAs(function.latest())).isPresent()) {
            return function;
        }
        return function.with(publications.plus(
                function.latest().published(publications.lastNumber() + 1, description, now, revisionId)));
    }
}
