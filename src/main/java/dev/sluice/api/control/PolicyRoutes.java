package dev.sluice.api.control;

import static dev.sluice.api.control.ControlAnswers.answer;
import static dev.sluice.api.control.ControlAnswers.guarded;
import static dev.sluice.api.control.ControlAnswers.object;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.api.http.Routes;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.EventSourceMappings;
import dev.sluice.role.ExecutionRole;
import dev.sluice.role.NetworkNeeds;
import dev.sluice.role.Statement;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.List;
import java.util.Objects;

/** What a mapping needs on AWS that nobody needs here: its role's permissions and its network. Thread-safe. */
public final class PolicyRoutes implements Routes {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final EventSourceMappings mappings;

    public PolicyRoutes(EventSourceMappings mappings) {
        this.mappings = mappings;
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.get(CONTROL + "mappings/{uuid}/policy", guarded(this::policy));
    }

    private void policy(Context ctx) {
        EventSourceMapping mapping = MappingReference.find(ctx.pathParam("uuid"), mappings);
        ExecutionRole role = ExecutionRole.of(mapping);
        ObjectNode json = object().put("mapping", mapping.id().toString()).put("function", mapping.settings().functionArn().toString());
        ObjectNode policy = json.putObject("policy").put("Version", "2012-10-17");
        policy.putArray("Statement");
        ObjectNode reasons = json.putObject("reasons");
        for (Statement statement : role.statements()) {
            policy.withArray("Statement").add(JSON.valueToTree(statement.document()));
            reasons.put(statement.sid(), statement.why() + (statement.when() == null ? "" : " Needed when " + statement.when() + "."));
        }
        List<String> lacking = role.lackingInManagedPolicy();
        ObjectNode managed = json.putObject("managedPolicy").put("name", ExecutionRole.MANAGED_POLICY_NAME)
                .put("arn", "arn:aws:iam::aws:policy/service-role/" + ExecutionRole.MANAGED_POLICY_NAME)
                .put("suffices", lacking.isEmpty());
        lacking.forEach(managed.putArray("lacks")::add);
        role.lackingSometimes().forEach(managed.putArray("lacksSometimes")::add);
        role.statements().stream().map(Statement::when).filter(Objects::nonNull).findFirst()
                .ifPresent(when -> managed.put("sometimes", when));
        json.set("network", network(NetworkNeeds.of(mapping)));
        role.notes().forEach(json.putArray("notes")::add);
        answer(ctx, 200, json);
    }

    private static ObjectNode network(NetworkNeeds needs) {
        ObjectNode json = object().put("inVpc", needs.inVpc());
        json.putArray("securityGroupRules");
        for (NetworkNeeds.Rule rule : needs.rules()) {
            json.withArray("securityGroupRules").add(object().put("direction", rule.direction()).put("group", rule.group())
                    .put("protocol", "tcp").put("ports", rule.ports()).put("peer", rule.peer()));
        }
        needs.services().forEach(json.putArray("services")::add);
        needs.notes().forEach(json.putArray("notes")::add);
        return json;
    }
}
