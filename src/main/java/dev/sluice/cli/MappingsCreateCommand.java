package dev.sluice.cli;

import dev.sluice.cli.screen.Terminal;
import dev.sluice.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Makes an event source mapping, as {@code aws lambda create-event-source-mapping} does, and without the AWS CLI. */
@Command(name = "create", mixinStandardHelpOptions = true,
        description = "Makes an event source mapping, as 'aws lambda create-event-source-mapping' does; AWS's own checks and defaults apply.",
        footer = {"", "Examples:", "  sluice mappings create --function orders --topic orders",
                "  sluice mappings create --request mapping.json   (all members that AWS has)"})
final class MappingsCreateCommand implements Callable<Integer> {

    /** No cluster on AWS is called so; here any ARN means the default cluster where clusters has no entry for it. */
    private static final String LOCAL_CLUSTER = "cluster/local/00000000-0000-0000-0000-000000000000-1";

    enum Position { TRIM_HORIZON, LATEST, AT_TIMESTAMP }

    private final Terminal terminal;

    @Spec
    private CommandSpec spec;

    @Mixin
    private EndpointOption endpoint;

    @Mixin
    private OutputOption output;

    @Option(names = "--function", paramLabel = "NAME", description = "which function gets the batches: a name or an ARN")
    private String function;

    @Option(names = {"-t", "--topic"}, paramLabel = "TOPIC", description = "which topic is read")
    private String topic;

    @Option(names = "--event-source-arn", paramLabel = "ARN",
            description = "the MSK cluster (default: one that stands for the default cluster)")
    private String arn;

    @Option(names = "--bootstrap-servers", paramLabel = "HOST:PORT", split = ",",
            description = "the brokers of a self-managed cluster, instead of an ARN")
    private List<String> bootstrapServers = new ArrayList<>();

    @Option(names = "--starting-position", paramLabel = "POSITION", defaultValue = "TRIM_HORIZON",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
    private Position position;

    @Option(names = "--timestamp", paramLabel = "SECONDS", description = "since 1970, for AT_TIMESTAMP")
    private Long timestamp;

    @Option(names = "--batch-size", paramLabel = "N", description = "records in one batch at most (default: 100)")
    private Integer batchSize;

    @Option(names = "--window", paramLabel = "SECONDS", description = "how long a batch is collected (default: 500 ms)")
    private Integer window;

    @Option(names = "--filter", paramLabel = "PATTERN", description = "a filter pattern; may be given several times")
    private List<String> filters = new ArrayList<>();

    @Option(names = "--group", paramLabel = "ID", description = "the consumer group (default: the mapping's UUID)")
    private String group;

    @Option(names = "--disabled", description = "let it poll only when it is enabled")
    private boolean disabled;

    @Option(names = "--request", paramLabel = "FILE", description = "take the whole request from a file, as --cli-input-json does")
    private Path request;

    @Option(names = "--region", description = "where it is made (default: $SLUICE_REGION, else the server's)")
    private String region;

    @Option(names = "--account-id", paramLabel = "ID", description = "in which account (default: $SLUICE_ACCOUNT_ID, else the server's)")
    private String accountId;

    MappingsCreateCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        ControlClient client = endpoint.client(terminal);
        Json created = client.send("POST", "/_sluice/mappings" + scope(), body(client));
        if (output.json()) {
            terminal.out().println(Json.pretty(created));
            return 0;
        }
        String uuid = created.text("UUID").orElse("-");
        terminal.out().println("Mapping " + uuid + " is " + created.text("State").orElse("-") + ".");
        terminal.out().println("What it does: sluice mappings " + uuid);
        return 0;
    }

    private String scope() {
        Map<String, String> query = new LinkedHashMap<>();
        String account = accountId == null ? terminal.variable("SLUICE_ACCOUNT_ID", null) : accountId;
        String home = region == null ? terminal.variable("SLUICE_REGION", null) : region;
        if (account != null) {
            query.put("accountId", account);
        }
        if (home != null) {
            query.put("region", home);
        }
        return query.isEmpty() ? "" : query.entrySet().stream().map(each -> each.getKey() + "=" + ControlClient.segment(each.getValue()))
                .collect(Collectors.joining("&", "?", ""));
    }

    private String body(ControlClient client) throws IOException {
        if (request != null) {
            if (function != null || topic != null) {
                throw new ParameterException(spec.commandLine(), "--request excludes --function and --topic: the file says them");
            }
            Path file = terminal.workingDirectory().resolve(request);
            if (!Files.isReadable(file) || Files.isDirectory(file)) {
                throw CommandFailedException.wrongUsage("--request is '" + request + "'; there is no such file to read");
            }
            return Files.readString(file);
        }
        if (function == null || topic == null) {
            throw new ParameterException(spec.commandLine(), "--function and --topic are needed, or --request");
        }
        if (arn != null && !bootstrapServers.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--event-source-arn and --bootstrap-servers exclude each other");
        }
        return Json.print(new Json(members(client)));
    }

    private Map<String, Object> members(ControlClient client) {
        Map<String, Object> members = new LinkedHashMap<>();
        boolean selfManaged = !bootstrapServers.isEmpty();
        if (selfManaged) {
            members.put("SelfManagedEventSource", Map.of("Endpoints", Map.of("KAFKA_BOOTSTRAP_SERVERS", bootstrapServers)));
            // Which AWS asks for of every self-managed source; of a subnet nothing is used here.
            members.put("SourceAccessConfigurations", List.of(Map.of("Type", "VPC_SUBNET", "URI", "subnet:subnet-00000000"),
                    Map.of("Type", "VPC_SECURITY_GROUP", "URI", "security_group:sg-00000000")));
        } else {
            members.put("EventSourceArn", arn == null ? localArn(client) : arn);
        }
        members.put("FunctionName", function);
        members.put("Topics", List.of(topic));
        members.put("StartingPosition", position.name());
        put(members, "StartingPositionTimestamp", timestamp);
        put(members, "BatchSize", batchSize);
        put(members, "MaximumBatchingWindowInSeconds", window);
        if (!filters.isEmpty()) {
            members.put("FilterCriteria", Map.of("Filters", filters.stream().map(pattern -> Map.of("Pattern", pattern)).toList()));
        }
        if (group != null) {
            members.put(selfManaged ? "SelfManagedKafkaEventSourceConfig" : "AmazonManagedKafkaEventSourceConfig",
                    Map.of("ConsumerGroupId", group));
        }
        if (disabled) {
            members.put("Enabled", false);
        }
        return members;
    }

    /** In the account and the region of the mapping, as AWS wants it. */
    private String localArn(ControlClient client) {
        String account = accountId == null ? terminal.variable("SLUICE_ACCOUNT_ID", null) : accountId;
        String home = region == null ? terminal.variable("SLUICE_REGION", null) : region;
        Json server = account == null || home == null ? client.ask("/_sluice/health").body() : Json.parse("{}");
        return "arn:aws:kafka:" + (home == null ? server.text("region").orElse("us-east-1") : home) + ":"
                + (account == null ? server.text("accountId").orElse("000000000000") : account) + ":" + LOCAL_CLUSTER;
    }

    private static void put(Map<String, Object> members, String name, Object value) {
        if (value != null) {
            members.put(name, value);
        }
    }
}
