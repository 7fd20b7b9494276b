package dev.sluice.function;

import static dev.sluice.fixture.FunctionDefinitions.aFunction;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.fixture.InMemoryFunctionStore;
import dev.sluice.resource.FunctionReference;
import dev.sluice.resource.Scope;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FunctionAccountTest {

    private static final Scope CALLER = new Scope("111111111111", "us-east-1");
    private static final Scope OTHER = new Scope("222222222222", "us-east-1");

    private final InMemoryFunctionStore store = new InMemoryFunctionStore();
    private FunctionAccount account;

    @BeforeEach
    void functions() {
        store.insert(aFunction("f").scope(CALLER).code(new FunctionCode.Archive("x", 1000)).published(1).build());
        store.insert(aFunction("g").scope(CALLER).reservedConcurrency(100).build());
        store.insert(aFunction("shared").build());
        store.insert(aFunction("f").scope(OTHER).reservedConcurrency(900).build());
        FunctionDefinitions definitions = new FunctionDefinitions(store);
        account = new FunctionAccount(definitions, new FunctionLookup(definitions));
    }

    @Test
    void countsWhatOneAccountUses() {
        assertThat(account.usage(CALLER)).isEqualTo(new FunctionAccount.Usage(3, 2000, 100));
        assertThat(account.usage(CALLER).unreserved()).isEqualTo(900);
        assertThat(account.usage(OTHER).unreserved()).isEqualTo(100);
    }

    @Test
    void reservesAndGivesBack() {
        assertThat(account.reservedConcurrency(CALLER, named("f"))).isNull();

        account.reserve(CALLER, named("f"), 0);
        assertThat(account.reservedConcurrency(CALLER, named("f"))).isZero();
        account.reserve(CALLER, named("f"), 800);
        assertThat(account.usage(CALLER).unreserved()).isEqualTo(100);
        // Its own reservation is not in its way.
        account.reserve(CALLER, named("f"), 799);

        account.unreserve(CALLER, named("f"));
        account.unreserve(CALLER, named("f"));
        assertThat(account.reservedConcurrency(CALLER, named("f:1"))).isNull();
    }

    // Recorded: TestLambdaReservedConcurrency of localstack's snapshots; without a Type.
    @Test
    void leavesAHundredForTheOthers() {
        assertThatThrownBy(() -> account.reserve(CALLER, named("f"), 801)).isInstanceOf(FunctionException.UntypedInvalidParameter.class)
                .hasMessage("Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below "
                        + "its minimum value of [100].");
        assertThat(account.reservedConcurrency(CALLER, named("f"))).isNull();
    }

    @Test
    void refusesAsRecorded() {
        String arn = "arn:aws:lambda:us-east-1:111111111111:function:nope";
        assertThatThrownBy(() -> account.reserve(CALLER, named("nope"), 5000)).hasMessage("Function not found: " + arn + ":$LATEST");
        assertThatThrownBy(() -> account.reservedConcurrency(CALLER, named("nope"))).hasMessage("Function not found: " + arn);
        for (String qualified : new String[] {"f:1", "f:$LATEST"}) {
            assertThatThrownBy(() -> account.reserve(CALLER, named(qualified), 1)).isInstanceOf(FunctionException.InvalidParameter.class)
                    .hasMessage("This operation is permitted on Lambda functions only. Aliases and versions do not support this operation. "
                            + "Please specify either a function name or an unqualified function ARN.");
            assertThatThrownBy(() -> account.unreserve(CALLER, named(qualified))).isInstanceOf(FunctionException.InvalidParameter.class);
        }
    }

    private static FunctionReference named(String text) {
        return FunctionReference.parse(text).orElseThrow();
    }
}
