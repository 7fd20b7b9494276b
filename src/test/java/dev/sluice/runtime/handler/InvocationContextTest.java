package dev.sluice.runtime.handler;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.api.client.api.LambdaClientContextClient;
import com.amazonaws.services.lambda.runtime.api.client.api.LambdaContext;
import com.amazonaws.services.lambda.runtime.api.client.logging.AbstractLambdaLogger;
import dev.sluice.runtime.log.ContextLogger;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class InvocationContextTest {

    /** What a serializer finds that goes by fields. */
    private static Set<String> fields(Class<?> type) {
        return Arrays.stream(type.getDeclaredFields()).filter(field -> !Modifier.isStatic(field.getModifiers())
                && !Modifier.isTransient(field.getModifiers())).map(Field::getName).collect(Collectors.toSet());
    }

    @Test
    void hasTheFieldsOfLambdasOwnContext() {
        assertThat(fields(InvocationContext.class)).isEqualTo(fields(LambdaContext.class));
        assertThat(fields(ContextLogger.class)).isEqualTo(fields(AbstractLambdaLogger.class));
        assertThat(fields(LambdaClientContext.class))
                .isEqualTo(fields(com.amazonaws.services.lambda.runtime.api.client.api.LambdaClientContext.class));
        assertThat(fields(LambdaClientContext.CallingClient.class)).isEqualTo(fields(LambdaClientContextClient.class));
    }
}
