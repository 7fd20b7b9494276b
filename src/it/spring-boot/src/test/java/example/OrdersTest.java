package example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.junit.SluiceTest;
import dev.sluice.testing.SluiceAccount;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.JdbcTemplate;

@SpringBootTest
@SluiceTest
class OrdersTest {
    @Test
    void anOrderIsStored(SluiceAccount sluice, @Autowired OrdersHandler handler) {
        sluice.function("orders", handler);
        sluice.mapping("orders").onTopic("orders").create();
        sluice.produce("orders", "{\"item\":\"book\"}");
        sluice.awaitDelivered("orders", 1);
        assertThat(database.queryForList("select item from orders", String.class)).contains("book");
    }

    @Autowired
    private JdbcTemplate database;
}
