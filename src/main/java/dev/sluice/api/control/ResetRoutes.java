package dev.sluice.api.control;

import static dev.sluice.api.control.ControlAnswers.answer;
import static dev.sluice.api.control.ControlAnswers.guarded;
import static dev.sluice.api.control.ControlAnswers.object;

import dev.sluice.api.http.Routes;
import dev.sluice.function.FunctionDefinition;
import dev.sluice.function.FunctionDefinition.Origin;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.EventSourceMappings;
import dev.sluice.mapping.MappingException;
import dev.sluice.mapping.MappingId;
import dev.sluice.resource.FunctionReference;
import dev.sluice.resource.Scope;
import dev.sluice.runtime.Functions;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes away what a test has made: the mappings and functions of one account, or of all, but for those that the configuration declares.
 * Topics and their records stay with the brokers, and the journal keeps what was. Refused unless the server was told to allow it.
 * Thread-safe; who asks waits until the mappings are gone.
 */
public final class ResetRoutes implements Routes {

    private static final Logger LOG = LoggerFactory.getLogger(ResetRoutes.class);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final EventSourceMappings mappings;
    private final Functions functions;
    private final Predicate<MappingId> declared;
    private final boolean allowed;
    // Counts what becomes of mappings, and guards the count; who waits for them to go is woken by each.
    private final Object changes = new Object();
    private long changed;

    /** @param declared whether the configuration declares this mapping */
    public ResetRoutes(EventSourceMappings mappings, Functions functions, Predicate<MappingId> declared, boolean allowed) {
        this.mappings = mappings;
        this.functions = functions;
        this.declared = declared;
        this.allowed = allowed;
        mappings.tellChanges((before, after) -> {
            synchronized (changes) {
                changed++;
                changes.notifyAll();
            }
        });
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.post(CONTROL + "reset", guarded(this::reset, "accountId"));
    }

    private void reset(Context ctx) throws InterruptedException {
        if (!allowed) {
            throw new ControlException(403, "This server lets nobody reset it; start it with: sluice serve --allow-reset");
        }
        String account = ctx.queryParam("accountId") == null ? null : ScopeQuery.account(ctx.queryParam("accountId"));
        int goneMappings = deleteMappings(account);
        int goneFunctions = 0;
        for (FunctionDefinition function : functions.registry().all()) {
            if (function.origin() != Origin.CONFIG && of(account, function.scope())) {
                delete(function);
                goneFunctions++;
            }
        }
        answer(ctx, 200, object().put("mappings", goneMappings).put("functions", goneFunctions));
    }

    /** What belongs to no account goes only when all goes. */
    private static boolean of(String account, Scope scope) {
        return account == null || scope != null && scope.accountId().equals(account);
    }

    private void delete(FunctionDefinition function) {
        if (function.origin() == Origin.LAMBDA_API) {
            functions.registry().delete(function.scope(), FunctionReference.parse(function.name()).orElseThrow());
        } else {
            functions.registry().unregister(function.scope(), function.name());
        }
    }

    private int deleteMappings(String account) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        List<EventSourceMapping> left = left(account);
        int all = left.size();
        while (!left.isEmpty()) {
            long seen = changed();
            left.forEach(this::delete);
            left = left(account);
            if (!left.isEmpty() && !awaitChange(seen, deadline)) {
                throw new ControlException(503, left.size() + " mappings could not be deleted within " + PATIENCE.toSeconds()
                        + " s, among them " + left.get(0).id() + ", which is " + left.get(0).state().awsName());
            }
        }
        return all;
    }

    /** One that is on its way from one state to the next can't be deleted yet; of one that is being deleted nothing more is wanted. */
    private void delete(EventSourceMapping mapping) {
        try {
            mappings.delete(mapping.scope(), mapping.id().toString());
        } catch (MappingException.InUse | MappingException.NotFound later) {
            LOG.debug("Mapping {} is not deleted now", mapping.id(), later);
        }
    }

    private long changed() {
        synchronized (changes) {
            return changed;
        }
    }

    /** Whether a mapping has changed since {@code seen}. */
    private boolean awaitChange(long seen, long deadline) throws InterruptedException {
        synchronized (changes) {
            while (changed == seen) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0) {
                    return false;
                }
                changes.wait(left);
            }
            return true;
        }
    }

    private List<EventSourceMapping> left(String account) {
        return mappings.all().stream().filter(mapping -> of(account, mapping.scope()) && !declared.test(mapping.id())).toList();
    }
}
