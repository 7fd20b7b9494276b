package dev.sluice.api.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.api.http.Json;
import dev.sluice.function.FunctionCode;
import dev.sluice.function.FunctionDefinition;
import dev.sluice.function.FunctionSettings;
import dev.sluice.function.Isolation;
import dev.sluice.function.LocalOptions;
import dev.sluice.function.RegistrationRules;
import dev.sluice.function.RuntimeName;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The JSON form of a function in the control API: what a PUT says, and what is shown. Immutable. */
record FunctionForm(FunctionCode code, FunctionSettings settings) {

    /** Reads the body of a PUT. */
    static FunctionForm parse(byte[] json) {
        ControlBody body = ControlBody.parse(json);
        Optional<RuntimeName> runtime = body.text("runtime").map(text -> RuntimeName.parse(text)
                .orElseThrow(() -> body.refused("runtime", "\"" + text + "\"", RuntimeName.ALLOWED)));
        requireOneCode(body);
        FunctionCode code = code(body, runtime);
        Optional<String> handler = body.text("handler");
        if (handler.filter(String::isBlank).isPresent()) {
            throw body.refused("handler", "\"" + handler.get() + "\"", "a text that is not empty");
        }
        LocalOptions local = local(body);
        RegistrationRules.problems(body::has, runtime).forEach((member, problem) -> {
            throw body.refused(member + " " + problem);
        });
        int timeout = body.wholeNumber("timeoutSeconds", 1, 900).orElse((int) FunctionSettings.DEFAULT_TIMEOUT.toSeconds());
        int memoryMb = body.wholeNumber("memoryMb", 128, 10_240).orElse(FunctionSettings.DEFAULT_MEMORY_MB);
        Map<String, String> environment = body.texts("environment");
        RegistrationRules.environmentProblem(environment).ifPresent(problem -> {
            throw body.refused("environment " + problem);
        });
        body.rejectOtherMembers();
        return new FunctionForm(code, new FunctionSettings(runtime.map(RuntimeName::text).orElse(null), handler.orElse(null), null, "",
                Duration.ofSeconds(timeout), memoryMb, environment).with(local));
    }

    /** Before the members are looked at: what one of two lacks is no news to him who must take away one of them. */
    private static void requireOneCode(ControlBody body) {
        if (RegistrationRules.CODE.stream().filter(member -> given(body, member)).count() != 1) {
            throw body.refused("Exactly one of " + String.join(", ", RegistrationRules.CODE) + " is needed");
        }
    }

    private static boolean given(ControlBody body, String member) {
        return member.equals("attach") ? body.flag(member).orElse(false) : body.has(member);
    }

    private static FunctionCode code(ControlBody body, Optional<RuntimeName> runtime) {
        return Stream.of(LocalCodeForm.jar(body), LocalCodeForm.classPath(body), LocalCodeForm.directory(body, runtime),
                LocalCodeForm.command(body), LocalCodeForm.attached(body),
                body.text("url").map(text -> endpoint(body, "url", text, false)),
                body.text("invokeUrl").map(text -> endpoint(body, "invokeUrl", text, true)))
                .flatMap(Optional::stream).findFirst().orElseThrow();
    }

    private static LocalOptions local(ControlBody body) {
        boolean debug = body.flag("debug").orElse(false);
        Isolation isolation = body.text("isolation").map(text -> Isolation.parse(text)
                .orElseThrow(() -> body.refused("isolation", "\"" + text + "\"", Isolation.ALLOWED))).orElse(null);
        Integer debugPort = body.wholeNumber("debugPort", 1, 65_535).orElse(null);
        if (isolation == Isolation.JVM && debugPort != null) {
            throw body.refused("debugPort goes with isolation: process, and isolation is jvm; a debugger of the server's own JVM needs"
                    + " no debugPort");
        }
        return new LocalOptions(isolation, debug, debugPort);
    }

    /** Refuses a port at which the process of another function waits. */
    void requireDebugPortOfItsOwn(String name, List<FunctionDefinition> all) {
        Integer port = settings.local().debugPort();
        all.stream().filter(other -> port != null && port.equals(other.latest().settings().local().debugPort()))
                .filter(other -> !(other.name().equals(name) && other.scope() == null)).findFirst().ifPresent(other -> {
                    throw ControlException.badRequest("debugPort is " + port + ", as that of function " + other.name()
                            + "; allowed is a port that no other function has");
                });
    }

    /** What is shown of a function: everything but the values of its environment, which may be secrets. */
    static ObjectNode toJson(FunctionDefinition function) {
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("name", function.name());
        json.put("origin", function.origin().name());
        if (function.scope() != null) {
            json.put("accountId", function.scope().accountId());
            json.put("region", function.scope().region());
        }
        function.latest().code().match(new CodeForm(json));
        FunctionSettings settings = function.latest().settings();
        if (settings.runtime() != null) {
            json.put("runtime", settings.runtime());
        }
        json.put("runsHere", function.latest().runsHere());
        if (settings.handler() != null) {
            json.put("handler", settings.handler());
        }
        json.put("timeoutSeconds", settings.timeout().toSeconds());
        put(json, settings.local());
        json.put("memoryMb", settings.memoryMb());
        new TreeSet<>(settings.environment().keySet()).forEach(json.putArray("environmentNames")::add);
        function.publications().versions().forEach(version -> json.withArray("versions").add(version.version()));
        function.publications().aliases().forEach(alias -> json.withObject("/aliases").put(alias.name(), alias.version()));
        if (function.reservedConcurrency() != null) {
            json.put("reservedConcurrency", function.reservedConcurrency());
        }
        json.put("lastModified", function.latest().lastModified().toString());
        return json;
    }

    /** Only what was said. */
    private static void put(ObjectNode json, LocalOptions local) {
        if (local.debug()) {
            json.put("debug", true);
        }
        if (local.isolation() != null) {
            json.put("isolation", local.isolation().word());
        }
        if (local.debugPort() != null) {
            json.put("debugPort", local.debugPort());
        }
    }

    private static FunctionCode endpoint(ControlBody body, String member, String text, boolean runtimeEmulator) {
        try {
            URI url = new URI(text);
            if (url.getRawUserInfo() != null) {
                // Without the value: it may hold a password.
                throw body.refused(member + " names a user; allowed is a URL without one, as the HTTP client sends none");
            }
            if (("http".equals(url.getScheme()) || "https".equals(url.getScheme())) && url.getHost() != null) {
                return new FunctionCode.HttpEndpoint(url, runtimeEmulator);
            }
        } catch (URISyntaxException notAUrl) {
            // said below, in the words of every other bad value
        }
        throw body.refused(member, "\"" + text + "\"", "a URL that starts with http:// or https://");
    }
}
