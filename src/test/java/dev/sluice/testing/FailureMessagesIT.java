package dev.sluice.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is said to whoever waits in vain: what is in the way, and what a test can do about it. */
class FailureMessagesIT {

    /** Long enough for a record to come or not; none of these comes. */
    private static final Duration SOON = Duration.ofSeconds(2);

    private final SluiceAccount sluice = SluiceServer.shared().account();

    @AfterEach
    void end() {
        sluice.close();
    }

    private AssertionError failure() {
        return (AssertionError) catchThrowable(() -> sluice.awaitDelivered("orders", 1, SOON));
    }

    private String map(String topic) {
        sluice.mapping("orders").onTopic(topic).create();
        return topic;
    }

    private void handler() {
        sluice.function("orders", event -> {
        });
    }

    @Test
    void theWrongTopic() {
        handler();
        map("order-of-" + sluice.accountId());
        String written = sluice.topic();
        sluice.produce(written, "v");
        assertThat(failure()).hasMessageContaining("Function orders was to be delivered 1 record within 2 s, and got none")
                .hasMessageContaining("Topic order-of-" + sluice.accountId() + " does not exist")
                .hasMessageContaining("→ this test wrote to " + written + ": map that topic with onTopic(…)")
                .hasMessageContaining("The server's log is ");
    }

    @Test
    void aFilterThatDropsIt() {
        handler();
        String topic = sluice.topic();
        sluice.mapping("orders").onTopic(topic).filter("{\"value\":{\"kind\":[\"order\"]}}").create();
        sluice.produce(topic, "{\"kind\":\"refund\"}");
        assertThat(failure()).hasMessageContaining("matches none of the filter patterns")
                .hasMessageContaining("The record's value is: {\"kind\":\"refund\"}")
                .hasMessageContaining("The filter's patterns are: {\"value\":{\"kind\":[\"order\"]}}");
    }

    @Test
    void aHandlerThatThrows() {
        sluice.function("orders", event -> {
            throw new IllegalStateException("no item in " + event.records().get(0).text());
        });
        sluice.produce(map(sluice.topic()), "{}");
        assertThat(failure()).hasMessageContaining("The function fails: java.lang.IllegalStateException: no item in {}")
                .hasMessageContaining("The last delivery, ").hasCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void startingPositionLatest() {
        handler();
        String topic = sluice.topic();
        sluice.produce(topic, "v");
        sluice.mapping("orders").onTopic(topic).startingPosition("LATEST").create();
        assertThat(failure()).hasMessageContaining("Position LATEST: up to 1 older record was left out")
                .hasMessageContaining("→ write after create() has returned, or leave startingPosition(\"LATEST\") out");
    }

    @Test
    void aDisabledMappingIsNotWaitedFor() {
        handler();
        String topic = sluice.topic();
        SluiceMapping mapping = sluice.mapping("orders").onTopic(topic).enabled(false).create();
        sluice.produce(topic, "v");
        AssertionError failure = (AssertionError) catchThrowable(() -> sluice.awaitDelivered("orders", 1, Duration.ofMinutes(5)));
        assertThat(failure).hasMessageContaining("Somebody has disabled the mapping")
                .hasMessageContaining("→ leave enabled(false) out, or call enable() of the mapping");
        mapping.enable();
        sluice.awaitDelivered("orders", 1);
    }

    @Test
    void aSlowHandlerIsShownWhereItIs() {
        CountDownLatch released = new CountDownLatch(1);
        sluice.function("orders", event -> released.await());
        sluice.produce(map(sluice.topic()), "v");
        AssertionError failure = failure();
        released.countDown();
        assertThat(failure).hasMessageContaining("1 record is with the function, in attempt 1")
                .hasMessageContaining("→ the handler hasn't returned yet").cause()
                .hasMessage("The handler of function orders is here, and has not returned").hasStackTraceContaining("FailureMessagesIT");
    }

    @Test
    void noMapping() {
        handler();
        assertThat(failure()).hasMessageContaining("one is made by: mapping(\"orders\").onTopic(\"…\").create()");
    }

    @Test
    void noFunction() {
        assertThat(catchThrowable(() -> map(sluice.topic()))).isInstanceOf(SluiceRefusedException.class)
                .hasMessageStartingWith("Function does not exist");
    }

    @Test
    void aStateThatDoesNotCome() {
        handler();
        SluiceMapping mapping = sluice.mapping("orders").onTopic(sluice.topic()).enabled(false).create();
        assertThat(catchThrowable(() -> sluice.awaitState(mapping, "Enabled", SOON))).isInstanceOf(AssertionError.class)
                .hasMessageContaining("was to be Enabled within 2 s; it is Disabled");
    }
}
