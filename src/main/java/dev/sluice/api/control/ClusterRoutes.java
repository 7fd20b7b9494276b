package dev.sluice.api.control;

import static dev.sluice.api.control.ControlAnswers.answer;
import static dev.sluice.api.control.ControlAnswers.guarded;
import static dev.sluice.api.control.ControlAnswers.object;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.api.http.Routes;
import dev.sluice.cluster.BrokerAccess;
import dev.sluice.cluster.Brokers;
import dev.sluice.cluster.ClusterDirectory;
import dev.sluice.cluster.CredentialUse;
import dev.sluice.cluster.Listeners;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.EventSourceMappings;
import dev.sluice.mapping.SourceAccessConfiguration;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which clusters the server knows, what their ports were found to speak, and which mappings read from them. Thread-safe. */
public final class ClusterRoutes implements Routes {

    private final BrokerAccess access;
    private final ClusterDirectory clusters;
    private final EventSourceMappings mappings;
    private final List<Listener> listeners;

    /**
     * A way into the server's own broker.
     *
     * @param mechanisms by which clients can log in
     * @param clientProperties the path of a file with what its clients need; null for none
     */
    public record Listener(String securityProtocol, String bootstrapServers, List<String> mechanisms, String clientProperties) {
        public Listener {
            mechanisms = List.copyOf(mechanisms);
        }
    }

    /** @param listeners of the server's own broker; empty when it has none */
    public ClusterRoutes(BrokerAccess access, EventSourceMappings mappings, List<Listener> listeners) {
        this.listeners = List.copyOf(listeners);
        this.access = access;
        this.clusters = access.clusters();
        this.mappings = mappings;
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.get(CONTROL + "clusters", guarded(this::list));
    }

    private void list(Context ctx) {
        Map<ClusterDirectory.Cluster, List<EventSourceMapping>> readers = new LinkedHashMap<>();
        clusters.all().forEach(cluster -> readers.put(cluster, new ArrayList<>()));
        ObjectNode json = object();
        json.putArray("clusters");
        List<EventSourceMapping> all = mappings.all();
        for (EventSourceMapping mapping : all) {
            clusters.cluster(mapping.source().eventSource())
                    .ifPresent(cluster -> readers.computeIfAbsent(cluster, its -> new ArrayList<>()).add(mapping));
        }
        readers.forEach((cluster, its) -> json.withArray("clusters").add(shown(cluster, its)));
        json.putArray("listeners");
        for (Listener listener : listeners) {
            ObjectNode shown =
                    object().put("securityProtocol", listener.securityProtocol()).put("bootstrapServers", listener.bootstrapServers());
            listener.mechanisms().forEach(shown.putArray("mechanisms")::add);
            json.withArray("listeners").add(shown.put("clientProperties", listener.clientProperties()));
        }
        json.putArray("refused");
        for (EventSourceMapping mapping : all) {
            clusters.brokers(mapping.source().eventSource()).obstacle()
                    .ifPresent(reason -> json.withArray("refused")
                            .add(object().put("mapping", mapping.id().toString()).put("reason", reason)));
        }
        answer(ctx, 200, json);
    }

    private boolean usesSecrets(EventSourceMapping mapping) {
        return access.use(mapping).filter(use -> use == CredentialUse.SECRETS).isPresent();
    }

    /** With the names of its properties only: their values may be secrets. */
    private ObjectNode shown(ClusterDirectory.Cluster cluster, List<EventSourceMapping> its) {
        Brokers brokers = cluster.brokers();
        ObjectNode json = object().put("name", cluster.name());
        cluster.match().forEach(json.putArray("match")::add);
        json.put("bootstrapServers", brokers.bootstrapServers()).put("advertise", brokers.advertised())
                .put("securityProtocol",
                        Listeners.saysProtocol(brokers) || its.stream().noneMatch(this::usesSecrets) ? Listeners.protocol(brokers) : null);
        brokers.clientProperties().keySet().stream().sorted().forEach(json.putArray("properties")::add);
        json.putArray("addresses");
        clusters.listeners().heard(brokers).forEach((address, heard) -> json.withArray("addresses")
                .add(object().put("address", address).put("speaks", heard)));
        its.forEach(mapping -> json.withArray("mappings").add(mapping.id().toString()));
        json.withArray("mappings");
        json.putArray("credentials");
        for (EventSourceMapping mapping : its) {
            CredentialUse use = access.use(mapping).orElse(CredentialUse.NONE);
            ObjectNode shown = object().put("mapping", mapping.id().toString()).put("use", use.name());
            mapping.settings().sourceAccessConfigurations().stream().map(SourceAccessConfiguration::type)
                    .filter(type -> !type.startsWith("VPC_")).forEach(shown.putArray("types")::add);
            json.withArray("credentials").add(shown.put("text", use.text()));
        }
        return json;
    }
}
