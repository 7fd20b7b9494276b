package dev.sluice.api.function;

import dev.sluice.api.http.ApiException;
import dev.sluice.function.RuntimeName;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which values of {@code Runtime} can be created. */
final class Runtimes {

    // In the order of a refusal recorded in January 2026, which names some that are refused all the same; behind them those that the model
    // has got since (AWS SDK for JavaScript 3.1164, November 2026), whose places are not known.
    private static final List<String> NAMED = List.of("nodejs20.x", "python3.14", "provided.al2023", "python3.12", "python3.13",
            "nodejs24.x", "nodejs22.x", "java25", "python3.10", "python3.11", "java21", "ruby3.3", "ruby3.4", "ruby3.2", "python3.8",
            "python3.9", "java17", "nodejs16.x", "dotnet10", "dotnet8", "java11", "dotnet6", "nodejs18.x", "provided.al2", "java8.al2",
            "nodejs26.x", "python3.15", "ruby4.0", "java8.al2023", "java11.al2023", "java17.al2023");

    private static final Set<String> DEPRECATED = Set.of("nodejs", "nodejs4.3", "nodejs4.3-edge", "nodejs6.10", "nodejs8.10",
            "nodejs10.x", "nodejs12.x", "nodejs14.x", "nodejs16.x", "nodejs18.x", "java8", "python2.7", "python3.6", "python3.7",
            "python3.8", "dotnetcore1.0", "dotnetcore2.0", "dotnetcore2.1", "dotnetcore3.1", "dotnet6", "go1.x", "ruby2.5", "ruby2.7",
            "provided");

    private Runtimes() {
    }

    /** Refuses a runtime that AWS doesn't know or no longer takes, in its words. Whether it can be run here shows at the first call. */
    static void require(String runtime) {
        if (NAMED.contains(runtime) && !DEPRECATED.contains(runtime)) {
            return;
        }
        if (DEPRECATED.contains(runtime)) {
            throw ApiException.invalidParameter("The runtime parameter of " + runtime + " is no longer supported for creating or "
                    + "updating AWS Lambda functions. We recommend you use a supported runtime while creating or updating functions.",
                    wayOut(runtime));
        }
        throw ApiException.invalidParameter("Value " + runtime + " at 'runtime' failed to satisfy constraint: Member must satisfy "
                + "enum value set: [" + String.join(", ", NAMED) + "] or be a valid ARN",
                RuntimeName.parse(runtime).isPresent() ? wayOut(runtime) : null);
    }

    /** How code of the runtime is run here all the same, where AWS's list doesn't count. */
    private static String wayOut(String runtime) {
        Optional<RuntimeName> here = RuntimeName.parse(runtime);
        if (here.isPresent() && here.get().isJava()) {
            return "To run such code here all the same: sluice functions add NAME --jar FILE --handler HANDLER";
        }
        if (here.isPresent()) {
            return "To run such code here all the same: sluice functions add NAME --directory DIR --runtime " + runtime
                    + " --handler HANDLER";
        }
        return "To call such code here all the same, start it where it answers, and: sluice functions add NAME --url URL, or --invoke-url URL;"
                + " or sluice functions add NAME -- COMMAND for a program that asks the Lambda Runtime API for its events";
    }
}
