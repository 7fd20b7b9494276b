package dev.sluice.function;

import dev.sluice.resource.FunctionArn;
import dev.sluice.resource.FunctionReach;
import dev.sluice.resource.FunctionReference;
import dev.sluice.resource.Scope;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which function does a caller mean, and what is said when there is none? Thread-safe. */
public final class FunctionLookup {

    private static final Logger LOG = LoggerFactory.getLogger(FunctionLookup.class);

    private final FunctionDefinitions definitions;

    public FunctionLookup(FunctionDefinitions definitions) {
        this.definitions = definitions;
    }

    /** The function, when it has the version or alias that the reference names. */
    FunctionDefinition require(Scope caller, FunctionReference reference) {
        FunctionArn arn = reachable(caller, reference);
        return definitions.visible(arn).orElseThrow(() -> notFound(arn));
    }

    /** The function, whatever version or alias the reference names. */
    FunctionDefinition requireAny(Scope caller, FunctionReference reference) {
        FunctionArn arn = reachable(caller, reference).unqualified();
        return definitions.visible(arn).orElseThrow(() -> notFound(arn));
    }

    /** The function; where there is none, the text names the qualifier too, as AWS's does for some operations. */
    FunctionDefinition requireNaming(Scope caller, FunctionReference reference, String qualifier) {
        return require(caller, new FunctionReference(reference.region(), reference.accountId(), reference.name(), qualifier));
    }

    /** Refuses what only a function has, and no version or alias of it. */
    static void refuseQualifier(FunctionReference reference) {
        if (reference.qualifier() != null) {
            throw new FunctionException.InvalidParameter("This operation is permitted on Lambda functions only. Aliases and versions do"
                    + " not support this operation. Please specify either a function name or an unqualified function ARN.");
        }
    }

    /** Refuses to change a version or an alias. That only $LATEST can be changed is documented; the text is that of the case above. */
    static void refuseAllButLatest(FunctionReference reference) {
        if (!FunctionVersion.LATEST.equals(reference.qualifier())) {
            refuseQualifier(reference);
        }
    }

    /** The ARN the caller means, if it is one of the caller's own region and account. */
    FunctionArn reachable(Scope caller, FunctionReference reference) {
        FunctionReach reach = reference.reachableFrom(caller);
        if (reach instanceof FunctionReach.Own own) {
            return own.arn();
        }
        throw reach instanceof FunctionReach.OtherRegion other ? new FunctionException.NotFound(other.message())
                : reach instanceof FunctionReach.OtherPartition other ? new FunctionException.NotFound("Function not found: " + other.arn())
                        : notFound(reference.resolve(caller));
    }

    /** The text for an ARN that leads nowhere, which also tells the log where the name would be found. */
    public FunctionException.NotFound notFound(FunctionArn arn) {
        Optional<String> elsewhere = elsewhere(arn);
        elsewhere.ifPresent(LOG::info);
        return new FunctionException.NotFound("Function not found: " + arn, elsewhere.orElse(null));
    }

    /** In which other accounts or regions a function that wasn't found exists; empty when in none. */
    public Optional<String> elsewhere(FunctionArn arn) {
        List<String> scopes = definitions.all().stream()
                .filter(d -> d.name().equals(arn.name()) && d.scope() != null && !d.scope().equals(arn.scope()))
                .map(d -> "account " + d.scope().accountId() + ", region " + d.scope().region()).toList();
        return scopes.isEmpty() ? Optional.empty() : Optional.of("Function " + arn.name() + " was not found in account "
                + arn.scope().accountId() + ", region " + arn.scope().region() + ", but exists in " + String.join("; ", scopes)
                + ". The account is that of the access key, as 'sluice env' sets it.");
    }
}
