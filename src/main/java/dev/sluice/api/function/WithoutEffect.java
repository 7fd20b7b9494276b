package dev.sluice.api.function;

import dev.sluice.api.http.ErrorAnswers;
import dev.sluice.api.http.Members;
import dev.sluice.function.FunctionDefinition;
import dev.sluice.function.FunctionVersion;
import dev.sluice.function.SnapStart;
import dev.sluice.resource.Scope;
import io.javalin.http.Context;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which members that were set for a function change on AWS how it runs, and here do not? Told to the caller in a header each time,
 * and in the log when there are others than before. Thread-safe.
 */
final class WithoutEffect {

    private static final Logger LOG = LoggerFactory.getLogger(WithoutEffect.class);

    private static final List<String> MEMBERS = List.of("Layers", "FileSystemConfigs", "DeadLetterConfig", "SnapStart",
            "CapacityProviderConfig", "DurableConfig", "TenancyConfig");

    private final Map<String, List<String>> told = new ConcurrentHashMap<>();

    void tell(FunctionDefinition function, Scope caller, Context ctx) {
        List<String> members = in(function.latest());
        String arn = function.arn(caller).toString();
        List<String> before = members.isEmpty() ? told.remove(arn) : told.put(arn, members);
        if (members.isEmpty()) {
            return;
        }
        ctx.header(ErrorAnswers.HINT, "Kept and returned, but without effect in Sluice: " + String.join(", ", members));
        if (!members.equals(before)) {
            LOG.warn("members of a function are kept and returned, but have no effect here: function={} members={}", arn, members);
        }
    }

    static List<String> in(FunctionVersion version) {
        FunctionExtras extras = new FunctionExtras(version);
        return MEMBERS.stream()
                .filter(member -> switch (member) {
                    case "SnapStart" -> version.settings().snapStart() == SnapStart.PUBLISHED_VERSIONS;
                    // Whoever starts it lays its layers out.
                    case "Layers" -> !version.settings().layers().isEmpty() && version.code().isStartedElsewhere();
                    default -> Members.saysSomething(extras.said(member));
                }).toList();
    }
}
