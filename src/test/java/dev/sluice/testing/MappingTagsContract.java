package dev.sluice.testing;

import static dev.sluice.testing.Mappings.aMapping;
import static dev.sluice.testing.Mappings.like;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.MappingId;
import dev.sluice.resource.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What every {@link dev.sluice.mapping.MappingStore} does with the tags of a mapping, which stay until the mapping goes. */
abstract class MappingTagsContract extends MappingSettingsContract {

    @Test
    void keepsTagsThroughEveryChangeUntilTheMappingGoes() {
        Tags tags = new Tags(Map.of("a", "1", "ü", ""));
        EventSourceMapping seen = aMapping().build();
        assertThat(store().insert(seen, tags)).isEmpty();
        EventSourceMapping bystander = insert(aMapping().topics("other"));
        EventSourceMapping updated = like(seen).batchSize(7).generation(2).build();
        store().replace(seen, updated);

        assertThat(store().tags(seen.id())).contains(tags);
        assertThat(store().tags(bystander.id())).contains(Tags.NONE);
        store().remove(updated);
        assertThat(store().tags(seen.id())).isEmpty();
        assertThat(store().insert(updated)).isEmpty();
        assertThat(store().tags(seen.id())).contains(Tags.NONE);
    }

    @Test
    void aDuplicateLeavesNoTags() {
        EventSourceMapping stored = insert(aMapping());
        EventSourceMapping duplicate = aMapping().build();

        assertThat(store().insert(duplicate, new Tags(Map.of("a", "1")))).contains(stored);
        assertThat(store().tags(duplicate.id())).isEmpty();
        assertThat(store().tags(stored.id())).contains(Tags.NONE);
    }

    @Test
    void changesTagsAndNothingElse() {
        EventSourceMapping mapping = insert(aMapping().generation(2));

        assertThat(store().changeTags(mapping.id(), tags -> tags.plus(Map.of("a", "1", "b", "2")))).isTrue();
        assertThat(store().changeTags(mapping.id(), tags -> tags.minus(List.of("a")))).isTrue();

        assertThat(store().tags(mapping.id())).contains(new Tags(Map.of("b", "2")));
        assertThat(store().find(mapping.id())).contains(mapping);
        assertThat(store().changeTags(new MappingId(UUID.randomUUID()), tags -> tags)).isFalse();
    }

    @Test
    void aChangeOfTagsThatIsRefusedChangesNothing() {
        EventSourceMapping mapping = insert(aMapping());
        store().changeTags(mapping.id(), tags -> tags.plus(Map.of("a", "1")));

        assertThatThrownBy(() -> store().changeTags(mapping.id(), tags -> tags.plus(Map.of("aws:b", "2"))))
                .isInstanceOf(Tags.Refused.class);
        assertThat(store().tags(mapping.id())).contains(new Tags(Map.of("a", "1")));
    }

    @Test
    void noChangeOfTagsIsLostToAnother() throws Exception {
        EventSourceMapping mapping = insert(aMapping());

        assertThat(together(8, i -> store().changeTags(mapping.id(), tags -> tags.plus(Map.of("k" + i, "v"))))).doesNotContain(false);
        assertThat(store().tags(mapping.id()).orElseThrow().values()).hasSize(8);
    }

    interface Attempt {
        boolean by(int thread);
    }

    static List<Boolean> together(int threads, Attempt attempt) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Future<Boolean>> results = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int thread = i;
                results.add(executor.submit(() -> attempt.by(thread)));
            }
            List<Boolean> answers = new ArrayList<>();
            for (Future<Boolean> result : results) {
                answers.add(result.get(30, TimeUnit.SECONDS));
            }
            return answers;
        } finally {
            executor.shutdownNow();
        }
    }
}
