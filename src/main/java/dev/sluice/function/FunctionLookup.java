package dev.sluice.function;

import dev.sluice.mapping.FunctionArn;
import dev.sluice.mapping.FunctionReference;
import dev.sluice.mapping.Scope;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which function does a caller mean, and what is said when there is none? Thread-safe. */
final class FunctionLookup {

    private static final Logger LOG = LoggerFactory.getLogger(FunctionLookup.class);

    private final FunctionDefinitions definitions;

    FunctionLookup(FunctionDefinitions definitions) {
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
        FunctionArn arn = reference.resolve(caller);
        if (!arn.scope().region().equals(caller.region())) {
            throw new FunctionException.NotFound("Functions from '" + arn.scope().region() + "' are not reachable in this region ('"
                    + caller.region() + "')");
        }
        if (!arn.scope().equals(caller)) {
            // AWS asks the other account's resource policy, which nobody can have written here.
            throw notFound(arn);
        }
        return arn;
    }

    /** The text for an ARN that leads nowhere, which also tells the log where the name would be found. */
    FunctionException.NotFound notFound(FunctionArn arn) {
        tellElsewhere(arn);
        return new FunctionException.NotFound("Function not found: " + arn);
    }

    /** Tells the log in which other account or region a function that wasn't found exists. */
    void tellElsewhere(FunctionArn arn) {
        List<FunctionDefinition> elsewhere = definitions.all().stream()
                .filter(d -> d.name().equals(arn.name()) && d.scope() != null && !d.scope().equals(arn.scope())).toList();
        elsewhere.forEach(d -> LOG.info("Function {} was not found in account {}, region {}, but exists in account {}, region {}",
                arn.name(), arn.scope().accountId(), arn.scope().region(), d.scope().accountId(), d.scope().region()));
    }
}
