package dev.sluice.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.testing.SluiceAccount;
import dev.sluice.testing.SluiceServer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each test has an account of its own, in whichever form it is written. */
@SluiceTest
class SluiceExtensionIT {

    private static final Set<String> SEEN = ConcurrentHashMap.newKeySet();
    private static SluiceAccount ofClass;

    private SluiceAccount ofSetUp;

    @BeforeAll
    static void ofAll(SluiceAccount account, SluiceServer server) {
        ofClass = account;
        assertThat(server).isSameAs(SluiceServer.shared());
        account.function("everybodys", event -> {
        });
    }

    /** What was made for the class is there until its end. */
    @AfterAll
    static void thereToTheEnd(SluiceAccount account) {
        assertThat(account).isSameAs(ofClass);
        String topic = account.topic();
        account.mapping("everybodys").onTopic(topic).create();
        account.produce(topic, "v");
        account.awaitDelivered("everybodys", 1);
    }

    @BeforeEach
    void setUp(SluiceAccount account) {
        ofSetUp = account;
    }

    @Test
    void aTestHasOneOfItsOwn(SluiceAccount account) {
        assertOwn(account);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "b"})
    void soHasEachOfItsInvocations(String value, SluiceAccount account) {
        assertOwn(account);
    }

    @RepeatedTest(2)
    void andEachRepetition(SluiceAccount account) {
        assertOwn(account);
    }

    @Nested
    class InAnInnerClass {

        @Test
        void aTestHasOneOfItsOwnToo(SluiceAccount account) {
            assertOwn(account);
        }
    }

    private void assertOwn(SluiceAccount account) {
        assertThat(account).isSameAs(ofSetUp).isNotSameAs(ofClass);
        assertThat(SEEN.add(account.accountId())).as("nobody has had it before").isTrue();
    }

    /** With one instance for all tests, the constructor gets the class's. */
    @SluiceTest
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    static class WithOneInstanceIT {

        private final SluiceAccount ofConstructor;

        WithOneInstanceIT(SluiceAccount account) {
            this.ofConstructor = account;
        }

        @Test
        void theClassHasOne(SluiceAccount account) {
            assertThat(account).isNotSameAs(ofConstructor);
        }
    }

    /** Where a server of another kind is wanted. */
    static class RegisteredIT {

        @RegisterExtension
        static final SluiceExtension SLUICE = SluiceExtension.of(SluiceServer.builder().arguments("--relaxed"));

        @Test
        void theAccountIsThatOfTheThread(SluiceAccount account) {
            assertThat(SLUICE.account()).isSameAs(account);
            assertThat(SLUICE.server()).isNotSameAs(SluiceServer.shared());
            SLUICE.account().function("f", event -> {
            });
            String first = account.topic();
            String second = account.topic();
            assertThat(account.mapping("f").onTopic(first, second).create().state()).as("AWS refuses two topics").isEqualTo("Enabled");
        }

        @Test
        void elsewhereThereIsNone() throws InterruptedException {
            Throwable[] thrown = new Throwable[1];
            Thread other = new Thread(() -> {
                try {
                    SLUICE.account();
                } catch (IllegalStateException e) {
                    thrown[0] = e;
                }
            });
            other.start();
            other.join();
            assertThat(thrown[0]).hasMessageContaining("take the account as a parameter of the test");
        }
    }

    /** Names of the application's own: what one test wrote, the next doesn't find. */
    @SluiceTest(topics = "orders-of-the-application")
    static class WithTopicsIT {

        private static final String TOPIC = "orders-of-the-application";

        @RepeatedTest(3)
        void theTopicIsEmpty(SluiceAccount sluice) {
            sluice.function("orders", event -> {
            });
            sluice.produce(TOPIC, "one");
            sluice.mapping("orders").onTopic(TOPIC).create();
            sluice.awaitDrained("orders");
            assertThat(sluice.records("orders")).hasSize(1);
        }

        @Test
        void aTopicThatIsNotThereIsNoReasonToFail(SluiceAccount sluice) {
            sluice.emptyAtEnd("nobody-has-written-here");
            assertThatThrownBy(() -> sluice.produce("no topic", "v")).hasMessageContaining("allowed are 1 to 249 letters");
        }
    }

    @Test
    void oneServerServesAll() {
        assertThat(List.of(SluiceServer.shared(), SluiceServer.builder().shared())).containsOnly(SluiceServer.shared());
    }
}
