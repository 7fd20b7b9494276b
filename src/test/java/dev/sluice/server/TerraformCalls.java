package dev.sluice.server;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.ResourceNotFoundException;

/**
 * What Terraform's AWS provider does alike for all of its Lambda resources. A state is a map of the provider's attributes, without
 * those that are empty. What the provider repeats because of roles that are not known everywhere yet is left out: no answer here
 * asks for it. Thread-safe.
 */
final class TerraformCalls {

    static final Duration PATIENCE = Duration.ofSeconds(30);

    private TerraformCalls() {
    }

    static void tags(LambdaClient lambda, String arn, Map<String, Object> before, Map<String, String> wanted) {
        Set<String> removed = ((Map<?, ?>) before.getOrDefault("tags", Map.of())).keySet().stream().map(Object::toString)
                .filter(key -> !wanted.containsKey(key)).collect(Collectors.toSet());
        if (!removed.isEmpty()) {
            lambda.untagResource(untag -> untag.resource(arn).tagKeys(removed));
        }
        if (!wanted.isEmpty()) {
            lambda.tagResource(tag -> tag.resource(arn).tags(wanted));
        }
    }

    /** As the provider waits: another state than these is an error at once. */
    static boolean reached(String seen, Set<String> pending, Set<String> targets) {
        if (!pending.contains(seen) && !targets.contains(seen)) {
            throw new AssertionError("unexpected state '" + seen + "', wanted target '" + targets + "'");
        }
        return targets.contains(seen);
    }

    static void awaitGone(Supplier<?> get) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).until(() -> {
            try {
                get.get();
                return false;
            } catch (ResourceNotFoundException gone) {
                return true;
            }
        });
    }

    static <T> T until(Supplier<T> call, Class<? extends Exception> retried) {
        return await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).ignoreException(retried).until(call::get, answer -> true);
    }

    static void put(Map<String, Object> state, String attribute, Object value) {
        boolean empty = value == null || "".equals(value) || value instanceof Collection<?> list && list.isEmpty()
                || value instanceof Map<?, ?> map && map.isEmpty();
        if (!empty) {
            state.put(attribute, value);
        }
    }
}
