package dev.sluice.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.pagination.sync.SdkIterable;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.LambdaException;
import software.amazon.awssdk.services.lambda.waiters.LambdaWaiter;

/** The AWS SDK for Java, its methods found by AWS's names. */
final class JavaSdk implements AwsClient {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final LambdaClient lambda;

    JavaSdk(URI endpoint, String region, String account) {
        lambda = LambdaClient.builder().endpointOverride(endpoint).region(Region.of(region))
                .overrideConfiguration(override -> override.addExecutionInterceptor(new CheckedAnswers()))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(account, "made-up"))).build();
    }

    @Override
    public JsonNode call(String operation, Map<String, Object> members) {
        try {
            return SdkShapes.json((SdkPojo) invoke(LambdaClient.class, lambda, operation, SdkShapes.request(operation, members)));
        } catch (LambdaException refused) {
            return JSON.createObjectNode().put("refused", refused.awsErrorDetails().errorCode())
                    .put("message", refused.awsErrorDetails().errorMessage());
        }
    }

    @Override
    public void await(String waiter, Map<String, Object> members) {
        try (LambdaWaiter waiters = lambda.waiter()) {
            invoke(LambdaWaiter.class, waiters, "WaitUntil" + waiter, SdkShapes.request(asked(waiter), members));
        }
    }

    @Override
    public List<JsonNode> pages(String operation, int pageSize, Map<String, Object> members) {
        Map<String, Object> all = new HashMap<>(members);
        all.put("MaxItems", pageSize);
        SdkIterable<?> iterable = (SdkIterable<?>) invoke(LambdaClient.class, lambda, operation + "Paginator",
                SdkShapes.request(operation, all));
        List<JsonNode> pages = new ArrayList<>();
        iterable.forEach(page -> pages.add(SdkShapes.json((SdkPojo) page)));
        return pages;
    }

    @Override
    public void close() {
        lambda.close();
    }

    /** Which operation a waiter asks: AWS's model says it, the method's parameter shows it. */
    private static String asked(String waiter) {
        for (var method : LambdaWaiter.class.getMethods()) {
            if (method.getName().equals("waitUntil" + waiter) && method.getParameterCount() == 1
                    && SdkPojo.class.isAssignableFrom(method.getParameterTypes()[0])) {
                return method.getParameterTypes()[0].getSimpleName().replaceAll("Request$", "");
            }
        }
        throw new IllegalArgumentException("the SDK has no waiter " + waiter);
    }

    private static Object invoke(Class<?> type, Object target, String name, Object request) {
        String method = name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
        try {
            return type.getMethod(method, request.getClass()).invoke(target, request);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new AssertionError(e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException("the SDK has no " + method, e);
        }
    }
}
