package dev.sluice.runtime.handler;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.sluice.function.NotRunnableException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Which constructor and method does a handler string mean, and how is the method called? Found without running any of the user's
 * code; the rules, overloads included, are those of Lambda's Java runtime. Immutable.
 */
final class HandlerShape {

    private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);

    /** Prefers what the programmer wrote to a compiler's bridge, then more parameters, a closing Context counting twice. */
    private static final Comparator<Method> PRIORITY = Comparator.comparing(Method::isBridge)
            .thenComparing(Comparator.comparingInt(HandlerShape::weight).reversed());

    private final Class<?> type;
    /** Null for a static method. */
    private final Constructor<?> constructor;
    private final Binding binding;

    private HandlerShape(Class<?> type, Constructor<?> constructor, Binding binding) {
        this.type = type;
        this.constructor = constructor;
        this.binding = binding;
    }

    @FunctionalInterface
    private interface Binding {
        Handler bind(Object instance, Serializers serializers);
    }

    /** @param methodName null for the form {@code package.Class} */
    static HandlerShape of(Class<?> type, String methodName) throws NotRunnableException {
        if (methodName == null) {
            return ofInterface(type);
        }
        List<Method> candidates =
                Arrays.stream(methods(type, methodName)).filter(m -> m.getName().equals(methodName)).sorted(PRIORITY).toList();
        for (Method method : candidates) {
            Optional<Binding> binding = ofMethod(method);
            if (binding.isPresent()) {
                return new HandlerShape(type, Modifier.isStatic(method.getModifiers()) ? null : constructor(type), binding.get());
            }
        }
        throw unusable("No public method named " + methodName + " with appropriate method signature found on class " + type.getName());
    }

    private static Method[] methods(Class<?> type, String methodName) throws NotRunnableException {
        try {
            return type.getMethods();
        } catch (NoClassDefFoundError e) {
            throw NotRunnableException.functionError(e.getClass().getName(),
                    "Error loading method " + methodName + " on class " + type.getName(), e);
        }
    }

    static NotRunnableException unusable(String inLambdasWords) {
        return NotRunnableException.functionError(HandlerName.NOT_USABLE, inLambdasWords, null);
    }

    /** Runs static initialisers, and the constructor if one is needed; throws what that throws. */
    Handler newHandler(Serializers serializers) throws Throwable {
        try {
            Class.forName(type.getName(), true, type.getClassLoader());
        } catch (LinkageError e) {
            throw RuntimeFault.loading(type, e);
        }
        if (constructor == null) {
            return binding.bind(null, serializers);
        }
        try {
            return binding.bind(constructor.newInstance(), serializers);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static HandlerShape ofInterface(Class<?> type) throws NotRunnableException {
        if (RequestStreamHandler.class.isAssignableFrom(type)) {
            return new HandlerShape(type, constructor(type), (instance, serializers) -> {
                RequestStreamHandler handler = (RequestStreamHandler) instance;
                return (event, answer, context) -> handler.handleRequest(event.stream(), answer, context);
            });
        }
        if (!RequestHandler.class.isAssignableFrom(type)) {
            throw unusable("Class does not implement an appropriate handler interface: " + type.getName());
        }
        Type[] types = HandlerTypes.of(type);
        return new HandlerShape(type, constructor(type), (instance, serializers) -> {
            @SuppressWarnings("unchecked")
            RequestHandler<Object, Object> handler = (RequestHandler<Object, Object>) instance;
            return converting(handler::handleRequest, types[0], types[1], serializers);
        });
    }

    private static Optional<Binding> ofMethod(Method method) {
        Type[] types = method.getGenericParameterTypes();
        int count = types.length;
        boolean context = count > 0 && types[count - 1] == Context.class;
        int plain = context ? count - 1 : count;
        boolean in = plain > 0 && types[0] == InputStream.class;
        boolean out = plain > 0 && types[plain - 1] == OutputStream.class;
        if (in || out) {
            return plain == (in ? 1 : 0) + (out ? 1 : 0) ? Optional.of(streaming(method, in, out, context)) : Optional.empty();
        }
        if (plain > 1 || plain == 1 && types[0] == Context.class) {
            return Optional.empty();
        }
        Type event = plain == 0 ? null : types[0];
        return Optional.of((instance, serializers) -> converting(
                (value, ctx) -> call(method, instance, arguments(event != null, value, context, ctx)),
                event, method.getGenericReturnType(), serializers));
    }

    private static Binding streaming(Method method, boolean in, boolean out, boolean context) {
        return (instance, serializers) -> (event, answer, ctx) -> {
            Object[] arguments = new Object[(in ? 1 : 0) + (out ? 1 : 0) + (context ? 1 : 0)];
            int next = 0;
            if (in) {
                arguments[next++] = event.stream();
            }
            if (out) {
                arguments[next++] = answer;
            }
            if (context) {
                arguments[next] = ctx;
            }
            call(method, instance, arguments);
            if (!out) {
                answer.write(NULL);
            }
        };
    }

    @FunctionalInterface
    private interface Typed {
        Object handle(Object event, Context context) throws Throwable;
    }

    private static Handler converting(Typed typed, Type eventType, Type answerType, Serializers serializers) {
        Serializers.Reader reader = eventType == null ? null : serializers.reader(eventType);
        Serializers.Writer writer = answerType == void.class || answerType == Void.class ? null : serializers.writer(answerType);
        return (event, answer, context) -> {
            Object value;
            try {
                value = reader == null ? null : reader.read(event);
            } catch (Exception | LinkageError | VirtualMachineError | AssertionError e) {
                throw new RuntimeException("An error occurred during JSON parsing", e);
            }
            Object result = typed.handle(value, context);
            if (writer == null) {
                answer.write(NULL);
                return;
            }
            try {
                writer.write(result, answer);
            } catch (Exception | LinkageError | VirtualMachineError | AssertionError e) {
                throw new RuntimeException("An error occurred during JSON serialization of response", e);
            }
        };
    }

    private static Object[] arguments(boolean takesEvent, Object event, boolean takesContext, Context context) {
        if (takesEvent) {
            return takesContext ? new Object[] {event, context} : new Object[] {event};
        }
        return takesContext ? new Object[] {context} : new Object[0];
    }

    private static Object call(Method method, Object instance, Object[] arguments) throws Throwable {
        try {
            return method.invoke(instance, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static int weight(Method method) {
        Class<?>[] types = method.getParameterTypes();
        return types.length + (types.length > 0 && types[types.length - 1] == Context.class ? 1 : 0);
    }

    private static Constructor<?> constructor(Class<?> type) throws NotRunnableException {
        if (Modifier.isAbstract(type.getModifiers())) {
            throw NotRunnableException.functionError(InstantiationException.class.getName(), InstantiationException.class.getName(), null);
        }
        try {
            return type.getConstructor();
        } catch (NoSuchMethodException e) {
            if (type.getEnclosingClass() != null && !Modifier.isStatic(type.getModifiers())) {
                throw NotRunnableException.functionError(Exception.class.getName(),
                        "Class " + type.getName() + " cannot be instantiated because it is a non-static inner class", e);
            }
            throw NotRunnableException.functionError(Exception.class.getName(),
                    "Class " + type.getName() + " has no public zero-argument constructor", e);
        }
    }
}
