package dev.sluice.runtime.handler;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import dev.sluice.function.NotRunnableException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;

/**
 * Which types does a class give RequestHandler's parameters? Found as Lambda's Java runtime finds them, with what that gets wrong: a
 * variable inside another type stays open, and an interface between the class and RequestHandler has to have the same two
 * parameters. What the compiler knows better would work here and fail on AWS. Stateless.
 */
final class HandlerTypes {

    private final Class<?> type;
    /** Null when the class was mentioned without any. */
    private final Type[] arguments;

    private HandlerTypes(Class<?> type, Type[] arguments) {
        this.type = type;
        this.arguments = arguments;
    }

    /** The event's and the answer's type; a variable stands for its upper bound. */
    static Type[] of(Class<?> handler) throws NotRunnableException {
        Type[] found = search(handler);
        String wrong = "Class " + handler.getName() + " does not implement RequestHandler with concrete type parameters";
        if (found == null) {
            throw HandlerShape.unusable(wrong);
        }
        if (found.length != 2) {
            throw HandlerShape.unusable("Invalid class signature for RequestHandler. Expected two generic types, got " + found.length);
        }
        for (Type each : found) {
            if (each instanceof TypeVariable<?> variable && Arrays.stream(variable.getBounds()).allMatch(Object.class::equals)) {
                throw HandlerShape.unusable(wrong + ": parameter " + each + " has no upper bound.");
            }
        }
        return found;
    }

    /** Breadth first, interfaces before the superclass; the first one with parameters that leads to RequestHandler decides. */
    private static Type[] search(Class<?> handler) {
        Queue<HandlerTypes> waiting = new ArrayDeque<>();
        waiting.add(new HandlerTypes(handler, null));
        while (!waiting.isEmpty()) {
            HandlerTypes next = waiting.remove();
            for (Type parent : next.type.getGenericInterfaces()) {
                HandlerTypes parentTypes = next.parent(parent);
                if (parent instanceof ParameterizedType && RequestHandler.class.isAssignableFrom(parentTypes.type)) {
                    return parentTypes.arguments;
                }
                waiting.add(parentTypes);
            }
            if (next.type.getGenericSuperclass() != null) {
                waiting.add(next.parent(next.type.getGenericSuperclass()));
            }
        }
        return null;
    }

    private HandlerTypes parent(Type parent) {
        if (parent instanceof ParameterizedType generic) {
            Type[] resolved = Arrays.stream(generic.getActualTypeArguments())
                    .map(each -> each instanceof TypeVariable<?> variable ? resolve(variable) : each).toArray(Type[]::new);
            return new HandlerTypes((Class<?>) generic.getRawType(), resolved);
        }
        Class<?> raw = (Class<?>) parent;
        TypeVariable<?>[] variables = raw.getTypeParameters();
        return new HandlerTypes(raw, variables.length == 0 || arguments == null ? null
                : Arrays.stream(variables).map(this::resolve).toArray(Type[]::new));
    }

    /** By name, as in the runtime. */
    private Type resolve(TypeVariable<?> variable) {
        TypeVariable<?>[] own = type.getTypeParameters();
        for (int i = 0; i < own.length; i++) {
            if (own[i].getName().equals(variable.getName())) {
                return arguments == null ? own[i] : arguments[i];
            }
        }
        return variable;
    }
}
