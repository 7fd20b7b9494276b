package dev.sluice.runtime.handler;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which calls reach more of the JVM than the code that makes them, and what becomes of each in a JVM that functions share? The one table
 * of them; a test holds it against the JDK, and another against what a function's neighbours see. Stateless, thread-safe.
 *
 * <p>Of an owner that isn't final the same method may be named by a subclass of it, or be called by {@code super.}: those are meant too.
 * Rows with {@code exact} name methods whose like nearly every class has: asking for the ancestry of every map that is put into would
 * cost each function its start.
 */
public final class JvmWideCalls {

    private static final Map<String, List<JvmWideCall>> BY_NAME_AND_DESCRIPTOR = new HashMap<>();
    private static final Set<String> NAMES = new HashSet<>();
    private static final List<JvmWideCall> ALL;

    /** The classes of the JDK that find an implementation by an algorithm's name among the security providers. */
    static final List<String> ENGINES = List.of("java/security/AlgorithmParameterGenerator", "java/security/AlgorithmParameters",
            "java/security/KeyFactory", "java/security/KeyPairGenerator", "java/security/KeyStore", "java/security/MessageDigest",
            "java/security/SecureRandom", "java/security/Signature", "java/security/cert/CertPathBuilder",
            "java/security/cert/CertPathValidator", "java/security/cert/CertificateFactory", "javax/crypto/Cipher",
            "javax/crypto/ExemptionMechanism", "javax/crypto/KeyAgreement", "javax/crypto/KeyGenerator", "javax/crypto/Mac",
            "javax/crypto/SecretKeyFactory", "javax/net/ssl/KeyManagerFactory", "javax/net/ssl/SSLContext",
            "javax/net/ssl/TrustManagerFactory");

    /** Owners without subclasses. */
    private static final Set<String> FINAL = Set.of("java/lang/System", "java/lang/Runtime", "java/lang/ProcessBuilder",
            "java/nio/file/FileSystems", "java/security/Security", "java/util/Locale", "java/net/URL", "sun/misc/Signal",
            "java/io/ObjectInputFilter$Config", "com/amazonaws/services/lambda/runtime/LambdaRuntimeInternal");

    static {
        Rows rows = new Rows();
        own(rows);
        elsewhere(rows);
        asked(rows);
        // As JDK 24 and newer do by themselves.
        rows.add(JvmWideCall.Treatment.REFUSED, null, "java/lang/System", "static setSecurityManager(Ljava/lang/SecurityManager;)V");
        ALL = List.copyOf(rows.calls);
        for (JvmWideCall call : ALL) {
            BY_NAME_AND_DESCRIPTOR.computeIfAbsent(call.name() + call.descriptor(), key -> new ArrayList<>(1)).add(call);
            NAMES.add(call.name());
        }
    }

    private JvmWideCalls() {
    }

    /** Every row. */
    static List<JvmWideCall> all() {
        return ALL;
    }

    /** Whether a row has this name. */
    static boolean names(String name) {
        return NAMES.contains(name);
    }

    /** The rows of this method, whoever's; empty for none. @param descriptor of a method, or of a field */
    static List<JvmWideCall> named(String name, String descriptor) {
        return BY_NAME_AND_DESCRIPTOR.getOrDefault(name + descriptor, List.of());
    }

