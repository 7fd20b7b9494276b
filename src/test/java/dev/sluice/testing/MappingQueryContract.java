package dev.sluice.testing;

import static dev.sluice.testing.Mappings.aMapping;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.MappingId;
import dev.sluice.mapping.MappingStore;
import dev.sluice.mapping.MappingStore.Cursor;
import dev.sluice.mapping.MappingStore.Query;
import dev.sluice.resource.FunctionArn;
import dev.sluice.resource.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The part of {@link MappingStoreContract} that only reads. */
abstract class MappingQueryContract {

    static final Scope ELSEWHERE = new Scope("111111111111", "eu-west-1");
    private static final FunctionArn FUNCTION = new FunctionArn(Mappings.SCOPE, "f", null);

    /** The store under test; the same one all through a test method, empty at its beginning. */
    protected abstract MappingStore store();

    @Test
    void findsNothingUnderAnUnknownId() {
        insert(aMapping());

        assertThat(store().find(new MappingId(UUID.randomUUID()))).isEmpty();
    }

    @Test
    void listsAllMappingsOldestFirstAndThoseOfOneInstantById() {
        EventSourceMapping second = insert(aMapping().topics("2").id("00000000-0000-0000-0000-00000000000a"));
        EventSourceMapping third = insert(aMapping().topics("3").id("f0000000-0000-0000-0000-000000000000"));
        EventSourceMapping first = insert(aMapping().topics("1").created(Mappings.CREATED.minusNanos(1000))
                .id("ffffffff-0000-0000-0000-000000000000").scope(ELSEWHERE));

        assertThat(store().all()).containsExactly(first, second, third);
    }

    @Test
    void listsTheMappingsOfOneScopeOnly() {
        EventSourceMapping here = insert(aMapping());
        insert(aMapping().scope(new Scope(ELSEWHERE.accountId(), Mappings.SCOPE.region())));
        insert(aMapping().scope(new Scope(Mappings.SCOPE.accountId(), ELSEWHERE.region())));

        assertThat(list(null, null)).containsExactly(here);
    }

    @Test
    void listsTheMappingsOfOneMskSource() {
        EventSourceMapping wanted = insert(aMapping());
        insert(aMapping().mskCluster(Mappings.MSK_ARN + "x"));
        insert(aMapping().selfManagedKafka(Mappings.MSK_ARN));

        assertThat(list(Mappings.MSK_ARN, null)).containsExactly(wanted);
    }

    @Test
    void listsTheMappingsOfAllQualifiersOfAFunctionWhenNoneIsGiven() {
        EventSourceMapping plain = insert(aMapping().function(FUNCTION).id("00000000-0000-0000-0000-000000000001"));
        EventSourceMapping live = insert(aMapping().function(FUNCTION.withQualifier("live"))
                .id("00000000-0000-0000-0000-000000000002"));
        insert(aMapping().function("ff"));
        insert(aMapping().function("F"));
        insert(aMapping().function(new FunctionArn(ELSEWHERE, "f", null)));

        assertThat(list(null, FUNCTION)).containsExactly(plain, live);
    }

    @Test
    void listsTheMappingsOfOneQualifierWhenItIsGiven() {
        insert(aMapping().function(FUNCTION));
        EventSourceMapping live = insert(aMapping().function(FUNCTION.withQualifier("live")));
        insert(aMapping().function(FUNCTION.withQualifier("7")));

        assertThat(list(null, FUNCTION.withQualifier("live"))).containsExactly(live);
    }

    @Test
    void listsTheMappingsOfASourceAndAFunctionTogether() {
        EventSourceMapping both = insert(aMapping().function(FUNCTION));
        insert(aMapping().function("other"));
        insert(aMapping().function(FUNCTION).selfManagedKafka("a:9092"));

        assertThat(list(Mappings.MSK_ARN, FUNCTION)).containsExactly(both);
    }

    @Test
    void pagesThroughMappingsOfOneInstantWithoutLossOrRepetition() {
        IntStream.range(0, 7).forEach(i -> insert(aMapping().topics("t" + i)
                .created(Mappings.CREATED.plusNanos(i / 3 * 1000L))));

        List<EventSourceMapping> paged = new ArrayList<>();
        Cursor after = null;
        for (List<EventSourceMapping> page = page(after); !page.isEmpty(); page = page(after)) {
            assertThat(page).hasSizeLessThanOrEqualTo(2);
            paged.addAll(page);
            EventSourceMapping last = page.get(page.size() - 1);
            after = new Cursor(last.created(), last.id());
        }

        assertThat(paged).hasSize(7).containsExactlyElementsOf(store().all());
    }

    @Test
    void goesOnAfterAMappingThatWasRemovedMeanwhile() {
        EventSourceMapping first = insert(aMapping().topics("1"));
        EventSourceMapping second = insert(aMapping().topics("2").created(Mappings.CREATED.plusSeconds(1)));
        store().remove(first);

        assertThat(page(new Cursor(first.created(), first.id()))).containsExactly(second);
    }

    final EventSourceMapping insert(Mappings mapping) {
        EventSourceMapping built = mapping.build();
        assertThat(store().insert(built)).isEmpty();
        return built;
    }

    private List<EventSourceMapping> list(String eventSourceArn, FunctionArn functionArn) {
        return store().list(new Query(Mappings.SCOPE, eventSourceArn, functionArn, null, 100));
    }

    private List<EventSourceMapping> page(Cursor after) {
        return store().list(new Query(Mappings.SCOPE, null, null, after, 2));
    }
}
