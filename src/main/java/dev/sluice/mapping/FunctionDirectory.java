package dev.sluice.mapping;

import dev.sluice.resource.FunctionArn;
import java.util.Optional;

/** Which functions exist, as far as a mapping needs to know. Thread-safe. */
public interface FunctionDirectory {

    /** Whether the function, and the version or alias when one is given, exists for the account and region of the ARN. */
    boolean exists(FunctionArn arn);

    /** In which other accounts or regions a function of this name exists, as a hint for whoever didn't find it; empty when in none. */
    default Optional<String> elsewhere(FunctionArn arn) {
        return Optional.empty();
    }
}