    /** The instance gets one of its own, and the code stays where it is. */
    private static void own(Rows rows) {
        rows.own(HandlerSystem.class, "java/lang/System", "static getenv()Ljava/util/Map;",
                "static getenv(Ljava/lang/String;)Ljava/lang/String;",
                "static exit(I)V", "field out Ljava/io/PrintStream;", "field err Ljava/io/PrintStream;", "field in Ljava/io/InputStream;",
                "static setOut(Ljava/io/PrintStream;)V", "static setErr(Ljava/io/PrintStream;)V", "static setIn(Ljava/io/InputStream;)V");
        rows.own(HandlerOnce.class, "java/lang/System", "static load(Ljava/lang/String;)V", "static loadLibrary(Ljava/lang/String;)V");
        rows.own(HandlerOnce.class, "java/lang/Runtime", "load(Ljava/lang/String;)V", "loadLibrary(Ljava/lang/String;)V");
        rows.own(HandlerSystem.class, "java/lang/Runtime", "exit(I)V", "halt(I)V", "addShutdownHook(Ljava/lang/Thread;)V",
                "removeShutdownHook(Ljava/lang/Thread;)Z", "exec(Ljava/lang/String;)Ljava/lang/Process;",
                "exec(Ljava/lang/String;[Ljava/lang/String;)Ljava/lang/Process;",
                "exec(Ljava/lang/String;[Ljava/lang/String;Ljava/io/File;)Ljava/lang/Process;",
                "exec([Ljava/lang/String;)Ljava/lang/Process;", "exec([Ljava/lang/String;[Ljava/lang/String;)Ljava/lang/Process;",
                "exec([Ljava/lang/String;[Ljava/lang/String;Ljava/io/File;)Ljava/lang/Process;");
        rows.own(HandlerSystem.class, "java/lang/ProcessBuilder", "environment()Ljava/util/Map;", "start()Ljava/lang/Process;",
                "static startPipeline(Ljava/util/List;)Ljava/util/List;");
        rows.own(HandlerSystem.class, "java/lang/Thread",
                "static setDefaultUncaughtExceptionHandler(Ljava/lang/Thread$UncaughtExceptionHandler;)V",
                "static getDefaultUncaughtExceptionHandler()Ljava/lang/Thread$UncaughtExceptionHandler;");
        rows.own(HandlerSystem.class, "com/amazonaws/services/lambda/runtime/LambdaRuntimeInternal", "static setUseLog4jAppender(Z)V",
                "static getUseLog4jAppender()Z");
        rows.own(HandlerOnce.class, "java/nio/file/FileSystems",
                "static newFileSystem(Ljava/net/URI;Ljava/util/Map;)Ljava/nio/file/FileSystem;",
                "static newFileSystem(Ljava/net/URI;Ljava/util/Map;Ljava/lang/ClassLoader;)Ljava/nio/file/FileSystem;");
        // Drivers ask for it, and those of a function are its own; connection pools set it.
        rows.own(HandlerSystem.class, "java/sql/DriverManager", "static setLoginTimeout(I)V", "static getLoginTimeout()I");
        rows.own(HandlerBeans.class, "java/lang/management/ManagementFactory",
                "static getPlatformMBeanServer()Ljavax/management/MBeanServer;");
        rows.own(HandlerBeans.class, "javax/management/MBeanServerFactory", "static createMBeanServer()Ljavax/management/MBeanServer;",
                "static createMBeanServer(Ljava/lang/String;)Ljavax/management/MBeanServer;",
                "static findMBeanServer(Ljava/lang/String;)Ljava/util/ArrayList;",
                "static releaseMBeanServer(Ljavax/management/MBeanServer;)V");
        rows.own(HandlerProviders.class, "java/security/Security", "static addProvider(Ljava/security/Provider;)I",
                "static insertProviderAt(Ljava/security/Provider;I)I", "static removeProvider(Ljava/lang/String;)V",
                "static getProvider(Ljava/lang/String;)Ljava/security/Provider;", "static getProviders()[Ljava/security/Provider;",
                "static getProviders(Ljava/lang/String;)[Ljava/security/Provider;",
                "static getProviders(Ljava/util/Map;)[Ljava/security/Provider;",
                "static getAlgorithms(Ljava/lang/String;)Ljava/util/Set;");
        rows.own(HandlerProviders.class, "javax/security/sasl/Sasl",
                "static createSaslClient([Ljava/lang/String;Ljava/lang/String;Ljava/lang/String;Ljava/lang/String;Ljava/util/Map;"
                        + "Ljavax/security/auth/callback/CallbackHandler;)Ljavax/security/sasl/SaslClient;",
                "static createSaslServer(Ljava/lang/String;Ljava/lang/String;Ljava/lang/String;Ljava/util/Map;"
                        + "Ljavax/security/auth/callback/CallbackHandler;)Ljavax/security/sasl/SaslServer;",
                "static getSaslClientFactories()Ljava/util/Enumeration;", "static getSaslServerFactories()Ljava/util/Enumeration;");
        for (String engine : ENGINES) {
            rows.add(JvmWideCall.Treatment.ENGINE, HandlerProviders.class, engine, "static getInstance(Ljava/lang/String;)L" + engine + ";",
                    "static getInstance(Ljava/lang/String;Ljava/lang/String;)L" + engine + ";");
        }
    }

