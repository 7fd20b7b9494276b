package dev.sluice.cluster;

import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.MappingId;
import dev.sluice.mapping.SourceAccessConfiguration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has it been said which credentials a mapping uses, when not those its SourceAccessConfigurations name, and that a log-in would not work on
 * AWS? Says it once per mapping, and again only when they changed. Thread-safe.
 */
final class CredentialsNotice {
    private static final Logger LOG = LoggerFactory.getLogger(CredentialsNotice.class);

    private final ClusterDirectory clusters;
    private final Map<MappingId, String> said = new ConcurrentHashMap<>();
    private final Map<MappingId, List<String>> warned = new ConcurrentHashMap<>();

    CredentialsNotice(ClusterDirectory clusters) {
        this.clusters = Objects.requireNonNull(clusters, "clusters");
    }

    /** Call whenever a client for {@code mapping} is to be made. Returns whether it was logged this time. */
    boolean pollingStarts(EventSourceMapping mapping, CredentialUse use) {
        // VPC entries say where AWS places its pollers, which is nothing to be said here.
        String types = mapping.settings().sourceAccessConfigurations().stream().map(SourceAccessConfiguration::type)
                .filter(type -> !type.startsWith("VPC_")).sorted().collect(Collectors.joining(", "));
        if (types.isEmpty() || use == CredentialUse.SECRETS || (types + use).equals(said.put(mapping.id(), types + use))) {
            return false;
        }
        LOG.info("SourceAccessConfigurations of mapping {} ({}) are stored; the credentials used for {} are {}",
                mapping.id(), types, clusters.name(mapping.source().eventSource()), use.text());
        return true;
    }

    /**
     * Call with the brokers that a client for {@code mapping} is to be made for.
     *
     * @param unlikeAws what of them works here and not on AWS, a clause each
     * @return how much it warned of this time
     */
    int clientIsMade(EventSourceMapping mapping, List<String> unlikeAws) {
        if (unlikeAws.isEmpty()) {
            warned.remove(mapping.id());
            return 0;
        }
        List<String> before = warned.put(mapping.id(), unlikeAws);
        List<String> fresh = unlikeAws.stream().filter(clause -> before == null || !before.contains(clause)).toList();
        fresh.forEach(
                clause -> LOG.warn("Mapping {} works here and not on AWS: {}; more: sluice policy {}", mapping.id(), clause, mapping.id()));
        return fresh.size();
    }

    /** Call when a mapping is deleted. */
    void forget(MappingId mapping) {
        said.remove(mapping);
        warned.remove(mapping);
    }
}
