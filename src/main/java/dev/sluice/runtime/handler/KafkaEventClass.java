package dev.sluice.runtime.handler;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How is a function's own copy of AWS's KafkaEvent filled? Only classes are taken whose every member is known here, in whichever
 * version of aws-lambda-java-events: a newer one's members must not be lost silently. Immutable.
 */
record KafkaEventClass(Bean event, Bean element) {

    static final String NAME = "com.amazonaws.services.lambda.runtime.events.KafkaEvent";
    private static final String ELEMENT = NAME + "$KafkaEventRecord";
    private static final String SCHEMA = NAME + "$SchemaMetadata";

    private static final Map<String, String> EVENT_MEMBERS = Map.of("eventSource", "java.lang.String",
            "eventSourceArn", "java.lang.String", "bootstrapServers", "java.lang.String",
            "records", "java.util.Map<java.lang.String, java.util.List<" + ELEMENT + ">>");
    private static final Map<String, String> ELEMENT_MEMBERS = Map.of("topic", "java.lang.String", "partition", "int",
            "offset", "long", "timestamp", "long", "timestampType", "java.lang.String", "key", "java.lang.String",
            "value", "java.lang.String", "headers", "java.util.List<java.util.Map<java.lang.String, byte[]>>",
            "keySchemaMetadata", SCHEMA, "valueSchemaMetadata", SCHEMA);

    /** Empty when the library must do it: for a subclass, and for a class that isn't entirely known here. */
    static Optional<KafkaEventClass> of(Class<?> type) {
        if (!type.getName().equals(NAME)) {
            return Optional.empty();
        }
        try {
            Optional<Class<?>> elementType = elementType(type);
            if (elementType.isEmpty() || !known(type, EVENT_MEMBERS) || !known(elementType.get(), ELEMENT_MEMBERS)) {
                return Optional.empty();
            }
            return Optional.of(new KafkaEventClass(new Bean(type), new Bean(elementType.get())));
        } catch (ReflectiveOperationException | LinkageError e) {
            // Whatever is wrong with the class is the library's to tell, as on AWS.
            return Optional.empty();
        }
    }

    private static Optional<Class<?>> elementType(Class<?> type) {
        return Arrays.stream(type.getMethods()).filter(m -> m.getName().equals("setRecords") && m.getParameterCount() == 1)
                .map(m -> m.getGenericParameterTypes()[0]).map(records -> argument(argument(records, 1), 0))
                .<Class<?>>mapMulti((found, next) -> {
                    if (found instanceof Class<?> element) {
                        next.accept(element);
                    }
                }).findFirst();
    }

    private static Type argument(Type type, int index) {
        return type instanceof ParameterizedType generic && generic.getActualTypeArguments().length > index
                ? generic.getActualTypeArguments()[index] : null;
    }

    /** Whether the class has nothing but beans' methods for these members, of these types, and a field for each. */
    private static boolean known(Class<?> type, Map<String, String> members) throws ReflectiveOperationException {
        if (type.getSuperclass() != Object.class || type.getInterfaces().length > 0 || type.getAnnotations().length > 0
                || Modifier.isAbstract(type.getModifiers()) || !Modifier.isPublic(type.getModifiers())) {
            return false;
        }
        for (Field field : type.getDeclaredFields()) {
            if (!field.isSynthetic() && (Modifier.isStatic(field.getModifiers()) || Modifier.isPublic(field.getModifiers())
                    || !field.getGenericType().getTypeName().equals(members.get(field.getName())))) {
                return false;
            }
            type.getMethod("set" + capitalised(field.getName()), field.getType());
        }
        for (Method method : type.getMethods()) {
            if (method.getDeclaringClass() == type && !isKnown(type, method)) {
                return false;
            }
        }
        return Modifier.isPublic(type.getConstructor().getModifiers());
    }

    /** The accessors of the fields, and what Lombok writes. */
    private static boolean isKnown(Class<?> type, Method method) {
        String name = method.getName();
        if (List.of("equals", "hashCode", "toString", "builder", "toBuilder").contains(name)) {
            return true;
        }
        boolean setter = name.startsWith("set") && method.getParameterCount() == 1;
        boolean getter = name.startsWith("get") && method.getParameterCount() == 0;
        return (setter || getter) && Arrays.stream(type.getDeclaredFields()).anyMatch(
                field -> capitalised(field.getName()).equals(name.substring(3))
                        && (setter ? method.getParameterTypes()[0] : method.getReturnType()) == field.getType());
    }

    private static String capitalised(String name) {
        return Character.toUpperCase(name.charAt(0)) + name.substring(1);
    }

    /** A class with its constructor and setters. */
    record Bean(Class<?> type, MethodHandle constructor) {

        Bean(Class<?> type) throws ReflectiveOperationException {
            this(type, MethodHandles.publicLookup().findConstructor(type, MethodType.methodType(void.class))
                    .asType(MethodType.methodType(Object.class)));
        }

        /** Of type (Object, T)void; in a version without the member one that does nothing, as the library skips what it doesn't know. */
        MethodHandle setter(String member, Class<?> argument) {
            MethodType shape = MethodType.methodType(void.class, Object.class, argument);
            MethodType setter = MethodType.methodType(void.class, argument);
            try {
                return MethodHandles.publicLookup().findVirtual(type, "set" + capitalised(member), setter).asType(shape);
            } catch (NoSuchMethodException e) {
                return MethodHandles.empty(shape);
            } catch (IllegalAccessException e) {
                throw new IllegalStateException(type + " was found to be public", e);
            }
        }
    }
}
