module example.orders {
    requires dev.sluice.junit;
    requires org.junit.jupiter.api;

    opens example.orders;
}
