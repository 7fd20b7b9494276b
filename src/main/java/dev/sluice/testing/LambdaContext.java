package dev.sluice.testing;

import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;

/**
 * What does a handler in a test find in its Context? What Lambda says of an invocation; no timeout applies here. It is an object of AWS's
 * interface as the test has it. Stateless.
 */
final class LambdaContext {

    private static final int NO_TIMEOUT_MILLIS = 900_000;
    private static final int MEMORY_MB = 512;

    private LambdaContext() {
    }

    /** @param context AWS's interface Context */
    static Object of(Class<?> context, Event event) {
        String arn = event.functionArn();
        String[] parts = arn.split(":");
        String version = parts.length > 7 ? parts[7] : "$LATEST";
        return Proxy.newProxyInstance(context.getClassLoader(), new Class<?>[] {context},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getAwsRequestId" -> event.requestId();
                    case "getFunctionName" -> parts[6];
                    case "getFunctionVersion" -> version;
                    case "getInvokedFunctionArn" -> arn;
                    case "getLogGroupName" -> "/aws/lambda/" + parts[6];
                    case "getLogStreamName" -> "test";
                    case "getMemoryLimitInMB" -> MEMORY_MB;
                    case "getRemainingTimeInMillis" -> NO_TIMEOUT_MILLIS;
                    case "getLogger" -> logger(method.getReturnType());
                    case "toString" -> "Context of " + event.requestId();
                    case "hashCode" -> System.identityHashCode(proxy);
                    case "equals" -> proxy == arguments[0];
                    // Identity, client context, tenant: of invocations that a mapping never makes.
                    default -> null;
                });
    }

    private static Object logger(Class<?> type) {
        return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
            if (method.getName().equals("log")) {
                System.out.println(arguments[0] instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : arguments[0]);
                return null;
            }
            return switch (method.getName()) {
                case "toString" -> "LambdaLogger";
                case "hashCode" -> System.identityHashCode(proxy);
                case "equals" -> proxy == arguments[0];
                default -> null;
            };
        });
    }
}
