package dev.sluice.runtime.handler;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import dev.sluice.runtime.instance.Request;

/**
 * What can a handler ask about its invocation? Immutable but for the passing time. Many a handler logs it whole: its fields are those
 * of Lambda's own class, by name and value, for serializers that go by fields, and it is public as that is, for reflection.
 */
public final class InvocationContext implements Context {

    private final int memoryLimit;
    private final String awsRequestId;
    private final String logGroupName;
    private final String logStreamName;
    private final String functionName;
    private final String functionVersion;
    private final String invokedFunctionArn;
    private final long deadlineTimeInMs;
    /** Null, as on Lambda when no mobile application called. */
    private final CognitoIdentity cognitoIdentity = null;
    private final ClientContext clientContext;
    /** Null, as on Lambda for a function that isn't divided among tenants. */
    private final String tenantId = null;
    private final String xrayTraceId;
    private final LambdaLogger logger;
    /** Knows what is left where no deadline applies. */
    private final transient Request call;

    /**
     * What is the same for all calls of one instance.
     *
     * @param version {@code $LATEST} or a number
     */
    public record Place(String function, String version, int memoryMb, String logGroup, String logStream, LambdaLogger logger) {
    }

    /** @param deadlineMillis when its time is up, since the epoch
     * @throws IllegalArgumentException when the caller's client context is none */
    InvocationContext(Place place, Request call, long deadlineMillis) {
        this.memoryLimit = place.memoryMb();
        this.awsRequestId = call.requestId();
        this.logGroupName = place.logGroup();
        this.logStreamName = place.logStream();
        this.functionName = place.function();
        this.functionVersion = place.version();
        this.invokedFunctionArn = call.functionArn();
        this.deadlineTimeInMs = deadlineMillis;
        this.clientContext = LambdaClientContext.of(call.clientContext());
        this.xrayTraceId = call.traceId();
        this.logger = place.logger();
        this.call = call;
    }

    @Override
    public String getAwsRequestId() {
        return awsRequestId;
    }

    @Override
    public String getLogGroupName() {
        return logGroupName;
    }

    @Override
    public String getLogStreamName() {
        return logStreamName;
    }

    @Override
    public String getFunctionName() {
        return functionName;
    }

    @Override
    public String getFunctionVersion() {
        return functionVersion;
    }

    @Override
    public String getInvokedFunctionArn() {
        return invokedFunctionArn;
    }

    @Override
    public CognitoIdentity getIdentity() {
        return cognitoIdentity;
    }

    @Override
    public ClientContext getClientContext() {
        return clientContext;
    }

    @Override
    public String getTenantId() {
        return tenantId;
    }

    @Override
    public String getXrayTraceId() {
        return xrayTraceId;
    }

    @Override
    public int getRemainingTimeInMillis() {
        return call.remainingMillis();
    }

    @Override
    public int getMemoryLimitInMB() {
        return memoryLimit;
    }

    @Override
    public LambdaLogger getLogger() {
        return logger;
    }

    /** Without what the caller says of itself, which may be anything. */
    @Override
    public String toString() {
        return "LambdaContext[memoryLimit=" + memoryLimit + ", awsRequestId=" + awsRequestId + ", logGroupName=" + logGroupName
                + ", logStreamName=" + logStreamName + ", functionName=" + functionName + ", functionVersion=" + functionVersion
                + ", invokedFunctionArn=" + invokedFunctionArn + ", deadlineTimeInMs=" + deadlineTimeInMs + ", xrayTraceId=" + xrayTraceId
                + "]";
    }
}
