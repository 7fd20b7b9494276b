package dev.sluice.mapping;

/** Which functions exist, as far as a mapping needs to know. Thread-safe. */
public interface FunctionDirectory {

    /** Whether the function, and the version or alias when one is given, exists for the account and region of the ARN. */
    boolean exists(FunctionArn arn);
}
