package dev.sluice.function;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Which types does a class give RequestHandler's parameters, through whatever supertypes? Stateless. */
final class HandlerTypes {

    private HandlerTypes() {
    }

    /** The event's and the answer's type; empty when the class leaves one of them open. */
    static Optional<Type[]> of(Class<?> handler) {
        return find(handler, Map.of());
    }

    private static Optional<Type[]> find(Type type, Map<TypeVariable<?>, Type> bindings) {
        if (type == null) {
            return Optional.empty();
        }
        Class<?> raw;
        Map<TypeVariable<?>, Type> inner = new HashMap<>();
        if (type instanceof ParameterizedType parameterized) {
            raw = (Class<?>) parameterized.getRawType();
            TypeVariable<?>[] variables = raw.getTypeParameters();
            Type[] arguments = parameterized.getActualTypeArguments();
            for (int i = 0; i < variables.length; i++) {
                inner.put(variables[i], resolve(arguments[i], bindings));
            }
        } else {
            raw = (Class<?>) type;
        }
        if (raw == RequestHandler.class) {
            Type[] found = Arrays.stream(raw.getTypeParameters()).map(inner::get).toArray(Type[]::new);
            return Arrays.stream(found).anyMatch(t -> t == null || t instanceof TypeVariable) ? Optional.empty() : Optional.of(found);
        }
        for (Type parent : raw.getGenericInterfaces()) {
            Optional<Type[]> found = find(parent, inner);
            if (found.isPresent()) {
                return found;
            }
        }
        return find(raw.getGenericSuperclass(), inner);
    }

    private static Type resolve(Type type, Map<TypeVariable<?>, Type> bindings) {
        if (type instanceof TypeVariable<?> variable) {
            Type bound = bindings.get(variable);
            if (bound != null) {
                return bound;
            }
            Type upper = variable.getBounds()[0];
            // AWS takes a variable with an upper bound as that bound.
            return upper == Object.class || mentionsVariable(upper) ? variable : upper;
        }
        if (type instanceof ParameterizedType parameterized && mentionsVariable(type)) {
            Type[] arguments = Arrays.stream(parameterized.getActualTypeArguments())
                    .map(argument -> resolve(argument, bindings)).toArray(Type[]::new);
            return new Resolved(parameterized.getRawType(), parameterized.getOwnerType(), arguments);
        }
        return type;
    }

    private static boolean mentionsVariable(Type type) {
        if (type instanceof ParameterizedType parameterized) {
            return Arrays.stream(parameterized.getActualTypeArguments()).anyMatch(HandlerTypes::mentionsVariable);
        }
        if (type instanceof GenericArrayType array) {
            return mentionsVariable(array.getGenericComponentType());
        }
        if (type instanceof WildcardType wildcard) {
            return Arrays.stream(wildcard.getUpperBounds()).anyMatch(HandlerTypes::mentionsVariable);
        }
        return type instanceof TypeVariable;
    }

    /** A parameterized type whose variables have been replaced. */
    private static final class Resolved implements ParameterizedType {
        private final Type raw;
        private final Type owner;
        private final Type[] arguments;

        private Resolved(Type raw, Type owner, Type[] arguments) {
            this.raw = raw;
            this.owner = owner;
            this.arguments = arguments;
        }

        @Override
        public Type[] getActualTypeArguments() {
            return arguments.clone();
        }

        @Override
        public Type getRawType() {
            return raw;
        }

        @Override
        public Type getOwnerType() {
            return owner;
        }
    }
}
