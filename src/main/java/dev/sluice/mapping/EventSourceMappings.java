package dev.sluice.mapping;

import dev.sluice.mapping.MappingLifecycle.Event;
import dev.sluice.mapping.MappingLifecycle.Transition;
import dev.sluice.resource.FunctionArn;
import dev.sluice.resource.FunctionReach;
import dev.sluice.resource.FunctionReference;
import dev.sluice.resource.Scope;
import dev.sluice.resource.Tags;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What can be asked of event source mappings, and what their state becomes: the use cases behind AWS's five operations;
 * what the fleet reports is left to {@link ReportedFacts}.
 *
 * <p>The row in the store is the only copy of the state. Each change is a conditional update of it, and its effect on the fleet
 * follows the update. Thread-safe without a lock of its own: whoever loses a race reads the row again.
 */
public final class EventSourceMappings implements FleetReports {

    /**
     * A CreateEventSourceMapping request whose form is checked.
     *
     * @param enabled null when absent
     * @param joinForeignGroups only declarations say it
     */
    public record Create(FunctionReference function, SourceRequest source, @Nullable Boolean enabled, SettingsRequest settings, Tags tags,
            boolean joinForeignGroups) {
    }

    /** An UpdateEventSourceMapping request whose form is checked; absent members are null and stay as they are. */
    public record Update(@Nullable FunctionReference function, @Nullable Boolean enabled, SettingsRequest settings) {
    }

    /** One page of a list. {@code next} is where the next page begins; null on the last one. */
    public record Page(List<EventSourceMapping> mappings, MappingStore.@Nullable Cursor next) {
    }

    private final MappingStore store;
    private final Fleet fleet;
    private final FunctionDirectory functions;
    private final Clock clock;
    private final Supplier<UUID> ids;
    private final SettingsRules rules;
    private final MappingChanges changes = new MappingChanges();
    private final ReportedFacts facts;

    public EventSourceMappings(MappingStore store, Fleet fleet, FunctionDirectory functions, Clock clock, Supplier<UUID> ids,
            SettingsRules rules) {
        this.store = store;
        this.fleet = fleet;
        this.functions = functions;
        this.clock = clock;
        this.ids = ids;
        this.rules = rules;
        this.facts = new ReportedFacts(store, fleet, changes, this::now);
    }

    /** Tells the observer of every change from now on. */
    public void tellChanges(MappingObserver observer) {
        changes.tell(observer);
    }

    /** What is said of changes, also of those that declarations make. */
    MappingChanges changes() {
        return changes;
    }

    /** Takes every stored mapping up where the last run of the server left it. Call once, before requests are served. */
    public void resume() {
        for (EventSourceMapping mapping : store.all()) {
            MappingLifecycle.next(mapping.state(), Event.SERVER_RESTARTED)
                    .ifPresent(transition -> transition.effect().on(fleet, mapping));
        }
    }

    /** CreateEventSourceMapping. The order of the checks is that of {@link ServiceCheck}. */
    public EventSourceMapping create(Scope caller, Create request) {
        EventSourceMapping mapping = prepare(caller, request, false);
        store.insert(mapping, request.tags()).ifPresent(existing -> {
            throw new MappingException.Duplicate(mapping, existing);
        });
        changes.created(mapping);
        if (mapping.state() == MappingState.CREATING) {
            fleet.start(mapping);
        }
        return mapping;
    }

    /**
     * The mapping that a request asks for, checked and not stored.
     *
     * @param declared whether the config file asks for it
     */
    EventSourceMapping prepare(Scope owner, Create request, boolean declared) {
        Instant now = now();
        FunctionArn function = request.function().resolve(owner);
        MappingSettings defaults = MappingSettings.defaults(function, request.joinForeignGroups());
        SourceRequest source = request.source();
        MappingSettings settings = rules.after(new Asked(source, null, request.settings(), defaults, now, declared));
        requireExisting(owner, request.function());

        MappingId id = new MappingId(ids.get());
        boolean enabled = !Boolean.FALSE.equals(request.enabled());
        return new EventSourceMapping(id, owner, now,
                new KafkaSource(source.eventSource(), Objects.requireNonNull(source.topics(), "topics"), source.position(),
                        source.consumerGroupId() == null ? id.toString() : source.consumerGroupId(), source.mode()),
                settings,
                new MappingStatus(enabled ? MappingState.CREATING : MappingState.DISABLED, StateTransitionReason.USER_INITIATED,
                        MappingStatus.NO_RECORDS_PROCESSED, now, 1, false));
    }

    /** GetEventSourceMapping. */
    public EventSourceMapping get(Scope caller, String uuid) {
        Optional<EventSourceMapping> anywhere = MappingId.parse(uuid).flatMap(store::find);
        if (anywhere.isPresent() && !anywhere.get().scope().equals(caller)) {
            throw MappingException.NotFound.elsewhere(anywhere.get(), caller);
        }
        return anywhere.orElseThrow(MappingException.NotFound::new);
    }

