package dev.sluice.cli;

import dev.sluice.cli.screen.Screen;
import dev.sluice.cli.screen.Terminal;
import dev.sluice.json.Json;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what a mapping's role and network need on AWS. */
@Command(name = "policy", mixinStandardHelpOptions = true,
        description = "Shows which permissions the execution role of a mapping's function needs on AWS, and which network.",
        footer = {"", "For the role: sluice policy UUID --document > policy.json",
                "aws iam put-role-policy --role-name ROLE --policy-name kafka --policy-document file://policy.json"})
final class PolicyCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Mixin
    private EndpointOption endpoint;

    @Mixin
    private OutputOption output;

    @Parameters(index = "0", paramLabel = "UUID", description = "the mapping, or the beginning of its UUID, its function or its topic")
    private String mapping;

    @Option(names = "--json", description = "the same as --output json")
    private boolean json;

    @Option(names = "--document", description = "print the policy alone, for aws iam put-role-policy")
    private boolean document;

    PolicyCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        boolean everything = json || output.json();
        if (everything && document) {
            throw CommandFailedException.wrongUsage("--output json and --document exclude each other");
        }
        Json answer = endpoint.client(terminal).get("/_sluice/mappings/" + ControlClient.segment(mapping) + "/policy");
        if (everything || document) {
            terminal.out().println(Json.pretty(document ? answer.member("policy") : answer));
            return 0;
        }
        terminal.out().println("Mapping   " + answer.text("mapping").orElse("-"));
        terminal.out().println("Function  " + answer.text("function").orElse("-"));
        permissions(answer);
        managed(answer.member("managedPolicy"));
        network(answer.member("network"));
        answer.list("notes").forEach(note -> wrapped("", String.valueOf(note.value())));
        return 0;
    }

    private void permissions(Json answer) {
        Json reasons = answer.member("reasons");
        terminal.out().println();
        terminal.out().println("The role of the function needs:");
        for (Json statement : answer.member("policy").list("Statement")) {
            terminal.out().println();
            texts(statement.list("Action")).forEach(action -> terminal.out().println("  " + action));
            texts(statement.list("Resource")).forEach(resource -> terminal.out().println("    on " + resource));
            wrapped("    ", reasons.text(statement.text("Sid").orElse("")).orElse("-"));
        }
    }

    private void managed(Json managed) {
        List<String> lacks = texts(managed.list("lacks"));
        String name = managed.text("name").orElse("-");
        terminal.out().println();
        wrapped("", lacks.isEmpty() ? name + " suffices." : name + " does not suffice; it lacks " + String.join(", ", lacks) + ".");
        managed.text("sometimes").ifPresent(when -> wrapped("",
                "It lacks " + String.join(", ", texts(managed.list("lacksSometimes"))) + " when " + when + "."));
    }

    private void network(Json network) {
        terminal.out().println();
        terminal.out().println("The network needs:");
        for (Json rule : network.list("securityGroupRules")) {
            wrapped("  ",
                    rule.text("direction").orElse("-") + " TCP " + rule.text("ports").orElse("-") + " at " + rule.text("group").orElse("-")
                            + (rule.text("direction").orElse("").equals("inbound") ? " from " : " to ") + rule.text("peer").orElse("-"));
        }
        List<String> services = texts(network.list("services"));
        if (!services.isEmpty()) {
            wrapped("  ", "a way to " + String.join(", ", services));
        }
        network.list("notes").forEach(note -> wrapped("  ", String.valueOf(note.value())));
    }

    private static List<String> texts(List<Json> values) {
        return values.stream().map(value -> String.valueOf(value.value())).collect(Collectors.toList());
    }

    /** In lines of at most 80 columns, also in a file, as far as words let it. */
    private void wrapped(String indent, String text) {
        int columns = terminal.screen().holds(80) ? 80 : terminal.screen().columns();
        new Screen(columns, false).wrapped(text, indent.length()).forEach(line -> terminal.out().println(indent + line));
    }
}
