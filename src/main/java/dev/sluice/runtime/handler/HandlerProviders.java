package dev.sluice.runtime.handler;

import java.lang.reflect.InvocationTargetException;
import java.security.GeneralSecurityException;
import java.security.NoSuchAlgorithmException;
import java.security.NoSuchProviderException;
import java.security.Provider;
import java.security.Security;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.security.auth.callback.CallbackHandler;
import javax.security.sasl.Sasl;
import javax.security.sasl.SaslClient;
import javax.security.sasl.SaslClientFactory;
import javax.security.sasl.SaslException;
import javax.security.sasl.SaslServer;
import javax.security.sasl.SaslServerFactory;

/**
 * Which security providers does a function's code find? The JDK's, and behind them those that the code of its instance has added; neither
 * the server's nor another function's. What the JDK looks for by itself is looked for among its own only. As {@link HandlerSystem},
 * defined once more by every {@link FunctionClassLoader}; it knows the JDK and that class only. Thread-safe.
 */
public final class HandlerProviders {

    private static final List<Provider> ADDED = new CopyOnWriteArrayList<>();

    private HandlerProviders() {
    }

    // Security

    /** {@link Security#addProvider}. */
    public static int addProvider(Provider provider) {
        return insertProviderAt(provider, 0);
    }

    /** {@link Security#insertProviderAt}: before one of the JDK's it would change what everybody gets. */
    public static int insertProviderAt(Provider provider, int position) {
        synchronized (ADDED) {
            if (getProvider(provider.getName()) != null) {
                return -1;
            }
            int jdks = jdks().size();
            if (position < 1 || position > jdks) {
                int index = position < 1 ? ADDED.size() : Math.min(position - 1 - jdks, ADDED.size());
                ADDED.add(index, provider);
                return jdks + index + 1;
            }
        }
        HandlerSystem.elsewhere("java.security.Security.insertProviderAt");
        return Security.insertProviderAt(provider, position);
    }

    /** {@link Security#removeProvider}. */
    public static void removeProvider(String name) {
        if (ADDED.removeIf(provider -> provider.getName().equals(name)) || getProvider(name) == null) {
            return;
        }
        HandlerSystem.elsewhere("java.security.Security.removeProvider");
        Security.removeProvider(name);
    }

    /** {@link Security#getProvider}. */
    public static Provider getProvider(String name) {
        return all().stream().filter(provider -> provider.getName().equals(name)).findFirst().orElse(null);
    }

    /** {@link Security#getProviders()}. */
    public static Provider[] getProviders() {
        return all().toArray(new Provider[0]);
    }

    /** {@link Security#getProviders(String)}. */
    public static Provider[] getProviders(String filter) {
        int colon = filter.indexOf(':');
        return colon < 0 ? getProviders(Map.of(filter, "")) : getProviders(Map.of(filter.substring(0, colon), filter.substring(colon + 1)));
    }

    /** {@link Security#getProviders(Map)}. */
    public static Provider[] getProviders(Map<String, String> filter) {
        Provider[] ofJdk = Security.getProviders(filter); // also says what is wrong with the filter
        List<Provider> found = new ArrayList<>(ofJdk == null ? List.of() : Arrays.stream(ofJdk).filter(HandlerProviders::isJdks).toList());
        ADDED.stream().filter(provider -> filter.entrySet().stream().allMatch(wanted -> has(provider, wanted.getKey(), wanted.getValue())))
                .forEach(found::add);
        return found.isEmpty() ? null : found.toArray(new Provider[0]);
    }

    /** {@link Security#getAlgorithms}. */
    public static Set<String> getAlgorithms(String serviceName) {
        Set<String> names = new HashSet<>(Security.getAlgorithms(serviceName));
        ADDED.forEach(provider -> provider.getServices().stream().filter(service -> service.getType().equalsIgnoreCase(serviceName))
                .forEach(service -> names.add(service.getAlgorithm().toUpperCase(Locale.ENGLISH))));
        return Collections.unmodifiableSet(new TreeSet<>(names));
    }

    /** {@code TYPE.ALGORITHM}, or that and an attribute behind a blank. */
    private static boolean has(Provider provider, String key, String value) {
        int dot = key.indexOf('.');
        int blank = key.indexOf(' ');
        Provider.Service service = provider.getService(key.substring(0, dot), key.substring(dot + 1, blank < 0 ? key.length() : blank));
        return service != null && (blank < 0 || value.equalsIgnoreCase(service.getAttribute(key.substring(blank + 1).strip())));
    }

    private static List<Provider> jdks() {
        return Arrays.stream(Security.getProviders()).filter(HandlerProviders::isJdks).toList();
    }

    private static List<Provider> all() {
        List<Provider> all = new ArrayList<>(jdks());
        all.addAll(ADDED);
        return all;
    }

    private static boolean isJdks(Provider provider) {
        ClassLoader loader = provider.getClass().getClassLoader();
        return loader == null || loader == ClassLoader.getPlatformClassLoader();
    }

