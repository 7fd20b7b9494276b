package dev.sluice.api.aws;

import dev.sluice.api.http.ApiException;
import dev.sluice.api.http.ErrorType;
import dev.sluice.function.FunctionException;
import dev.sluice.resource.FunctionReach;
import dev.sluice.resource.FunctionReference;
import dev.sluice.resource.Scope;

/** Which function a request means: FunctionName and Qualifier together, checked against the caller's region and account. */
public final class FunctionReferences {

    private FunctionReferences() {
    }

    /** Reads a FunctionName that the contract let pass. */
    public static FunctionReference parse(String functionName) {
        // The contract's patterns are this grammar, so an empty result is an error of ours.
        return FunctionReference.parse(functionName).orElseThrow(
                () -> new IllegalStateException("FunctionName '" + functionName + "' fits the contract but not the grammar"));
    }

    /** FunctionName and Qualifier of {@code request}. */
    public static FunctionReference of(AwsRequest request) {
        FunctionReference named = parse(request.parameter("FunctionName"));
        String qualifier = request.parameter("Qualifier");
        if (qualifier != null && named.qualifier() != null && !qualifier.equals(named.qualifier())) {
            throw new FunctionException.InvalidParameter(
                    "The derived qualifier from the function name does not match the specified qualifier.");
        }
        requireReachable(named, request.caller());
        return qualifier == null ? named : new FunctionReference(named.region(), named.accountId(), named.name(), qualifier);
    }

    /** FunctionName of an operation that has no Qualifier; one in the name stays. */
    public static FunctionReference named(AwsRequest request) {
        FunctionReference named = parse(request.parameter("FunctionName"));
        requireReachable(named, request.caller());
        return named;
    }

    /** FunctionName of an operation on a function as a whole; a qualifier in the name doesn't matter. */
    public static FunctionReference unqualified(AwsRequest request) {
        FunctionReference named = named(request);
        return new FunctionReference(named.region(), named.accountId(), named.name(), null);
    }

    /**
     * Refuses ARNs of another region, account or partition. The second is recorded for Create; what AWS says of another partition is
     * not.
     */
    public static void requireReachable(FunctionReference reference, Scope caller) {
        FunctionReach reach = reference.reachableFrom(caller);
        if (reach instanceof FunctionReach.OtherRegion other) {
            throw new FunctionException.NotFound(other.message());
        }
        if (reach instanceof FunctionReach.OtherAccount) {
            throw ApiException.of(ErrorType.ACCESS_DENIED, null);
        }
        if (reach instanceof FunctionReach.OtherPartition other) {
            throw new FunctionException.NotFound("Function not found: " + other.arn());
        }
    }

    /** The function DeleteFunction means; the checks of the qualifier come before the one whether it exists. */
    public static FunctionReference forDelete(AwsRequest request) {
        FunctionReference reference = of(request);
        String qualifier = reference.qualifier();
        if ("$LATEST".equals(qualifier)) {
            throw new FunctionException.InvalidParameter("$LATEST version cannot be deleted without deleting the function.");
        }
        // "$latest" passes, and then is a version that doesn't exist.
        if (qualifier != null && !qualifier.matches("\\d+|.*\\$.*")) {
            throw new FunctionException.InvalidParameter("Deletion of aliases is not currently supported.");
        }
        return reference;
    }
}
