package dev.sluice.function;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;

/** What a handler can ask about its invocation. Immutable but for the passing time. */
final class InvocationContext implements Context {

    private final Place place;
    private final Request call;
    private final LambdaLogger logger;
    private final ClientContext clientContext;

    /**
     * What is the same for all calls of one instance.
     *
     * @param version {@code $LATEST} or a number
     */
    record Place(String function, String version, int memoryMb, String logGroup, String logStream) {
    }

    /** @throws IllegalArgumentException when the caller's client context is none */
    InvocationContext(Place place, Request call, LambdaLogger logger) {
        this.place = place;
        this.call = call;
        this.logger = logger;
        this.clientContext = LambdaClientContext.of(call.clientContext());
    }

    @Override
    public String getAwsRequestId() {
        return call.requestId();
    }

    @Override
    public String getLogGroupName() {
        return place.logGroup();
    }

    @Override
    public String getLogStreamName() {
        return place.logStream();
    }

    @Override
    public String getFunctionName() {
        return place.function();
    }

    @Override
    public String getFunctionVersion() {
        return place.version();
    }

    @Override
    public String getInvokedFunctionArn() {
        return call.functionArn();
    }

    /** Null, as on Lambda when no mobile application called. */
    @Override
    public CognitoIdentity getIdentity() {
        return null;
    }

    @Override
    public ClientContext getClientContext() {
        return clientContext;
    }

    @Override
    public String getXrayTraceId() {
        return call.traceId();
    }

    @Override
    public int getRemainingTimeInMillis() {
        return call.remainingMillis();
    }

    @Override
    public int getMemoryLimitInMB() {
        return place.memoryMb();
    }

    @Override
    public LambdaLogger getLogger() {
        return logger;
    }
}
