package dev.sluice.function;

import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which settings does a function take that depend on one another, or on its code? In AWS's words. */
final class ConfigurationRules {

    // "Lambda SnapStart: supported runtimes" of the developer guide.
    private static final Pattern WITH_SNAP_START = Pattern.compile("java(11|17|2\\d)|python3\\.1[2-9]|dotnet(8|10)");

    private ConfigurationRules() {
    }

    /** @throws FunctionException.InvalidParameter when they don't fit */
    static void require(FunctionCode code, FunctionSettings settings) {
        if (code.imageUri().isPresent()
                && (settings.runtime() != null || settings.handler() != null || !settings.layers().isEmpty())) {
            throw new FunctionException.InvalidParameter(
                    "Please don't provide Handler or Runtime or Layer when the intended function PackageType is Image.");
        }
        requireRuntimeOf(code, settings.runtime());
        if (settings.runtime() != null && !WITH_SNAP_START.matcher(settings.runtime()).matches()
                && settings.snapStart() == SnapStart.PUBLISHED_VERSIONS) {
            throw new FunctionException.InvalidParameter(settings.runtime() + " is not supported for SnapStart enabled functions.");
        }
        if (settings.logging().hasLevelOfText()) {
            // Quoted in pull request 28045 of aws-cdk.
            throw new FunctionException.InvalidParameter("LogLevel is not supported when LogFormat is set to \"Text\"."
                    + " Remove LogLevel from your request or change the LogFormat to \"Json\" and try again.");
        }
    }

    /** Code in the working tree was declared as Java's or as another's; a request with settings doesn't change which it is. */
    private static void requireRuntimeOf(FunctionCode code, @Nullable String runtime) {
        Optional<RuntimeKind> kind = runtime == null ? Optional.empty() : RuntimeKind.of(runtime);
        boolean classes = code.isLocal() && code.mayBeJava();
        boolean other = !code.mayBeJava() && code.command().isEmpty();
        if (kind.isPresent() && (kind.get() == RuntimeKind.JAVA ? other : classes)) {
            throw new FunctionException.InvalidParameter("Runtime is " + runtime + ", and the function's code is registered as "
                    + (classes ? "Java code in " : "code of another language than Java in ") + code.place()
                    + "; say runtime: " + runtime + " with its directory in sluice.yaml, or where else it is registered.");
        }
    }
}
