package dev.sluice.role;

import dev.sluice.mapping.EventSource;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.SourceAccessConfiguration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which network does a mapping need on AWS? Immutable.
 *
 * @param inVpc whether its pollers are placed in a VPC of the user's; otherwise they come to the brokers over the internet
 * @param rules of security groups, at least
 * @param services that have to be reached from the brokers' subnets: by a NAT gateway, or by an interface endpoint for each
 * @param notes sentences for the user
 */
public record NetworkNeeds(boolean inVpc, List<Rule> rules, List<String> services, List<String> notes) {

    /**
     * A rule of a security group.
     *
     * @param direction {@code inbound} or {@code outbound}
     * @param group which group has it, in words
     * @param ports TCP
     * @param peer the group, or what else, on the other side, in words
     */
    public record Rule(String direction, String group, String ports, String peer) {
    }

    private static final String BROKERS = "the brokers' security group";
    private static final String POLLERS = "the mapping's security group";

    public NetworkNeeds {
        rules = List.copyOf(rules);
        services = List.copyOf(services);
        notes = List.copyOf(notes);
    }

    public static NetworkNeeds of(EventSourceMapping mapping) {
        List<SourceAccessConfiguration> accesses = mapping.settings().sourceAccessConfigurations();
        EventSource source = mapping.source().eventSource();
        boolean inVpc = source.isMsk() || accesses.stream().anyMatch(access -> access.type().equals("VPC_SUBNET"));
        List<String> notes = new ArrayList<>();
        if (!inVpc) {
            notes.add("The brokers are reached over the internet: they need public addresses, TLS, and a certificate that Lambda trusts.");
            return new NetworkNeeds(false, List.of(), List.of(), notes);
        }
        String ports = source.match(msk -> mskPorts(accesses), kafka -> ports(kafka.bootstrapServers()));
        // On MSK the mapping has the security group of the cluster.
        String pollers = source.isMsk() ? BROKERS : POLLERS;
        List<Rule> rules = new ArrayList<>(List.of(new Rule("inbound", BROKERS, ports, pollers),
                new Rule("outbound", pollers, ports, BROKERS)));
        Set<String> services = new LinkedHashSet<>();
        if (mapping.settings().provisionedPollers() == null) {
            services.add("lambda");
            services.add("sts");
            if (accesses.stream().anyMatch(access -> access.uri() != null && access.uri().contains(":secretsmanager:"))) {
                services.add("secretsmanager");
            }
        } else {
            notes.add("In provisioned mode AWS's guide asks for no endpoints for Lambda, STS and Secrets Manager.");
        }
        destination(mapping, services);
        registry(mapping, services, notes);
        if (!services.isEmpty()) {
            rules.add(new Rule("outbound", pollers, "443", "the endpoints' security group, or 0.0.0.0/0 with a NAT gateway"));
            rules.add(new Rule("inbound", "the endpoints' security group", "443", pollers));
            notes.add(
                    "Either a NAT gateway in a public subnet of each zone, or an interface endpoint with private DNS for each service; for S3"
                            + " a gateway endpoint does.");
        }
        return new NetworkNeeds(true, rules, List.copyOf(services), notes);
    }

    private static void destination(EventSourceMapping mapping, Set<String> services) {
        String to = mapping.settings().failureHandling().onFailureDestination();
        for (String service : List.of("sqs", "sns", "s3")) {
            if (to != null && to.contains(":" + service + ":")) {
                services.add(service);
            }
        }
    }

    private static void registry(EventSourceMapping mapping, Set<String> services, List<String> notes) {
        if (mapping.settings().schemaRegistry() == null) {
            return;
        }
        if (mapping.settings().schemaRegistry().uri().contains(":glue:")) {
            services.add("glue");
        } else {
            notes.add("The schema registry " + mapping.settings().schemaRegistry().uri() + " has to be reached from the brokers' subnets.");
        }
    }

    /** "Port information" in the Amazon MSK developer guide. */
    private static String mskPorts(List<SourceAccessConfiguration> accesses) {
        if (accesses.stream().anyMatch(access -> access.type().equals("CLIENT_CERTIFICATE_TLS_AUTH"))) {
            return "9094";
        }
        if (accesses.stream().anyMatch(access -> access.type().equals("SASL_SCRAM_512_AUTH"))) {
            return "9096";
        }
        return "9098 (IAM), 9094 or 9092 (unauthenticated)";
    }

    private static String ports(List<String> servers) {
        Set<String> ports = new TreeSet<>();
        servers.forEach(server -> ports.add(server.substring(server.lastIndexOf(':') + 1)));
        return String.join(", ", ports);
    }
}
