package dev.sluice.chaos;

import dev.sluice.embedded.EmbeddedKafka;
import dev.sluice.embedded.EmbeddedKafkaConfiguration;
import dev.sluice.embedded.HostAndPort;
import java.nio.file.Path;
import java.util.List;

/** The broker's process: two listeners, one that is known by the proxy's address, and one for the harness itself. */
final class BrokerProgram {

    static final String READY = "broker ready";

    private BrokerProgram() {
    }

    /** @param args data directory, port behind the proxy, the proxy's port, the harness's port */
    public static void main(String[] args) throws Exception {
        int[] ports = {Integer.parseInt(args[1]), Integer.parseInt(args[2]), Integer.parseInt(args[3])};
        EmbeddedKafka broker = EmbeddedKafka.open(new EmbeddedKafkaConfiguration(Path.of(args[0]), "127.0.0.1", ports[0],
                List.of(new HostAndPort("127.0.0.1", ports[1]), new HostAndPort("127.0.0.1", ports[2]))));
        broker.start().get();
        System.out.println(READY);
        // Ends with the harness, whose end of the pipe is gone then.
        while (System.in.read() >= 0) {
            continue;
        }
        System.exit(0);
    }
}
