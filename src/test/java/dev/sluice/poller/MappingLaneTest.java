package dev.sluice.poller;

import static dev.sluice.fixture.Mappings.aMapping;
import static dev.sluice.fixture.Mappings.like;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fault.FatalFaults;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.MappingState;
import dev.sluice.mapping.SchemaRegistry;
import dev.sluice.mapping.SchemaRegistry.Attribute;
import dev.sluice.mapping.SchemaRegistry.EventRecordFormat;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What a lane does with a mapping that must not be polled. */
class MappingLaneTest {

    private final List<String> reports = new CopyOnWriteArrayList<>();
    private final List<String> results = new CopyOnWriteArrayList<>();
    private final ReportQueue reporting = new ReportQueue(FatalFaults.unheard(), System::nanoTime);
    /** Without a context: a poller that was made would fail. */
    private final MappingLane lane = new MappingLane(new RecordedReports(reports, results), reporting, null, (mapping, number) -> {
        throw new AssertionError("nobody may join the group of " + mapping.id());
    }, () -> reports.add("gone"));
    private final EventSourceMapping mapping = aMapping().state(MappingState.CREATING).schemaRegistry(
            new SchemaRegistry("https://user:secret@registry", EventRecordFormat.JSON, List.of(), List.of(Attribute.VALUE))).build();

    // Without the registry its records would reach the function as the registry's bytes, and nobody would know why.
    @Test
    void aMappingWithASchemaRegistryFailsAtOnceAndSaysWhy() throws Exception {
        lane.start(mapping);
        reporting.close(Duration.ofSeconds(5));

        assertThat(reports).containsExactly("failed 1 ESM_CONFIG_NOT_VALID");
        assertThat(results).hasSize(1);
        assertThat(results.get(0)).startsWith("PROBLEM: ").contains("Sluice can't use a schema registry yet",
                "SchemaRegistryConfig: {}").doesNotContain("secret");
        assertThat(lane.running()).isEmpty();
        assertThat(lane.last().orElseThrow().detail()).contains("schema registry");
    }

    @Test
    void itCanBeStoppedAndDeletedNonetheless() throws Exception {
        lane.start(mapping);
        lane.stop(like(mapping).generation(2).state(MappingState.DELETING).build());
        reporting.close(Duration.ofSeconds(5));

        assertThat(reports.subList(reports.size() - 3, reports.size()))
                .containsExactly("failed 1 ESM_CONFIG_NOT_VALID", "stopped 2", "gone");
    }
}
