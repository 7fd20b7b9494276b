package dev.sluice.testing;

import java.util.Map;
import java.util.TreeMap;

/** The {@code clusters} of a sluice.yaml, written entry by entry. Confined to one thread. */
public final class ClustersFile {

    private final StringBuilder yaml = new StringBuilder("clusters:\n");

    /** @param arn null for a cluster that is not Amazon's */
    public ClustersFile with(String arn, String bootstrapServers, Map<String, String> properties) {
        yaml.append("  - bootstrapServers: ").append(bootstrapServers).append('\n');
        if (arn != null) {
            yaml.append("    arn: ").append(arn).append('\n');
        }
        yaml.append("    properties:\n      client.dns.lookup: use_all_dns_ips\n");
        new TreeMap<>(properties).forEach((key, value) -> yaml.append("      ").append(key).append(": '").append(value).append("'\n"));
        return this;
    }

    public String text() {
        return yaml.toString();
    }
}
