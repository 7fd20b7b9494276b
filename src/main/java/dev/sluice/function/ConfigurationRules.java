package dev.sluice.function;

import java.util.regex.Pattern;

/** Which settings does a function take that depend on one another, or on its code? In AWS's words. */
final class ConfigurationRules {

    // "Lambda SnapStart: supported runtimes" of the developer guide.
    private static final Pattern WITH_SNAP_START = Pattern.compile("java(11|17|2\\d)|python3\\.1[2-9]|dotnet(8|10)");

    private ConfigurationRules() {
    }

    /** @throws FunctionException.InvalidParameter when they don't fit */
    static void require(FunctionCode code, FunctionSettings settings) {
        if (code instanceof FunctionCode.Image
                && (settings.runtime() != null || settings.handler() != null || settings.otherMembers().containsKey("Layers"))) {
            throw new FunctionException.InvalidParameter(
                    "Please don't provide Handler or Runtime or Layer when the intended function PackageType is Image.");
        }
        if (settings.runtime() != null && !WITH_SNAP_START.matcher(settings.runtime()).matches()
                && settings.otherMembers().getOrDefault("SnapStart", "").contains("\"PublishedVersions\"")) {
            throw new FunctionException.InvalidParameter(settings.runtime() + " is not supported for SnapStart enabled functions.");
        }
        if (LoggingConfigs.levelOfText(settings.otherMembers().get(LoggingConfigs.MEMBER))) {
            // Quoted in pull request 28045 of aws-cdk.
            throw new FunctionException.InvalidParameter("LogLevel is not supported when LogFormat is set to \"Text\"."
                    + " Remove LogLevel from your request or change the LogFormat to \"Json\" and try again.");
        }
    }
}
