package dev.sluice.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.sluice.dispatch.Delivery;
import dev.sluice.dispatch.DeliveryObserver;
import dev.sluice.dispatch.FailureCondition;
import dev.sluice.dispatch.Fate;
import dev.sluice.dispatch.PartitionRecords;
import dev.sluice.fixture.Mappings;
import dev.sluice.fixture.Offsets;
import dev.sluice.fixture.WaitingDelivery;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.FilteredOut;
import dev.sluice.mapping.PollerObserver;
import dev.sluice.mapping.PollerObserver.PollerAssignment;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class TelemetryTest {

    private final Logger logger = (Logger) LoggerFactory.getLogger(Telemetry.class);
    private final List<String> heard = new ArrayList<>();
    private final DeliveryObserver deliveries = noting(DeliveryObserver.class);
    private final PollerObserver pollers = noting(PollerObserver.class);

    /** The failures are meant. */
    @BeforeEach
    void hush() {
        logger.setLevel(Level.OFF);
    }

    @AfterEach
    void listen() {
        logger.setLevel(null);
    }

    /** Notes the names of the methods called. */
    private <T> T noting(Class<T> port) {
        return port.cast(Proxy.newProxyInstance(port.getClassLoader(), new Class<?>[] {port}, (proxy, method, arguments) -> {
            heard.add(method.getName());
            return null;
        }));
    }

    private static <T> T failing(Class<T> port) {
        return port.cast(Proxy.newProxyInstance(port.getClassLoader(), new Class<?>[] {port}, (proxy, method, arguments) -> {
            throw new IllegalStateException("broken on purpose");
        }));
    }

    @Test
    void oneThatFailsStopsNoneOfTheOthersNorWhatIsWatched() {
        Telemetry telemetry = new Telemetry(List.of(failing(DeliveryObserver.class), deliveries),
                List.of(failing(PollerObserver.class), pollers));
        EventSourceMapping mapping = Mappings.aMapping().build();
        Delivery delivery = WaitingDelivery.of(mapping, Offsets.of("t", 0, 1));
        List<? extends PartitionRecords> records = delivery.batch().records();

        telemetry.attempted(delivery, WaitingDelivery.success(delivery, 1));
        telemetry.settled(delivery, Fate.DELIVERED, records);
        telemetry.gaveUp(delivery, FailureCondition.RECORD_AGE_EXCEEDED, records);
        telemetry.destinationFailed(delivery, 1, "r");
        telemetry.ended(delivery);
        telemetry.polled(mapping, 1, 0);
        telemetry.filteredOut(mapping, new FilteredOut(1, 0, new FilteredOut.Last("t", 0, 1, "no match")));
        telemetry.committed(mapping, 1);
        telemetry.pollingFailed(mapping, "E", "m");
        telemetry.commitFailed(mapping, "E", "m");
        telemetry.assigned(mapping, new PollerAssignment(0, "k:1", "PLAINTEXT", null, 1, 1, List.of()));
        telemetry.positions(mapping, 0, List.of());
        telemetry.stopped(mapping, 0);

        assertThat(heard).containsExactlyInAnyOrderElementsOf(Arrays.asList(DeliveryObserver.class, PollerObserver.class).stream()
                .flatMap(port -> Arrays.stream(port.getMethods())).map(Method::getName).toList());
    }
}
