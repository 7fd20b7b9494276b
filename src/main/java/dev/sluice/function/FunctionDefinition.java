package dev.sluice.function;

import dev.sluice.resource.FunctionArn;
import dev.sluice.resource.Scope;
import dev.sluice.resource.Tags;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One function as it is stored: what can be changed of it, what was published, and what holds for all its versions. Immutable.
 *
 * @param scope the account and region it belongs to; null when it was registered without one (config, control API): then every
 *     account and region sees it, and its ARN takes the caller's
 * @param latest the version {@code $LATEST}
 * @param reservedConcurrency how many invocations may run at once, of all versions together; null when nobody said
 * @param move why its Java code runs in a process although nobody said so; null while it doesn't
 */
public record FunctionDefinition(String name, @Nullable Scope scope, Origin origin, FunctionVersion latest, Publications publications,
        Tags tags, @Nullable Integer reservedConcurrency, @Nullable FunctionMove move) {

    /** Who registered the function. One that the config declares keeps its code wherever the API says it is. */
    public enum Origin {
        LAMBDA_API, CONTROL_API, CONFIG
    }

    public FunctionDefinition {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(origin, "origin");
        Objects.requireNonNull(latest, "latest");
        Objects.requireNonNull(publications, "publications");
        Objects.requireNonNull(tags, "tags");
        if (!latest.version().equals(FunctionVersion.LATEST) || !latest.function().equals(name)) {
            throw new IllegalArgumentException("latest is " + latest.function() + ":" + latest.version() + "; it must be " + name + ":"
                    + FunctionVersion.LATEST);
        }
        if (reservedConcurrency != null && reservedConcurrency < 0) {
            throw new IllegalArgumentException("reservedConcurrency is " + reservedConcurrency + "; allowed are 0 and more");
        }
    }

    /** A function of which nothing was published. */
    public FunctionDefinition(@Nullable Scope scope, Origin origin, FunctionVersion latest) {
        this(latest.function(), scope, origin, latest, Publications.NONE, Tags.NONE, null, null);
    }

    /** The function's ARN as a caller of {@code caller} sees it. */
    public FunctionArn arn(Scope caller) {
        return new FunctionArn(scope == null ? caller : scope, name, null);
    }

    /** The version a qualifier means, {@code $LATEST} when it is null; of an alias the main one. Empty when there is no such thing. */
    public Optional<FunctionVersion> version(String qualifier) {
        return versionFor(qualifier, FunctionAlias::version);
    }

    /** The version that one invocation of the qualifier runs. @param chance see {@link FunctionAlias#version(double)} */
    public Optional<FunctionVersion> invoked(String qualifier, double chance) {
        return versionFor(qualifier, alias -> alias.version(chance));
    }

    /** Whether an invocation of the qualifier may run the version, and finds it as it was. */
    public boolean runs(String qualifier, FunctionVersion then) {
        boolean leads = version(qualifier).filter(then::runsAs).isPresent()
                || publications.alias(qualifier).filter(alias -> alias.leadsTo(then.version())).isPresent();
        return leads && version(then.version()).filter(then::runsAs).isPresent();
    }

    /** All versions, {@code $LATEST} first. */
    public Stream<FunctionVersion> versions() {
        return Stream.concat(Stream.of(latest), publications.versions().stream());
    }

    FunctionDefinition with(FunctionVersion newLatest) {
        return new FunctionDefinition(name, scope, origin, newLatest, publications, tags, reservedConcurrency, move);
    }

    FunctionDefinition with(Publications newPublications) {
        return new FunctionDefinition(name, scope, origin, latest, newPublications, tags, reservedConcurrency, move);
    }

    FunctionDefinition with(Tags newTags) {
        return new FunctionDefinition(name, scope, origin, latest, publications, newTags, reservedConcurrency, move);
    }

    public FunctionDefinition withReservedConcurrency(@Nullable Integer concurrency) {
        return new FunctionDefinition(name, scope, origin, latest, publications, tags, concurrency, move);
    }

    /** @param newMove null for none */
    FunctionDefinition withMove(FunctionMove newMove) {
        return new FunctionDefinition(name, scope, origin, latest, publications, tags, reservedConcurrency, newMove);
    }

    private Optional<FunctionVersion> versionFor(String qualifier, java.util.function.Function<FunctionAlias, String> choice) {
        if (qualifier == null || qualifier.equals(FunctionVersion.LATEST)) {
            return Optional.of(latest);
        }
        Optional<FunctionVersion> numbered = publications.version(qualifier);
        return numbered.isPresent() ? numbered : publications.alias(qualifier).map(choice).flatMap(
                version -> version.equals(FunctionVersion.LATEST) ? Optional.of(latest) : publications.version(version));
    }
}
