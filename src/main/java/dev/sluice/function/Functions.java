package dev.sluice.function;

import dev.sluice.mapping.FunctionArn;
import dev.sluice.mapping.FunctionDirectory;
import dev.sluice.mapping.FunctionReference;
import dev.sluice.mapping.Scope;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The functions and what can be done with them. Skeleton: being built. */
public final class Functions implements FunctionDirectory, FunctionInvoker, AutoCloseable {

    /** A CreateFunction request; absent members are null, {@code zip} the uploaded bytes. */
    public record Create(String name, byte[] zip, String runtime, String handler, String role, String description,
                         Integer timeoutSeconds, Integer memoryMb, Map<String, String> environment) {
    }

    /** CreateFunction for the caller's scope. */
    public FunctionDefinition create(Scope caller, Create request) {
        throw new UnsupportedOperationException();
    }

    /** GetFunction: own scope first, then functions registered without one. */
    public FunctionDefinition get(Scope caller, FunctionReference reference) {
        throw new UnsupportedOperationException();
    }

    /** ListFunctions: what the caller sees, by name. */
    public List<FunctionDefinition> list(Scope caller) {
        throw new UnsupportedOperationException();
    }

    /** All functions of all accounts and regions (control API). */
    public List<FunctionDefinition> all() {
        throw new UnsupportedOperationException();
    }

    /** UpdateFunctionCode. */
    public FunctionDefinition updateCode(Scope caller, FunctionReference reference, byte[] zip) {
        throw new UnsupportedOperationException();
    }

    /** DeleteFunction. */
    public void delete(Scope caller, FunctionReference reference) {
        throw new UnsupportedOperationException();
    }

    /** PUT /_sluice/functions/{name}: adds or replaces a function seen from every account; also how the config declares one. */
    public FunctionDefinition register(String name, FunctionDefinition.Origin origin, FunctionCode code, FunctionSettings settings) {
        throw new UnsupportedOperationException();
    }

    /** DELETE /_sluice/functions/{name}: removes the function registered without a scope; NotFound when there is none. */
    public void unregister(String name) {
        throw new UnsupportedOperationException();
    }

    /** Calls {@code listener} with the ARN-less name of every function that is created, changed or deleted from now on. */
    public void onChange(Consumer<String> listener) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean exists(FunctionArn arn) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Pending submit(Invocation invocation) {
        throw new UnsupportedOperationException();
    }

    /** Stops taking invocations, waits for running ones up to {@code within}, interrupts the rest and frees the class loaders. */
    public void close(Duration within) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        close(Duration.ofSeconds(5));
    }
}