    /** There is one in a JVM, so the code gets a JVM of its own. */
    private static void elsewhere(Rows rows) {
        rows.elsewhere("java/util/TimeZone", "static setDefault(Ljava/util/TimeZone;)V");
        rows.elsewhere("java/util/Locale", "static setDefault(Ljava/util/Locale;)V",
                "static setDefault(Ljava/util/Locale$Category;Ljava/util/Locale;)V");
        rows.elsewhere("java/lang/System", "static setProperties(Ljava/util/Properties;)V");
        rows.elsewhere("java/net/URL", "static setURLStreamHandlerFactory(Ljava/net/URLStreamHandlerFactory;)V");
        rows.elsewhere("java/net/URLConnection", "static setContentHandlerFactory(Ljava/net/ContentHandlerFactory;)V",
                "static setFileNameMap(Ljava/net/FileNameMap;)V", "static setDefaultAllowUserInteraction(Z)V", "setDefaultUseCaches(Z)V",
                "static setDefaultUseCaches(Ljava/lang/String;Z)V");
        rows.elsewhere("java/net/HttpURLConnection", "static setFollowRedirects(Z)V");
        rows.elsewhere("java/net/Socket", "static setSocketImplFactory(Ljava/net/SocketImplFactory;)V");
        rows.elsewhere("java/net/ServerSocket", "static setSocketFactory(Ljava/net/SocketImplFactory;)V");
        rows.elsewhere("java/net/DatagramSocket", "static setDatagramSocketImplFactory(Ljava/net/DatagramSocketImplFactory;)V");
        rows.elsewhere("java/net/ProxySelector", "static setDefault(Ljava/net/ProxySelector;)V");
        rows.elsewhere("java/net/CookieHandler", "static setDefault(Ljava/net/CookieHandler;)V");
        rows.elsewhere("java/net/ResponseCache", "static setDefault(Ljava/net/ResponseCache;)V");
        rows.elsewhere("java/net/Authenticator", "static setDefault(Ljava/net/Authenticator;)V");
        rows.elsewhere("javax/net/ssl/SSLContext", "static setDefault(Ljavax/net/ssl/SSLContext;)V");
        rows.elsewhere("javax/net/ssl/HttpsURLConnection", "static setDefaultHostnameVerifier(Ljavax/net/ssl/HostnameVerifier;)V",
                "static setDefaultSSLSocketFactory(Ljavax/net/ssl/SSLSocketFactory;)V");
        rows.elsewhere("java/security/Security", "static setProperty(Ljava/lang/String;Ljava/lang/String;)V");
        rows.elsewhere("java/security/Policy", "static setPolicy(Ljava/security/Policy;)V");
        rows.elsewhere("javax/security/auth/login/Configuration",
                "static setConfiguration(Ljavax/security/auth/login/Configuration;)V");
        rows.elsewhere("java/io/ObjectInputFilter$Config", "static setSerialFilter(Ljava/io/ObjectInputFilter;)V",
                "static setSerialFilterFactory(Ljava/util/function/BinaryOperator;)V");
        rows.elsewhere("java/time/zone/ZoneRulesProvider", "static registerProvider(Ljava/time/zone/ZoneRulesProvider;)V");
        rows.elsewhere("javax/naming/spi/NamingManager",
                "static setInitialContextFactoryBuilder(Ljavax/naming/spi/InitialContextFactoryBuilder;)V",
                "static setObjectFactoryBuilder(Ljavax/naming/spi/ObjectFactoryBuilder;)V");
        rows.elsewhere("java/rmi/server/RMISocketFactory", "static setSocketFactory(Ljava/rmi/server/RMISocketFactory;)V",
                "static setFailureHandler(Ljava/rmi/server/RMIFailureHandler;)V");
        rows.elsewhere("java/sql/DriverManager", "static setLogWriter(Ljava/io/PrintWriter;)V",
                "static setLogStream(Ljava/io/PrintStream;)V");
        rows.elsewhere("java/beans/PropertyEditorManager", "static registerEditor(Ljava/lang/Class;Ljava/lang/Class;)V",
                "static setEditorSearchPath([Ljava/lang/String;)V");
        rows.elsewhere("java/beans/Introspector", "static setBeanInfoSearchPath([Ljava/lang/String;)V");
        rows.elsewhere("sun/misc/Signal", "static handle(Lsun/misc/Signal;Lsun/misc/SignalHandler;)Lsun/misc/SignalHandler;",
                "static raise(Lsun/misc/Signal;)V");
        rows.elsewhere("java/util/logging/LogManager", "readConfiguration()V", "readConfiguration(Ljava/io/InputStream;)V",
                "updateConfiguration(Ljava/util/function/Function;)V",
                "updateConfiguration(Ljava/io/InputStream;Ljava/util/function/Function;)V", "exact reset()V");
        rows.elsewhere("java/lang/management/MemoryPoolMXBean", "setUsageThreshold(J)V", "setCollectionUsageThreshold(J)V");
    }

