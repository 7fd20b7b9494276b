package dev.sluice.function;

import dev.sluice.function.FunctionDefinitions.Key;
import dev.sluice.resource.FunctionReference;
import dev.sluice.resource.Scope;
import dev.sluice.resource.Tags;
import java.util.Collection;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What holds for a function as a whole, and for all functions of an account: tags, reserved concurrency, what is used of the
 * account's limits. Refusals are {@link FunctionException}s and {@link Tags.Refused}, in AWS's words. Thread-safe.
 *
 * <p>AWS: TagResource, UntagResource, ListTags, PutFunctionConcurrency, GetFunctionConcurrency, DeleteFunctionConcurrency,
 * GetAccountSettings.
 */
public final class FunctionAccount {

    /** Invocations at once of all functions of an account that hasn't asked for more. */
    public static final int CONCURRENT_EXECUTIONS = 1000;
    /** What reservations must leave of it. */
    private static final int LEAST_UNRESERVED = 100;

    private final FunctionDefinitions definitions;
    private final FunctionLookup lookup;

    public FunctionAccount(FunctionDefinitions definitions, FunctionLookup lookup) {
        this.definitions = definitions;
        this.lookup = lookup;
    }

    /** What is there for a caller. @param codeSize of all versions' uploads, in bytes @param reserved by all functions together */
    public record Usage(int functions, long codeSize, int reserved) {
        public int unreserved() {
            return CONCURRENT_EXECUTIONS - reserved;
        }
    }

    /** ListTags. */
    public Tags tags(Scope caller, FunctionReference reference) {
        return lookup.requireAny(caller, reference).tags();
    }

    /** TagResource. */
    public void tag(Scope caller, FunctionReference reference, Map<String, String> tags) {
        change(caller, reference, function -> function.with(function.tags().plus(tags)));
    }

    /** UntagResource. */
    public void untag(Scope caller, FunctionReference reference, Collection<String> keys) {
        change(caller, reference, function -> function.with(function.tags().minus(keys)));
    }

    /** GetFunctionConcurrency; null when nothing is reserved. */
    public @Nullable Integer reservedConcurrency(Scope caller, FunctionReference reference) {
        return lookup.requireAny(caller, reference).reservedConcurrency();
    }

    /** PutFunctionConcurrency. What the account has left is looked at with no other change in between. */
    public void reserve(Scope caller, FunctionReference reference, int concurrency) {
        FunctionLookup.refuseQualifier(reference);
        lookup.requireNaming(caller, reference, FunctionVersion.LATEST);
        change(caller, reference, function -> {
            int own = function.reservedConcurrency() == null ? 0 : function.reservedConcurrency();
            if (usage(caller).unreserved() + own - concurrency < LEAST_UNRESERVED) {
                throw new FunctionException.UntypedInvalidParameter("Specified ReservedConcurrentExecutions for function decreases"
                        + " account's UnreservedConcurrentExecution below its minimum value of [" + LEAST_UNRESERVED + "].");
            }
            return function.withReservedConcurrency(concurrency);
        });
    }

    /** DeleteFunctionConcurrency. */
    public void unreserve(Scope caller, FunctionReference reference) {
        FunctionLookup.refuseQualifier(reference);
        change(caller, reference, function -> function.withReservedConcurrency(null));
    }

    /** GetAccountSettings: what the caller's functions use. */
    public Usage usage(Scope caller) {
        int functions = 0;
        long codeSize = 0;
        int reserved = 0;
        for (FunctionDefinition function : definitions.visible(caller)) {
            functions++;
            reserved += function.reservedConcurrency() == null ? 0 : function.reservedConcurrency();
            codeSize += function.versions().mapToLong(version -> version.code().size()).sum();
        }
        return new Usage(functions, codeSize, reserved);
    }

    private void change(Scope caller, FunctionReference reference, UnaryOperator<FunctionDefinition> change) {
        FunctionDefinition seen = lookup.requireAny(caller, reference);
        definitions.change(Key.of(seen), change, () -> lookup.notFound(seen.arn(caller)));
    }
}
