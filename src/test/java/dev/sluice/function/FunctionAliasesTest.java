package dev.sluice.function;

import static dev.sluice.fixture.FunctionDefinitions.aFunction;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.fixture.InMemoryFunctionStore;
import dev.sluice.function.FunctionAliases.Change;
import dev.sluice.resource.FunctionReference;
import dev.sluice.resource.Scope;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Texts and their order: localstack's snapshot TestLambdaAlias, recorded from AWS, where no comment says otherwise. */
class FunctionAliasesTest {

    private static final Scope CALLER = new Scope("111111111111", "us-east-1");
    private static final FunctionReference F = FunctionReference.parse("f").orElseThrow();
    private static final String ARN = "arn:aws:lambda:us-east-1:111111111111:function:f";

    private final InMemoryFunctionStore store = new InMemoryFunctionStore();
    private final AtomicInteger revisions = new AtomicInteger();
    private FunctionAliases aliases;

    @BeforeEach
    void aFunctionWithTwoVersions() {
        store.insert(aFunction("f").scope(CALLER).published(1).published(2).build());
        FunctionDefinitions definitions = new FunctionDefinitions(store);
        aliases = new FunctionAliases(definitions, new FunctionLookup(definitions), () -> "r" + revisions.incrementAndGet());
    }

    @Test
    void anAliasFromCreateToDelete() {
        FunctionAlias created = create("live", "1", Map.of("2", 0.2));
        assertThat(created).isEqualTo(new FunctionAlias("live", "1", "", Map.of("2", 0.2), created.revisionId()));
        assertThat(aliases.get(CALLER, F, "live")).isEqualTo(created);

        // What is left out stays; no weights take them away.
        FunctionAlias unweighted = aliases.update(CALLER, F, "live", new Change(null, "now", Map.of()), created.revisionId());
        assertThat(unweighted).isEqualTo(new FunctionAlias("live", "1", "now", Map.of(), unweighted.revisionId()));
        FunctionAlias moved = aliases.update(CALLER, F, "live", new Change("2", null, null), null);
        assertThat(moved).isEqualTo(new FunctionAlias("live", "2", "now", Map.of(), moved.revisionId()));
        assertThat(store.find("f", CALLER).orElseThrow().publications().aliases()).containsExactly(moved);

        aliases.delete(CALLER, F, "live");
        assertThat(aliases.list(CALLER, F, null)).isEmpty();
        aliases.delete(CALLER, F, "live");
    }

    @Test
    void everyUpdateChangesTheRevisionAlsoOneThatChangesNothing() {
        String first = create("live", "1", null).revisionId();

        String second = aliases.update(CALLER, F, "live", new Change(null, null, null), "").revisionId();

        assertThat(second).isNotEqualTo(first);
        assertThatThrownBy(() -> aliases.update(CALLER, F, "live", new Change(null, null, null), first))
                .isInstanceOf(FunctionException.PreconditionFailed.class)
                .hasMessage("The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve "
                        + "the latest Revision Id");
    }

    @Test
    void listsByNameAndOnlyWhatLeadsToAVersion() {
        create("z", "1", null);
        create("a", "2", null);
        create("m", "1", Map.of("2", 0.5));

        assertThat(aliases.list(CALLER, F, null)).extracting(FunctionAlias::name).containsExactly("a", "m", "z");
        assertThat(aliases.list(CALLER, F, "2")).extracting(FunctionAlias::name).containsExactly("a", "m");
        assertThat(aliases.list(CALLER, F, "7")).isEmpty();
    }

    @Test
    void saysWhatIsNotFound() {
        assertThatThrownBy(() -> create("live", "10", null)).isInstanceOf(FunctionException.NotFound.class)
                .hasMessage("Function not found: " + ARN + ":10");
        assertThatThrownBy(() -> create("live", "1", Map.of("10", 0.5))).hasMessage("Function not found: " + ARN + ":10");
        // The version is in this text too.
        FunctionReference unknown = FunctionReference.parse("unknown").orElseThrow();
        assertThatThrownBy(() -> aliases.create(CALLER, unknown, "live", new Change("1", null, null)))
                .hasMessage("Function not found: arn:aws:lambda:us-east-1:111111111111:function:unknown:1");
        assertThatThrownBy(() -> aliases.get(CALLER, F, "live")).hasMessage("Cannot find alias arn: " + ARN + ":live");
        // Pasted by a user of AWS, as is "Function not found: …:1" for an update to an unknown version.
        assertThatThrownBy(() -> aliases.update(CALLER, F, "live", new Change("1", null, null), null))
                .hasMessage("Alias not found: " + ARN + ":live");
        create("live", "1", null);
        assertThatThrownBy(() -> aliases.update(CALLER, F, "live", new Change("10", null, null), null))
                .hasMessage("Function not found: " + ARN + ":10");
        assertThatThrownBy(() -> aliases.delete(CALLER, unknown, "live"))
                .hasMessage("Function not found: arn:aws:lambda:us-east-1:111111111111:function:unknown");
    }

    @Test
    void refusesATakenName() {
        create("live", "1", null);

        assertThatThrownBy(() -> create("live", "2", null)).isInstanceOf(FunctionException.Conflict.class)
                .hasMessage("Alias already exists: " + ARN + ":live");
        // An unknown version comes first.
        assertThatThrownBy(() -> create("live", "10", null)).hasMessage("Function not found: " + ARN + ":10");
    }

    @Test
    void refusesWeightsThatAwsRefuses() {
        assertThatThrownBy(() -> create("live", "1", Map.of("1", 0.1, "2", 0.2))).isInstanceOf(FunctionException.InvalidParameter.class)
                .hasMessage("Number of items in AdditionalVersionWeights cannot be greater than 1");
        assertThatThrownBy(() -> create("live", "1", Map.of("1", 0.5))).isInstanceOf(FunctionException.InvalidParameter.class)
                .hasMessage("Invalid function version 1. Function version 1 is already included in routing configuration.");
        assertThatThrownBy(() -> create("live", "$LATEST", Map.of("1", 0.5))).isInstanceOf(FunctionException.UntypedInvalidParameter.class)
                .hasMessage("$LATEST is not supported for an alias pointing to more than 1 version");
        assertThat(create("latest", "$LATEST", Map.of()).version()).isEqualTo("$LATEST");
        // The weights that stay count as well.
        create("live", "1", Map.of("2", 0.5));
        assertThatThrownBy(() -> aliases.update(CALLER, F, "live", new Change("2", null, null), null))
                .hasMessage("Invalid function version 2. Function version 2 is already included in routing configuration.");
    }

    private FunctionAlias create(String name, String version, Map<String, Double> weights) {
        return aliases.create(CALLER, F, name, new Change(version, null, weights));
    }
}
