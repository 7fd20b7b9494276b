package dev.sluice.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ClientPoolTest {

    private static final Brokers A = new Brokers("a:1", Map.of());
    private static final Brokers B = new Brokers("b:1", Map.of());

    private final List<String> ended = new ArrayList<>();
    private final Set<Brokers> outdated = new HashSet<>();
    private int made;
    private final ClientPool<String> pool =
            new ClientPool<>(brokers -> brokers.bootstrapServers() + "#" + ++made, ended::add, outdated::contains);

    @Test
    void allUsersOfTheSameBrokersHaveOneClientThatStaysWhenTheyGo() {
        try (var one = pool.take(A); var two = pool.take(A); var other = pool.take(B)) {
            assertThat(one.client()).isEqualTo("a:1#1").isEqualTo(two.client());
            assertThat(other.client()).isEqualTo("b:1#2");
        }
        assertThat(ended).isEmpty();
        try (var again = pool.take(A)) {
            assertThat(again.client()).isEqualTo("a:1#1");
        }
    }

    @Test
    void anOutdatedClientEndsWithItsLastUser() {
        var one = pool.take(A);
        var two = pool.take(A);
        outdated.add(A);
        pool.dropOutdated();
        assertThat(ended).as("it has users").isEmpty();
        one.close();
        one.close();
        assertThat(ended).as("one of two, who may close twice").isEmpty();
        two.close();
        assertThat(ended).containsExactly("a:1#1");
    }

    @Test
    void anOutdatedClientWithoutUsersEndsAtOnce() {
        pool.take(A).close();
        pool.take(B).close();
        outdated.add(A);
        pool.dropOutdated();
        assertThat(ended).containsExactly("a:1#1");
    }

    @Test
    void aBrokenClientIsEndedOnceAndMadeAnew() {
        var one = pool.take(A);
        var two = pool.take(A);
        assertThat(one.discard()).isTrue();
        assertThat(two.discard()).isFalse();
        assertThat(ended).containsExactly("a:1#1");
        try (var again = pool.take(A)) {
            assertThat(again.client()).isEqualTo("a:1#2");
            one.close();
            two.close();
            outdated.add(A);
            pool.dropOutdated();
            assertThat(ended).as("the old one's users are none of the new one's").hasSize(1);
        }
        assertThat(ended).containsExactly("a:1#1", "a:1#2");
    }

    @Test
    void aClientThatCanNotBeMadeLeavesNothingBehind() {
        ClientPool<String> failing = new ClientPool<>(brokers -> {
            if (made++ == 0) {
                throw new IllegalArgumentException("no such setting");
            }
            return "made";
        }, ended::add, outdated::contains);
        assertThatThrownBy(() -> failing.take(A)).hasMessage("no such setting");
        assertThat(failing.take(A).client()).isEqualTo("made");
        assertThat(ended).isEmpty();
    }

    @Test
    void closingEndsAllAndNobodyGetsAnother() {
        var one = pool.take(A);
        pool.close(client -> ended.add("last " + client));
        assertThat(ended).containsExactly("last a:1#1");
        one.close();
        assertThat(ended).hasSize(1);
        assertThatThrownBy(() -> pool.take(A)).isInstanceOf(IllegalStateException.class);
    }
}
