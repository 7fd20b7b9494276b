package dev.sluice.testing;

import dev.sluice.json.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Type;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How is an event's JSON turned into AWS's types, KafkaEvent for example, and an answer into JSON? By AWS's own library, with which Lambda does
 * it: the test's, or else the one in the server's program, of which nothing but that library is to be seen here. Thread-safe.
 */
final class AwsSerialization {

    private static final String LIBRARY = "com.amazonaws.services.lambda.runtime.serialization.";
    /** Its own copy of Jackson. */
    private static final String SHADED = "com.amazonaws.lambda.thirdparty.";

    private final ClassLoader library;
    private final ClassLoader handlers;
    private final Map<Type, Object> serializers = new ConcurrentHashMap<>();

    private AwsSerialization(ClassLoader library, ClassLoader handlers) {
        this.library = library;
        this.handlers = handlers;
    }

    /** @param handlers who has the types */
    static AwsSerialization of(ClassLoader handlers) {
        try {
            return new AwsSerialization(new Library(ServerProgram.find().jar().toUri().toURL(), handlers), handlers);
        } catch (MalformedURLException e) {
            throw new IllegalStateException("a file has no URL", e);
        }
    }

    Object fromJson(byte[] json, Type type) {
        if (type == Object.class || type == Map.class) {
            return Json.parse(new String(json, StandardCharsets.UTF_8)).value();
        }
        Object serializer = serializers.computeIfAbsent(type, this::serializer);
        return call(serializer, "fromJson", new Class<?>[] {InputStream.class}, new ByteArrayInputStream(json));
    }

    Json toJson(Object answer, Type type) {
        if (answer instanceof Json json) {
            return json;
        }
        // As Lambda: by the type that is returned, where the method says only that it is some object.
        Object serializer = serializers.computeIfAbsent(type instanceof Class<?> ? answer.getClass() : type, this::serializer);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        call(serializer, "toJson", new Class<?>[] {Object.class, OutputStream.class}, answer, out);
        return Json.parse(out.toString(StandardCharsets.UTF_8));
    }

    private Object serializer(Type type) {
        try {
            if (type instanceof Class<?> event) {
                Class<?> events = library.loadClass(LIBRARY + "events.LambdaEventSerializers");
                boolean known = (boolean) events.getMethod("isLambdaSupportedEvent", String.class).invoke(null, event.getName());
                if (known) {
                    return events.getMethod("serializerFor", Class.class, ClassLoader.class).invoke(null, event, handlers);
                }
            }
            Class<?> factory = library.loadClass(LIBRARY + "factories.JacksonFactory");
            return factory.getMethod("getSerializer", Type.class).invoke(factory.getMethod("getInstance").invoke(null), type);
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException("AWS's library has no serializer for " + type.getTypeName() + ": " + e.getCause(),
                    e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("aws-lambda-java-serialization isn't what it was", e);
        }
    }

    private Object call(Object serializer, String method, Class<?>[] types, Object... arguments) {
        try {
            return library.loadClass(LIBRARY + "PojoSerializer").getMethod(method, types).invoke(serializer, arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException thrown) {
                throw thrown;
            }
            throw new IllegalStateException(e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("aws-lambda-java-serialization isn't what it was", e);
        }
    }

    /** Of the server's program that library alone: everything else in it must not meet what the test has. */
    private static final class Library extends URLClassLoader {

        Library(URL program, ClassLoader handlers) {
            super("sluice-aws-serialization", new URL[] {program}, handlers);
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (name.startsWith(LIBRARY) || name.startsWith(SHADED)) {
                return super.findClass(name);
            }
            throw new ClassNotFoundException(name);
        }

        @Override
        public URL findResource(String name) {
            return null;
        }
    }
}
