package dev.sluice.runtime.handler;

import com.amazonaws.lambda.thirdparty.com.fasterxml.jackson.databind.JavaType;
import com.amazonaws.lambda.thirdparty.com.fasterxml.jackson.databind.type.TypeFactory;
import com.amazonaws.lambda.thirdparty.com.fasterxml.jackson.databind.util.LRUMap;
import com.amazonaws.lambda.thirdparty.com.fasterxml.jackson.databind.util.LookupCache;
import com.amazonaws.services.lambda.runtime.CustomPojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.amazonaws.services.lambda.runtime.serialization.factories.JacksonFactory;
import dev.sluice.invocation.Payload;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Type;
import java.util.Iterator;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * How is an event turned into the handler's parameter, and its return value into JSON? As Lambda's Java runtime does it, with
 * AWS's own library or the function's CustomPojoSerializer. One per handler instance, so that the library's caches die with the
 * instance's classes.
 */
final class Serializers {

    private static final String TOO_MANY = "com.amazonaws.services.lambda.runtime.api.client.TooManyServiceProvidersFoundException";

    private final ClassLoader functionLoader;
    /** Null until it is needed: a mapper is dear. */
    private JacksonFactory jackson;
    private boolean searched;
    private CustomPojoSerializer custom;

    Serializers(ClassLoader functionLoader) {
        this.functionLoader = functionLoader;
    }

    /** An event's bytes to what the handler takes. */
    @FunctionalInterface
    interface Reader {
        Object read(Payload event);
    }

    /** What the handler returned to an answer's bytes. */
    @FunctionalInterface
    interface Writer {
        void write(Object answer, OutputStream out);
    }

    Reader reader(Type type) {
        CustomPojoSerializer own = ownSerializer();
        if (own != null) {
            return event -> own.fromJson(event.stream(), type);
        }
        PojoSerializer<Object> library = library(type);
        Optional<KafkaEventClass> kafka = type instanceof Class<?> event ? KafkaEventClass.of(event) : Optional.empty();
        if (kafka.isEmpty()) {
            return event -> library.fromJson(event.stream());
        }
        KafkaEventReader fast = new KafkaEventReader(kafka.get());
        return event -> fast.read(event).orElseGet(() -> library.fromJson(event.stream()));
    }

    Writer writer(Type type) {
        CustomPojoSerializer own = ownSerializer();
        return own != null ? (answer, out) -> own.toJson(answer, out, type) : library(type)::toJson;
    }

    /** The function's own serializer, which takes every type, as with Lambda's runtime; null without one. */
    private CustomPojoSerializer ownSerializer() {
        if (!searched) {
            Iterator<CustomPojoSerializer> found = ServiceLoader.load(CustomPojoSerializer.class, functionLoader).iterator();
            CustomPojoSerializer first = found.hasNext() ? found.next() : null;
            if (found.hasNext()) {
                throw new RuntimeFault(TOO_MANY, "Too many serializers provided inside the META-INF/services folder, only one is allowed");
            }
            custom = first;
            searched = true;
        }
        return custom;
    }

    PojoSerializer<Object> library(Type type) {
        if (type instanceof Class<?> event && LambdaEventSerializers.isLambdaSupportedEvent(event.getName())) {
            return ofEvent(event);
        }
        return functionLoader instanceof FunctionClassLoader own && own.uses(JacksonFactory.class) ? ofChanged(type)
                : jackson().getSerializer(type);
    }

    /** Of the server's copy of the library: one for each function would cost too much time and memory. Its mapper is the function's own. */
    private JacksonFactory jackson() {
        if (jackson == null) {
            // The only public way to a factory with a mapper of its own is to ask for a naming strategy; null is the default one.
            jackson = JacksonFactory.getInstance().withNamingStrategy(null);
            LookupCache<Object, JavaType> ownCache = new LRUMap<>(16, 200);
            jackson.getMapper().setTypeFactory(TypeFactory.defaultInstance().withCache(ownCache).withClassLoader(functionLoader));
        }
        return jackson;
    }

    /**
     * The library registers a function's date classes in a mapper that is global to it, so the second function of a JVM would
     * get the first one's. The function's own copy of the library keeps them apart.
     */
    private PojoSerializer<Object> ofEvent(Class<?> event) {
        return ofFunction(LambdaEventSerializers.class, event,
                library -> library.getMethod("serializerFor", Class.class, ClassLoader.class).invoke(null, event, functionLoader));
    }

    /** For a function whose code uses the library's factory, and so may have changed it: what it has changed counts, as on Lambda. */
    private PojoSerializer<Object> ofChanged(Type type) {
        return ofFunction(JacksonFactory.class, type,
                library -> library.getMethod("getSerializer", Type.class).invoke(library.getMethod("getInstance").invoke(null), type));
    }

    @FunctionalInterface
    private interface Factory {
        Object serializer(Class<?> library) throws ReflectiveOperationException;
    }

    private PojoSerializer<Object> ofFunction(Class<?> library, Type type, Factory factory) {
        try {
            @SuppressWarnings("unchecked")
            PojoSerializer<Object> result = (PojoSerializer<Object>) factory.serializer(functionLoader.loadClass(library.getName()));
            return result;
        } catch (InvocationTargetException e) {
            throw new IllegalStateException("no serializer for " + type.getTypeName(), e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("aws-lambda-java-serialization has changed", e);
        }
    }
}
