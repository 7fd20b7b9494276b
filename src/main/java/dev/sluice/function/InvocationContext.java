package dev.sluice.function;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;

/** What a handler can ask about its invocation. Immutable but for the passing time. */
final class InvocationContext implements Context {

    private final FunctionVersion version;
    private final RunningCall call;
    private final String logStream;
    private final LambdaLogger logger;

    InvocationContext(FunctionVersion version, RunningCall call, String logStream, LambdaLogger logger) {
        this.version = version;
        this.call = call;
        this.logStream = logStream;
        this.logger = logger;
    }

    @Override
    public String getAwsRequestId() {
        return call.requestId();
    }

    @Override
    public String getLogGroupName() {
        return "/aws/lambda/" + version.function();
    }

    @Override
    public String getLogStreamName() {
        return logStream;
    }

    @Override
    public String getFunctionName() {
        return version.function();
    }

    @Override
    public String getFunctionVersion() {
        return version.version();
    }

    @Override
    public String getInvokedFunctionArn() {
        return call.function().toString();
    }

    /** Null, as on Lambda when no mobile application called. */
    @Override
    public CognitoIdentity getIdentity() {
        return null;
    }

    /** Null, as on Lambda when no mobile application called. */
    @Override
    public ClientContext getClientContext() {
        return null;
    }

    @Override
    public int getRemainingTimeInMillis() {
        return call.remainingMillis();
    }

    @Override
    public int getMemoryLimitInMB() {
        return version.settings().memoryMb();
    }

    @Override
    public LambdaLogger getLogger() {
        return logger;
    }
}