    // What finds an implementation among the providers

    /** {@code getInstance(algorithm)} of this class of the JDK. */
    public static Object getInstance(String engine, String algorithm) {
        Class<?> type = type(engine);
        try {
            return get(type, new Class<?>[] {String.class}, algorithm);
        } catch (Failed notOfJdk) {
            for (Provider provider : ADDED) {
                try {
                    return get(type, new Class<?>[] {String.class, Provider.class}, algorithm, provider);
                } catch (Failed nor) {
                    continue; // the JDK's own failure is what is told
                }
            }
            throw HandlerProviders.<RuntimeException>unchecked(notOfJdk.getCause());
        }
    }

    /** {@code getInstance(algorithm, provider)} of this class of the JDK. */
    public static Object getInstance(String engine, String algorithm, String provider) {
        Class<?> type = type(engine);
        try {
            if (provider == null || provider.isEmpty()) {
                return get(type, new Class<?>[] {String.class, String.class}, algorithm, provider); // says what is wrong with it
            }
            Provider found = getProvider(provider);
            if (found == null) {
                throw HandlerProviders.<RuntimeException>unchecked(new NoSuchProviderException("no such provider: " + provider));
            }
            return get(type, new Class<?>[] {String.class, Provider.class}, algorithm, found);
        } catch (Failed e) {
            throw HandlerProviders.<RuntimeException>unchecked(e.getCause());
        }
    }

    private static Class<?> type(String engine) {
        try {
            return Class.forName(engine);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("the JDK has no " + engine, e);
        }
    }

    private static final class Failed extends Exception {
        private static final long serialVersionUID = 1L;

        private Failed(GeneralSecurityException cause) {
            super(cause);
        }
    }

    private static Object get(Class<?> type, Class<?>[] parameters, Object... arguments) throws Failed {
        try {
            return type.getMethod("getInstance", parameters).invoke(null, arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof GeneralSecurityException failure) {
                throw new Failed(failure);
            }
            throw HandlerProviders.<RuntimeException>unchecked(e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the JDK's " + type.getName() + " has no such getInstance", e);
        }
    }

    /** The caller's method declares it. */
    @SuppressWarnings("unchecked")
    private static <T extends Throwable> T unchecked(Throwable error) throws T {
        throw (T) error;
    }

    // Sasl

    /** {@link Sasl#createSaslClient}. */
    public static SaslClient createSaslClient(String[] mechanisms, String authorizationId, String protocol, String serverName,
            Map<String, ?> properties, CallbackHandler callbacks) throws SaslException {
        for (String mechanism : mechanisms) {
            if (mechanism == null) {
                throw new NullPointerException("Mechanism name cannot be null");
            }
            for (Provider provider : all()) {
                SaslClientFactory factory = (SaslClientFactory) factory(provider, "SaslClientFactory", mechanism);
                SaslClient client = factory == null ? null
                        : factory.createSaslClient(new String[] {mechanism}, authorizationId, protocol, serverName, properties, callbacks);
                if (client != null) {
                    return client;
                }
            }
        }
        return null;
    }

    /** {@link Sasl#createSaslServer}. */
    public static SaslServer createSaslServer(String mechanism, String protocol, String serverName, Map<String, ?> properties,
            CallbackHandler callbacks) throws SaslException {
        if (mechanism == null) {
            throw new NullPointerException("Mechanism name cannot be null");
        }
        for (Provider provider : all()) {
            SaslServerFactory factory = (SaslServerFactory) factory(provider, "SaslServerFactory", mechanism);
            SaslServer server = factory == null ? null : factory.createSaslServer(mechanism, protocol, serverName, properties, callbacks);
            if (server != null) {
                return server;
            }
        }
        return null;
    }

    /** {@link Sasl#getSaslClientFactories}. */
    public static Enumeration<SaslClientFactory> getSaslClientFactories() {
        return factories("SaslClientFactory", SaslClientFactory.class);
    }

    /** {@link Sasl#getSaslServerFactories}. */
    public static Enumeration<SaslServerFactory> getSaslServerFactories() {
        return factories("SaslServerFactory", SaslServerFactory.class);
    }

    private static <T> Enumeration<T> factories(String type, Class<T> as) {
        List<T> found = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (Provider provider : all()) {
            for (Provider.Service service : provider.getServices()) {
                if (service.getType().equals(type) && seen.add(service.getClassName())) {
                    try {
                        found.add(as.cast(service.newInstance(null)));
                    } catch (NoSuchAlgorithmException unusable) {
                        continue; // as the JDK's does
                    }
                }
            }
        }
        return Collections.enumeration(found);
    }

    private static Object factory(Provider provider, String type, String mechanism) throws SaslException {
        Provider.Service service = provider.getService(type, mechanism);
        try {
            return service == null ? null : service.newInstance(null);
        } catch (NoSuchAlgorithmException e) {
            throw new SaslException("Cannot instantiate class " + service.getClassName(), e);
        }
    }
}
