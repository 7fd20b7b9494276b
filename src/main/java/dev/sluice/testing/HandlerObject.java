package dev.sluice.testing;

import dev.sluice.json.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * How is a handler object of a test invoked? As Lambda's Java runtime does it with one of that class: a RequestHandler, a RequestStreamHandler,
 * or a {@code handleRequest} of its own; and as Spring Cloud Function does it with a Function or a Consumer. Thread-safe if the handler is.
 */
final class HandlerObject implements EventFunction {

    private static final String METHOD = "handleRequest";
    private static final String CONTEXT = "com.amazonaws.services.lambda.runtime.Context";

    private final Object handler;
    private final Method method;
    private final AwsSerialization serialization;

    private HandlerObject(Object handler, Method method, AwsSerialization serialization) {
        this.handler = handler;
        this.method = method;
        this.serialization = serialization;
    }

    /** @param handler an object, or a class with a constructor without parameters */
    static EventFunction of(Object handler) {
        if (handler instanceof EventHandler ours) {
            return event -> {
                ours.handle(event);
                return null;
            };
        }
        if (handler instanceof EventFunction ours) {
            return ours;
        }
        Object object = handler instanceof Class<?> type ? made(type) : handler;
        Method method = method(object);
        if (!method.trySetAccessible() && !Modifier.isPublic(object.getClass().getModifiers())) {
            throw new IllegalArgumentException(object.getClass().getName() + " can't be invoked from outside of its module; make it public,"
                    + " and export or open its package");
        }
        return new HandlerObject(object, method, AwsSerialization.of(object.getClass().getClassLoader()));
    }

    private static Object made(Class<?> type) {
        try {
            var constructor = type.getDeclaredConstructor();
            constructor.setAccessible(true);
            return constructor.newInstance();
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException("The constructor of " + type.getName() + " threw " + e.getCause(), e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(
                    type.getName() + " has no constructor without parameters, as Lambda wants it; hand an object in",
                    e);
        }
    }

    /** As Lambda chooses: of several, not the bridge that the compiler made, and rather one with a Context. */
    private static Method method(Object handler) {
        String name = handler instanceof Function<?, ?> && own(handler, METHOD).isEmpty() ? "apply"
                : handler instanceof Consumer<?> && own(handler, METHOD).isEmpty() ? "accept" : METHOD;
        List<Method> found = own(handler, name);
        found.sort((one, other) -> other.getParameterCount() - one.getParameterCount());
        if (found.isEmpty()) {
            // A proxy, whose own methods have only what its interfaces say, or a Kotlin function.
            throw new IllegalArgumentException(handler.getClass().getName()
                    + " is no handler: it has no public method handleRequest with an"
                    + " event, and is neither a Function nor a Consumer of a class of its own; a lambda that takes an Event is one");
        }
        return found.get(0);
    }

    private static List<Method> own(Object handler, String name) {
        List<Method> found = new ArrayList<>(Arrays.stream(handler.getClass().getMethods())
                .filter(method -> method.getName().equals(name) && !method.isBridge() && !method.isSynthetic()
                        && method.getParameterCount() > 0 && method.getParameterCount() <= 3)
                .toList());
        return found;
    }

    @Override
    public Object handle(Event event) throws Exception {
        Type[] types = method.getGenericParameterTypes();
        List<Object> arguments = new ArrayList<>();
        ByteArrayOutputStream stream = null;
        for (Type type : types) {
            if (type instanceof Class<?> raw && raw.getName().equals(CONTEXT)) {
                arguments.add(LambdaContext.of(raw, event));
            } else if (type == OutputStream.class) {
                stream = new ByteArrayOutputStream();
                arguments.add(stream);
            } else {
                arguments.add(argument(event, type));
            }
        }
        Object returned = invoke(arguments);
        if (stream != null) {
            return stream.size() == 0 ? null : Json.parse(stream.toString(StandardCharsets.UTF_8));
        }
        return method.getReturnType() == void.class || returned == null ? null
                : serialization.toJson(returned, method.getGenericReturnType());
    }

    private Object argument(Event event, Type type) {
        if (type == InputStream.class) {
            return new ByteArrayInputStream(event.bytes());
        }
        if (type == Event.class) {
            return event;
        }
        if (type instanceof ParameterizedType generic && generic.getRawType() == List.class
                && generic.getActualTypeArguments()[0] == EventRecord.class) {
            return event.records();
        }
        return serialization.fromJson(event.bytes(), type);
    }

    /** What the handler throws, as it threw it. */
    private Object invoke(List<Object> arguments) throws Exception {
        try {
            return method.invoke(handler, arguments.toArray());
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Exception thrown) {
                throw thrown;
            }
            throw (Error) e.getCause();
        }
    }
}