    /** The receiver tells whether it is everybody's: the root of all loggers, the system's properties, a provider of the JDK's. */
    private static void asked(Rows rows) {
        rows.asked("java/util/logging/Logger", "setLevel(Ljava/util/logging/Level;)V", "addHandler(Ljava/util/logging/Handler;)V",
                "removeHandler(Ljava/util/logging/Handler;)V", "setFilter(Ljava/util/logging/Filter;)V", "setUseParentHandlers(Z)V",
                "setParent(Ljava/util/logging/Logger;)V", "setResourceBundle(Ljava/util/ResourceBundle;)V");
        rows.asked("java/util/logging/Handler", "setLevel(Ljava/util/logging/Level;)V", "setFilter(Ljava/util/logging/Filter;)V",
                "setFormatter(Ljava/util/logging/Formatter;)V", "setErrorManager(Ljava/util/logging/ErrorManager;)V",
                "setEncoding(Ljava/lang/String;)V", "exact close()V");
        rows.asked("java/util/logging/ConsoleHandler", "exact close()V");
        rows.asked("java/util/Properties", "exact clear()V", "exact load(Ljava/io/InputStream;)V", "exact load(Ljava/io/Reader;)V",
                "exact loadFromXML(Ljava/io/InputStream;)V", "exact putAll(Ljava/util/Map;)V");
        rows.asked("java/security/Provider", "exact clear()V", "exact load(Ljava/io/InputStream;)V", "exact putAll(Ljava/util/Map;)V",
                "exact put(Ljava/lang/Object;Ljava/lang/Object;)Ljava/lang/Object;",
                "exact remove(Ljava/lang/Object;)Ljava/lang/Object;");
        rows.asked("java/lang/ThreadGroup", "setMaxPriority(I)V", "setDaemon(Z)V", "exact interrupt()V");
    }

    /** Takes rows as they are read best: {@code static}, {@code field} or {@code exact} before the name and its descriptor. */
    private static final class Rows {
        private final List<JvmWideCall> calls = new ArrayList<>();

        private void own(Class<?> substitute, String owner, String... methods) {
            add(JvmWideCall.Treatment.OWN, substitute, owner, methods);
        }

        private void elsewhere(String owner, String... methods) {
            add(JvmWideCall.Treatment.ELSEWHERE, null, owner, methods);
        }

        private void asked(String owner, String... methods) {
            add(JvmWideCall.Treatment.ASKED, null, owner, methods);
        }

        private void add(JvmWideCall.Treatment treatment, Class<?> substitute, String owner, String... methods) {
            for (String method : methods) {
                int space = method.indexOf(' ');
                String word = space < 0 ? "" : method.substring(0, space);
                String rest = word.equals("field") ? method.substring(space + 1).replace(" ", "") : method.substring(space + 1);
                String name = word.equals("field") ? method.split(" ")[1] : rest.substring(0, rest.indexOf('('));
                calls.add(new JvmWideCall(owner, name, rest.substring(name.length()),
                        word.equals("static") || word.equals("field"),
                        word.equals("exact") || FINAL.contains(owner) || treatment == JvmWideCall.Treatment.ENGINE, treatment,
                        substitute == null ? null : substitute.getName().replace('.', '/')));
            }
        }
    }
}