    /**
     * ListEventSourceMappings. Filters that match nothing give an empty page, as on AWS.
     *
     * @param eventSourceArn null for all
     * @param function null for all
     * @param after null for the first page
     */
    public Page list(Scope caller, @Nullable String eventSourceArn, FunctionReference function, MappingStore.@Nullable Cursor after,
            int limit) {
        if (function != null && function.ofAnotherPartition(caller)) {
            return new Page(List.of(), null);
        }
        FunctionArn arn = function == null ? null : function.resolve(caller);
        List<EventSourceMapping> found =
                store.list(new MappingStore.Query(caller, eventSourceArn, arn, after, limit + 1));
        if (found.size() <= limit) {
            return new Page(found, null);
        }
        EventSourceMapping last = found.get(limit - 1);
        return new Page(found.subList(0, limit), new MappingStore.Cursor(last.created(), last.id()));
    }

    /** All mappings of all accounts and regions, for the control API. */
    public List<EventSourceMapping> all() {
        return store.all();
    }

    /** The mapping with this UUID in whatever account and region, for the control API. */
    public Optional<EventSourceMapping> find(MappingId id) {
        return store.find(id);
    }

    /** Why and since when the mapping is Disabled that nobody has disabled; empty for all others. */
    public Optional<MappingFailure> failure(EventSourceMapping mapping) {
        boolean failed = mapping.state() == MappingState.DISABLED
                && mapping.status().reason() != StateTransitionReason.USER_INITIATED;
        return failed ? store.failure(mapping.id(), mapping.generation()) : Optional.empty();
    }

    /** Enables or disables a mapping of whatever account and region; one that is so already stays as it is. */
    public EventSourceMapping switchTo(EventSourceMapping mapping, boolean enabled) {
        return mapping.state() == (enabled ? MappingState.ENABLED : MappingState.DISABLED) ? mapping
                : update(mapping.scope(), mapping.id().toString(), new Update(null, enabled, SettingsRequest.NONE));
    }

    /** UpdateEventSourceMapping: replaces what is sent and leaves the rest. */
    public EventSourceMapping update(Scope caller, String uuid, Update request) {
        Event event = request.enabled() == null ? Event.UPDATE_REQUESTED
                : request.enabled() ? Event.ENABLE_REQUESTED : Event.DISABLE_REQUESTED;
        while (true) {
            EventSourceMapping seen = get(caller, uuid);
            Transition transition = MappingLifecycle.next(seen.state(), event)
                    .orElseThrow(() -> new MappingException.InUse("update"));
            EventSourceMapping updated = seen.with(settingsAfter(request, seen, caller), requested(seen, transition));
            if (replaced(seen, updated)) {
                changes.requested(seen, updated);
                transition.effect().on(fleet, updated);
                return updated;
            }
        }
    }

    /** DeleteEventSourceMapping. */
    public EventSourceMapping delete(Scope caller, String uuid) {
        while (true) {
            EventSourceMapping seen = get(caller, uuid);
            Transition transition = MappingLifecycle.next(seen.state(), Event.DELETE_REQUESTED)
                    .orElseThrow(() -> new MappingException.InUse("delete"));
            EventSourceMapping deleting = seen.with(seen.settings(), requested(seen, transition));
            if (replaced(seen, deleting)) {
                changes.requested(seen, deleting);
                transition.effect().on(fleet, deleting);
                return deleting;
            }
        }
    }

    @Override
    public void tell(MappingId id, long generation, Fact.Stored fact) {
        facts.tell(id, generation, fact);
    }

    private MappingStatus requested(EventSourceMapping seen, Transition transition) {
        MappingStatus old = seen.status();
        return new MappingStatus(transition.state(), StateTransitionReason.USER_INITIATED, old.lastProcessingResult(), now(),
                old.generation() + 1, old.startingPositionApplied());
    }

    private MappingSettings settingsAfter(Update request, EventSourceMapping seen, Scope caller) {
        MappingSettings settings = rules.after(Asked.change(seen, request.settings(), now()));
        if (request.function() == null) {
            return settings;
        }
        return settings.with(requireExisting(caller, request.function()));
    }

    /** One of another account is none that exists; how AWS words that here is not known. */
    private FunctionArn requireExisting(Scope caller, FunctionReference named) {
        FunctionReach reach = named.reachableFrom(caller);
        if (reach instanceof FunctionReach.Own own && functions.exists(own.arn())) {
            return own.arn();
        }
        if (reach instanceof FunctionReach.OtherRegion other) {
            throw new MappingException.NotFound(other.message());
        }
        throw new MappingException.InvalidParameter("Function does not exist",
                reach instanceof FunctionReach.OtherAccount other ? "FunctionName names account " + other.arn().scope().accountId()
                        + ", the request came from account " + caller.accountId() + "."
                        : functions.elsewhere(named.resolve(caller)).orElse(null));
    }

    /** False when somebody was faster: {@code seen} has to be read again. */
    private boolean replaced(EventSourceMapping seen, EventSourceMapping updated) {
        MappingStore.Replacement replacement = store.replace(seen, updated);
        if (replacement instanceof MappingStore.Replacement.Duplicate duplicate) {
            throw new MappingException.Duplicate(updated, duplicate.existing());
        }
        return replacement.done();
    }

    /** Stores keep microseconds at best; what a request returns must be what a later read returns. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
