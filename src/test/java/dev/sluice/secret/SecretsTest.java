package dev.sluice.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.secret.SecretSource.Looked;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SecretsTest {

    private static final String ARN = "arn:aws:secretsmanager:us-east-1:000000000000:secret:s-AbCdEf";
    private static final Secrets.Patience PATIENCE =
            new Secrets.Patience(Duration.ofSeconds(30), Duration.ofSeconds(5), Duration.ofSeconds(10));

    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger looks = new AtomicInteger();
    private final AtomicInteger changes = new AtomicInteger();
    private volatile Looked answer = new Looked.Text("one");
    private final Secrets secrets = secrets(arn -> {
        looks.incrementAndGet();
        return answer;
    });

    private Secrets secrets(SecretSource... sources) {
        Secrets made = new Secrets(List.of(sources), nanos::get, PATIENCE);
        made.onChange(changes::incrementAndGet);
        return made;
    }

    @Test
    void givesOutWhatItKeepsAndAnotherVersionForAnotherText() throws Exception {
        Secret first = found(secrets);
        pass(Duration.ofSeconds(29));
        assertThat(found(secrets)).isEqualTo(first);
        assertThat(looks).hasValue(1);

        pass(Duration.ofSeconds(2));
        assertThat(found(secrets)).as("the same text is the same version").isEqualTo(first);
        assertThat(looks).hasValue(2);
        assertThat(changes).hasValue(0);

        answer = new Looked.Text("two");
        pass(Duration.ofSeconds(31));
        Secret second = found(secrets);
        assertThat(second.text()).isEqualTo("two");
        assertThat(second.version()).isNotEqualTo(first.version());
        assertThat(secrets.isCurrent(ARN, first.version())).isFalse();
        assertThat(secrets.isCurrent(ARN, second.version())).isTrue();
        assertThat(changes).hasValue(1);
    }

    @Test
    void looksAnewAtOnceAtWhatWasRefusedAndThenEvery5Seconds() throws Exception {
        Secret first = found(secrets);
        secrets.refused(ARN, first.version());
        assertThat(found(secrets)).isEqualTo(first);
        assertThat(looks).hasValue(2);
        pass(Duration.ofSeconds(4));
        found(secrets);
        assertThat(looks).hasValue(2);
        pass(Duration.ofSeconds(2));
        answer = new Looked.Text("two");
        assertThat(found(secrets).text()).isEqualTo("two");
        pass(Duration.ofSeconds(20));
        found(secrets);
        assertThat(looks).as("the new one has not been refused").hasValue(3);
    }

    @Test
    void aRefusalOfAnOlderVersionSaysNothingOfThisOne() throws Exception {
        Secret first = found(secrets);
        answer = new Looked.Text("two");
        secrets.lookAt(Set.of(ARN));
        secrets.refused(ARN, first.version());
        found(secrets);
        assertThat(looks).hasValue(2);
    }

    @Test
    void whatWasFoundHoldsWhileNobodyAnswersUnlessItWasRefused() throws Exception {
        Secret first = found(secrets);
        answer = new Looked.Unavailable("the service is down");
        pass(Duration.ofSeconds(31));
        assertThat(found(secrets)).isEqualTo(first);
        pass(Duration.ofSeconds(6));
        assertThat(found(secrets)).isEqualTo(first);
        assertThat(looks).as("asked again soon").hasValue(3);

        secrets.refused(ARN, first.version());
        assertThat(secrets.get(ARN)).isEqualTo(
                new SecretAnswer.Unavailable("The secret " + ARN + " can't be read: the service is down"));
    }

    @Test
    void saysWhereItHasLooked() throws Exception {
        Secrets none = secrets(arn -> new Looked.NotHere("secrets has no entry for it"), arn -> new Looked.NotHere("nor has the other"));
        assertThat(none.get(ARN)).isEqualTo(
                new SecretAnswer.Missing("There is no secret " + ARN + ": secrets has no entry for it; nor has the other"));
        assertThat(secrets(arn -> new Looked.NotHere("no"), arn -> new Looked.Text("t")).get(ARN)).isInstanceOf(SecretAnswer.Found.class);
        assertThat(secrets(arn -> new Looked.Missing("there is no file f"), arn -> new Looked.Text("t")).get(ARN))
                .as("whoever has it is asked alone").isEqualTo(
                        new SecretAnswer.Missing("The secret " + ARN + " can't be read: there is no file f"));
    }

    @Test
    void aSecretThatIsMadeLateIsFoundSoon() throws Exception {
        answer = new Looked.Missing("not yet");
        assertThat(secrets.get(ARN)).isInstanceOf(SecretAnswer.Missing.class);
        answer = new Looked.Text("late");
        pass(Duration.ofSeconds(6));
        assertThat(found(secrets).text()).isEqualTo("late");
    }

    @Test
    void asksOnceForAllWhoWait() throws Exception {
        CountDownLatch let = new CountDownLatch(1);
        Secrets slow = secrets(arn -> {
            looks.incrementAndGet();
            let.await();
            return new Looked.Text("t");
        });
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<SecretAnswer>> answers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                answers.add(threads.submit(() -> slow.get(ARN)));
            }
            let.countDown();
            Deque<SecretAnswer> got = new ArrayDeque<>();
            for (Future<SecretAnswer> each : answers) {
                got.add(each.get(20, TimeUnit.SECONDS));
            }
            assertThat(got).containsOnly(got.peek());
            assertThat(looks).hasValue(1);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void waitsNoLongerThanItsPatienceAndHearsAnInterrupt() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        Secrets hanging = new Secrets(List.of(arn -> {
            never.await();
            return new Looked.Text("t");
        }), System::nanoTime, new Secrets.Patience(Duration.ofSeconds(30), Duration.ofSeconds(5), Duration.ofMillis(50)));
        assertThat(hanging.get(ARN)).isEqualTo(new SecretAnswer.Unavailable("The secret " + ARN + " could not be read within 50 ms"));
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> hanging.get(ARN)).isInstanceOf(InterruptedException.class);
        hanging.close();
        never.countDown();
    }

    @Test
    void forgetsWhatNobodyNames() throws Exception {
        Secret first = found(secrets);
        secrets.lookAt(Set.of("another"));
        assertThat(secrets.isCurrent(ARN, first.version())).isFalse();
        assertThat(changes).hasValue(1);
        assertThat(looks).as("nor asks for what nobody has asked for").hasValue(1);
    }

    @Test
    void printsNoSecret() throws Exception {
        answer = new Looked.Text("hunter2");
        assertThat(found(secrets) + " " + secrets.get(ARN) + " " + answer).doesNotContain("hunter2");
    }

    private static Secret found(Secrets secrets) throws InterruptedException {
        return ((SecretAnswer.Found) secrets.get(ARN)).secret();
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }
}
