package dev.sluice.api.control;

import static dev.sluice.api.control.ControlAnswers.answer;
import static dev.sluice.api.control.ControlAnswers.guarded;
import static dev.sluice.api.control.ControlAnswers.object;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.api.http.Routes;
import dev.sluice.api.mapping.MeantMapping;
import dev.sluice.dispatch.Replay;
import dev.sluice.mapping.EventSourceMappings;
import dev.sluice.mapping.FilteredOut;
import dev.sluice.mapping.MappingId;
import dev.sluice.telemetry.DeliveryState;
import dev.sluice.telemetry.DeliverySummary;
import dev.sluice.telemetry.Journal;
import dev.sluice.telemetry.JournalStore;
import dev.sluice.telemetry.JournaledDelivery;
import dev.sluice.telemetry.Replays;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The journal of deliveries in the control API: which there were, one in full, and once more. Thread-safe. */
public final class DeliveryRoutes implements Routes {

    private static final String PATH = CONTROL + "deliveries";
    private static final int DEFAULT_LIMIT = 100;
    private static final int MOST = 1_000;
    /** Of those that a beginning may mean. */
    private static final int SHOWN = 10;

    private final Journal journal;
    private final Replays replays;
    private final EventSourceMappings mappings;

    public DeliveryRoutes(Journal journal, Replays replays, EventSourceMappings mappings) {
        this.journal = journal;
        this.replays = replays;
        this.mappings = mappings;
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.get(PATH, guarded(this::list, "mapping", "function", "state", "limit", "before"));
        routes.get(PATH + "/{id}", guarded(ctx -> answer(ctx, 200, DeliveryForm.toJson(delivery(ctx)))));
        routes.post(PATH + "/{id}/replay", guarded(this::replay));
    }

    private void list(Context ctx) {
        int limit = limit(ctx.queryParam("limit"));
        MappingId mapping = mapping(ctx.queryParam("mapping"));
        // One more, to know whether there is more.
        List<DeliverySummary> found = journal.list(new JournalStore.Query(mapping,
                function(ctx.queryParam("function")), states(ctx.queryParam("state")), before(ctx.queryParam("before")), limit + 1));
        ObjectNode json = object();
        json.putArray("deliveries").addAll(found.stream().limit(limit).map(DeliveryForm::toJson).toList());
        json.put("next", found.size() > limit ? found.get(limit - 1).id() : null);
        json.putObject("lost").put("entries", journal.losses().entries()).put("bodies", journal.losses().bodies());
        // Beside the deliveries: what is missing among them may not have failed, but never have passed.
        for (Map.Entry<MappingId, FilteredOut> entry : new TreeMap<>(journal.filteredOut()).entrySet()) {
            if (mapping == null || mapping.equals(entry.getKey())) {
                json.withArray("filteredOut").add(object().put("mapping", entry.getKey().toString())
                        .setAll(MappingForm.toJson(entry.getValue())));
            }
        }
        json.withArray("filteredOut");
        answer(ctx, 200, json);
    }

    private void replay(Context ctx) {
        JournaledDelivery delivery = delivery(ctx);
        // Reads records while this thread waits, then leaves it, however long the function takes.
        ControlAnswers.later(ctx, replays.replay(delivery), replayed -> write(ctx, delivery.summary().id(), replayed));
    }

    private static void write(Context ctx, String replayOf, Replays.Replayed replayed) {
        if (replayed.result() instanceof Replay.RecordsGone gone) {
            answer(ctx, 410, object().put("message", gone.reason()));
        } else if (replayed.result() instanceof Replay.NotReadable not) {
            answer(ctx, 503, object().put("message", not.reason()));
        } else {
            answer(ctx, 200, DeliveryForm.toJson(replayed.id(), replayOf, (Replay.Invoked) replayed.result()));
        }
    }

    private JournaledDelivery delivery(Context ctx) {
        String id = ctx.pathParam("id");
        return journal.find(id).or(() -> beginningWith(id).flatMap(journal::find)).orElseThrow(() -> ControlException.notFound(
                "There is no delivery '" + id + "' in the journal; it keeps the newest ones only"));
    }

    /** The only one whose id begins so. */
    private Optional<String> beginningWith(String beginning) {
        if (beginning.length() < MeantMapping.SHORTEST) {
            return Optional.empty();
        }
        List<String> meant = new ArrayList<>();
        String before = null;
        List<DeliverySummary> page;
        do {
            page = journal.list(new JournalStore.Query(null, null, Set.of(), before, MOST));
            page.stream().map(DeliverySummary::id).filter(id -> id.startsWith(beginning)).forEach(meant::add);
            before = page.isEmpty() ? null : page.get(page.size() - 1).id();
        } while (page.size() == MOST);
        if (meant.size() > 1) {
            throw ControlException.badRequest("'" + beginning + "' means " + meant.size() + " deliveries; say more of its id: "
                    + meant.stream().limit(SHOWN).collect(Collectors.joining(", ")) + (meant.size() > SHOWN ? ", …" : ""));
        }
        return meant.stream().findFirst();
    }

    private static int limit(String text) {
        if (text == null) {
            return DEFAULT_LIMIT;
        }
        if (!text.matches("[0-9]{1,6}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > MOST) {
            throw ControlException.badRequest("limit is '" + text + "'; allowed is a whole number from 1 to " + MOST);
        }
        return Integer.parseInt(text);
    }

    /** A whole UUID may be that of a mapping that is no more. */
    private MappingId mapping(String text) {
        return text == null ? null : MappingId.parse(text).orElseGet(() -> {
            MeantMapping meant = MeantMapping.of(text, mappings);
            if (meant instanceof MeantMapping.One one) {
                return one.mapping().id();
            }
            throw ControlException.badRequest(meant instanceof MeantMapping.Several several ? several.reason()
                    : "mapping is '" + text + "', and no mapping has such a UUID, function or topic");
        });
    }

    private static String function(String text) {
        if (text != null && !text.matches("[a-zA-Z0-9-_]{1,64}")) {
            throw ControlException.badRequest("function is '" + text + "'; allowed are 1 to 64 letters, digits, - and _");
        }
        return text;
    }

    /** One state, or several divided by commas. */
    private static Set<DeliveryState> states(String text) {
        Set<DeliveryState> states = EnumSet.noneOf(DeliveryState.class);
        if (text == null) {
            return states;
        }
        for (String name : text.split(",", -1)) {
            states.add(Arrays.stream(DeliveryState.values()).filter(state -> state.text().equals(name)).findFirst()
                    .orElseThrow(() -> ControlException.badRequest("state is '" + text + "'; allowed are, divided by commas, "
                            + Arrays.stream(DeliveryState.values()).map(DeliveryState::text).collect(Collectors.joining(", ")))));
        }
        return states;
    }

    private String before(String text) {
        if (text != null && !journal.contains(text)) {
            throw ControlException.badRequest("before is '" + text + "'; allowed is the id of a delivery in the journal");
        }
        return text;
    }
}
