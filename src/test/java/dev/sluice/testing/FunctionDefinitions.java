package dev.sluice.testing;

import dev.sluice.function.FunctionAlias;
import dev.sluice.function.FunctionCode;
import dev.sluice.function.FunctionDefinition;
import dev.sluice.function.FunctionDefinition.Origin;
import dev.sluice.function.FunctionMove;
import dev.sluice.function.FunctionSettings;
import dev.sluice.function.FunctionVersion;
import dev.sluice.function.LocalOptions;
import dev.sluice.function.LoggingConfig;
import dev.sluice.function.Publications;
import dev.sluice.function.SettingsChange;
import dev.sluice.function.SnapStart;
import dev.sluice.resource.Scope;
import dev.sluice.resource.Tags;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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
    private List<String> layers = List.of();
    private LoggingConfig logging = LoggingConfig.DEFAULT;
    private SnapStart snapStart = SnapStart.NONE;
    private Map<String, String> otherMembers = Map.of();
    private LocalOptions local = LocalOptions.DEFAULT;
    private int lastNumber;
    private final List<FunctionVersion> versions = new ArrayList<>();
    private final List<FunctionAlias> aliases = new ArrayList<>();
    private Tags tags = Tags.NONE;
    private Integer reservedConcurrency;
    private FunctionMove move;

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

    public FunctionDefinitions local(LocalOptions newLocal) {
        local = newLocal;
        return this;
    }

    public FunctionDefinitions revisionId(String newRevisionId) {
        revisionId = newRevisionId;
        return this;
    }

    /** What was said of members without effect, by name, as JSON. */
    public FunctionDefinitions otherMembers(Map<String, String> newOtherMembers) {
        otherMembers = newOtherMembers;
        return this;
    }

    public FunctionDefinitions layers(String... arns) {
        layers = List.of(arns);
        return this;
    }

    public FunctionDefinitions logging(LoggingConfig newLogging) {
        logging = newLogging;
        return this;
    }

    public FunctionDefinitions snapStart(SnapStart newSnapStart) {
        snapStart = newSnapStart;
        return this;
    }

    /** What a request says of layers, logging, SnapStart and the members without effect. */
    public FunctionDefinitions said(SettingsChange change) {
        layers = change.layers() == null ? layers : change.layers();
        logging = change.logging() == null ? logging : change.logging();
        snapStart = change.snapStart() == null ? snapStart : change.snapStart();
        return otherMembers(change.otherMembers());
    }

    /** Publishes a version as what was said so far. */
    public FunctionDefinitions published(int number) {
        versions.add(version(String.valueOf(number)));
        lastNumber = number;
        return this;
    }

    public FunctionDefinitions alias(String alias, String version, Map<String, Double> weights) {
        aliases.add(new FunctionAlias(alias, version, "of " + version, weights, "revision of " + alias));
        return this;
    }

    public FunctionDefinitions tags(Map<String, String> newTags) {
        tags = new Tags(newTags);
        return this;
    }

    public FunctionDefinitions reservedConcurrency(int newReservedConcurrency) {
        reservedConcurrency = newReservedConcurrency;
        return this;
    }

    public FunctionDefinitions move(FunctionMove newMove) {
        move = newMove;
        return this;
    }

    public FunctionDefinition build() {
        return new FunctionDefinition(name, scope, origin, version(FunctionVersion.LATEST),
                new Publications(lastNumber, versions, aliases), tags, reservedConcurrency, move);
    }

    private FunctionVersion version(String version) {
        return new FunctionVersion(name, version, code,
                new FunctionSettings(runtime, handler, role, description, timeout, memoryMb, environment, layers, logging, snapStart,
                        otherMembers, local),
                lastModified, revisionId);
    }
}
