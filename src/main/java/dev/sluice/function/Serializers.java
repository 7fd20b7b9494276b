package dev.sluice.function;

import com.amazonaws.lambda.thirdparty.com.fasterxml.jackson.databind.JavaType;
import com.amazonaws.lambda.thirdparty.com.fasterxml.jackson.databind.type.TypeFactory;
import com.amazonaws.lambda.thirdparty.com.fasterxml.jackson.databind.util.LRUMap;
import com.amazonaws.lambda.thirdparty.com.fasterxml.jackson.databind.util.LookupCache;
import com.amazonaws.services.lambda.runtime.CustomPojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.amazonaws.services.lambda.runtime.serialization.factories.JacksonFactory;
import java.io.IOException;
import java.io.InputStream;
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
    private final JacksonFactory jackson;
    private boolean searched;
    private CustomPojoSerializer custom;

    Serializers(ClassLoader functionLoader) {
        this.functionLoader = functionLoader;
        // The only public way to a factory with a mapper of its own is to ask for a naming strategy; null is the default one.
        this.jackson = JacksonFactory.getInstance().withNamingStrategy(null);
        LookupCache<Object, JavaType> ownCache = new LRUMap<>(16, 200);
        this.jackson.getMapper().setTypeFactory(TypeFactory.defaultInstance().withCache(ownCache).withClassLoader(functionLoader));
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
        return jackson.getSerializer(type);
    }

    /**
     * The library registers a function's date classes in a mapper that is global to it, so the second function of a JVM would
     * get the first one's. A copy of the library per instance keeps them apart.
     */
    private PojoSerializer<Object> ofEvent(Class<?> event) {
        try {
            Class<?> copy = new LibraryCopy().loadClass(LambdaEventSerializers.class.getName());
            Object serializer = copy.getMethod("serializerFor", Class.class, ClassLoader.class).invoke(null, event, functionLoader);
            @SuppressWarnings("unchecked")
            PojoSerializer<Object> result = (PojoSerializer<Object>) serializer;
            return result;
        } catch (InvocationTargetException e) {
            throw new IllegalStateException("no serializer for " + event.getName(), e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("aws-lambda-java-serialization has changed", e);
        }
    }

    /** Defines the library's classes anew; only the interface through which we use it is shared. */
    private static final class LibraryCopy extends ClassLoader {
        private static final String OWN = PojoSerializer.class.getPackageName() + ".";
        private static final String THIRD_PARTY = "com.amazonaws.lambda.thirdparty.";

        private LibraryCopy() {
            super(Serializers.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            boolean copied = (name.startsWith(OWN) || name.startsWith(THIRD_PARTY)) && !name.equals(PojoSerializer.class.getName());
            if (!copied) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded != null ? loaded : define(name);
            }
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (in == null) {
                    throw new ClassNotFoundException(name);
                }
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }
}
