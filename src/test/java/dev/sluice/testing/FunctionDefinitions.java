package dev.sluice.testing;

import dev.sluice.function.FunctionCode;
import dev.sluice.function.FunctionDefinition;
import dev.sluice.function.FunctionDefinition.Origin;
import dev.sluice.function.FunctionSettings;
import dev.sluice.mapping.Scope;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * Function definitions for tests: {@code FunctionDefinitions.aFunction("f").url("http://localhost:1").build()}. What isn't said
 * is a valid default: a JAR from the control API, seen from all accounts, with Lambda's default settings. Not thread-safe.
 */
public final class FunctionDefinitions {

    private final String name;
    private Scope scope;
    private Origin origin = Origin.CONTROL_API;
    private FunctionCode code = new FunctionCode.LocalJar(Path.of("function.jar").toAbsolutePath());
    private String runtime = "java17";
    private String handler = "example.Handler::handleRequest";
    private String role;
    private String description = "";
    private Duration timeout = FunctionSettings.DEFAULT_TIMEOUT;
    private int memoryMb = FunctionSettings.DEFAULT_MEMORY_MB;
    private Map<String, String> environment = Map.of();
    private Instant lastModified = Mappings.CREATED;
    private String revisionId = "revision-1";

    private FunctionDefinitions(String name) {
        this.name = name;
    }

    public static FunctionDefinitions aFunction(String name) {
        return new FunctionDefinitions(name);
    }

    public FunctionDefinitions scope(Scope newScope) {
        scope = newScope;
        return this;
    }

    public FunctionDefinitions origin(Origin newOrigin) {
        origin = newOrigin;
        return this;
    }

    public FunctionDefinitions code(FunctionCode newCode) {
        code = newCode;
        return this;
    }

    /** An HTTP endpoint, which has neither runtime nor handler. */
    public FunctionDefinitions url(String url) {
        code = new FunctionCode.HttpEndpoint(URI.create(url), false);
        runtime = null;
        handler = null;
        return this;
    }

    public FunctionDefinitions runtime(String newRuntime) {
        runtime = newRuntime;
        return this;
    }

    public FunctionDefinitions handler(String newHandler) {
        handler = newHandler;
        return this;
    }

    public FunctionDefinitions role(String newRole) {
        role = newRole;
        return this;
    }

    public FunctionDefinitions description(String newDescription) {
        description = newDescription;
        return this;
    }

    public FunctionDefinitions timeout(Duration newTimeout) {
        timeout = newTimeout;
        return this;
    }

    public FunctionDefinitions memoryMb(int newMemoryMb) {
        memoryMb = newMemoryMb;
        return this;
    }

    public FunctionDefinitions environment(Map<String, String> newEnvironment) {
        environment = newEnvironment;
        return this;
    }

    public FunctionDefinitions lastModified(Instant newLastModified) {
        lastModified = newLastModified;
        return this;
    }

    public FunctionDefinitions revisionId(String newRevisionId) {
        revisionId = newRevisionId;
        return this;
    }

    public FunctionDefinition build() {
        return new FunctionDefinition(name, scope, origin, code,
                new FunctionSettings(runtime, handler, role, description, timeout, memoryMb, environment), lastModified,
                revisionId);
    }
}
