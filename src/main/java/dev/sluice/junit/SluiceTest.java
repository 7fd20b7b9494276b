package dev.sluice.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Gives each test of a class a {@link dev.sluice.testing.SluiceAccount} as a parameter, on the server that all tests of the run share.
 *
 * <pre>{@code
 * @SluiceTest
 * class OrdersTest {
 *     @Test
 *     void anOrderReachesTheHandler(SluiceAccount sluice) {
 *         sluice.function("orders", new OrdersHandler());
 *         sluice.mapping("orders").onTopic("orders").create();
 *         sluice.produce("orders", "{\"item\":\"book\"}");
 *         sluice.awaitDelivered("orders", 1);
 *     }
 * }
 * }</pre>
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(SluiceExtension.class)
// JUnit before 5.12 wants a value and knows no providers.
@ResourceLock(value = "dev.sluice", mode = ResourceAccessMode.READ, providers = TopicLocks.class)
public @interface SluiceTest {

    /**
     * Topics whose names are the application's own. Classes that name the same one don't run at once (JUnit 5.12 or newer), and each test
     * leaves them empty: what it or the application wrote is deleted, the topics stay.
     */
    String[] topics() default {};
}
