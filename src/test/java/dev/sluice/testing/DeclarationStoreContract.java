package dev.sluice.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.mapping.DeclarationStore;
import dev.sluice.mapping.DeclarationStore.Declaration;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.MappingStore;
import dev.sluice.resource.Tags;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What every {@link DeclarationStore} does, together with the mappings it stores. */
public abstract class DeclarationStoreContract {

    protected abstract DeclarationStore declarations();

    /** The mappings of the same storage. */
    protected abstract MappingStore mappings();

    @Test
    void findsADeclarationByItsNameAndItsMapping() {
        EventSourceMapping made = Mappings.aMapping().topics("orders").build();
        Declaration orders = new Declaration("orders", "text of 'orders'", made.id());
        assertThat(declarations().apply(orders, made, Tags.NONE)).isEmpty();

        assertThat(declarations().find("orders")).contains(orders);
        assertThat(declarations().find("payments")).isEmpty();
        assertThat(mappings().find(made.id())).contains(made);
    }

    @Test
    void aNewerDeclarationTakesTheOlderOnesMappingAway() {
        EventSourceMapping first = Mappings.aMapping().topics("orders").build();
        EventSourceMapping second = Mappings.aMapping().topics("orders").build();
        declarations().apply(new Declaration("orders", "a", first.id()), first, Tags.NONE);
        Declaration newer = new Declaration("orders", "b", second.id());
        assertThat(declarations().apply(newer, second, Tags.NONE)).isEmpty();

        assertThat(declarations().find("orders")).contains(newer);
        assertThat(mappings().all()).containsExactly(second);
    }

    @Test
    void aMappingKeepsItsIdThroughAChangeOfItsDeclaration() {
        EventSourceMapping first = Mappings.aMapping().topics("orders").batchSize(10).build();
        EventSourceMapping changed = Mappings.like(first).batchSize(11).build();
        declarations().apply(new Declaration("orders", "a", first.id()), first, Tags.NONE);
        assertThat(declarations().apply(new Declaration("orders", "b", first.id()), changed, Tags.NONE)).isEmpty();

        assertThat(mappings().all()).containsExactly(changed);
    }

    @Test
    void theTagsOfADeclarationTakeThePlaceOfThoseThatAreThere() {
        EventSourceMapping made = Mappings.aMapping().build();
        declarations().apply(new Declaration("orders", "a", made.id()), made, new Tags(Map.of("a", "1")));
        mappings().changeTags(made.id(), tags -> tags.plus(Map.of("b", "2")));
        declarations().apply(new Declaration("orders", "b", made.id()), made, new Tags(Map.of("c", "3")));

        assertThat(mappings().tags(made.id())).contains(new Tags(Map.of("c", "3")));
    }

    @Test
    void aDuplicateOfAnotherMappingChangesNothing() {
        EventSourceMapping other = Mappings.aMapping().topics("taken").build();
        EventSourceMapping first = Mappings.aMapping().topics("orders").build();
        Declaration declared = new Declaration("orders", "a", first.id());
        mappings().insert(other);
        declarations().apply(declared, first, Tags.NONE);
        EventSourceMapping clash = Mappings.aMapping().topics("taken").build();

        assertThat(declarations().apply(new Declaration("orders", "b", clash.id()), clash, Tags.NONE)).contains(other);
        assertThat(declarations().find("orders")).contains(declared);
        assertThat(mappings().all()).containsExactlyInAnyOrder(other, first);
    }
}
