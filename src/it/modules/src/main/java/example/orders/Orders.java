package example.orders;

import dev.sluice.testing.Event;
import dev.sluice.testing.EventHandler;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what it gets. */
public final class Orders implements EventHandler {

    private final List<String> values = new CopyOnWriteArrayList<>();

    @Override
    public void handle(Event event) {
        event.records().forEach(record -> values.add(record.text()));
    }

    List<String> values() {
        return values;
    }
}
