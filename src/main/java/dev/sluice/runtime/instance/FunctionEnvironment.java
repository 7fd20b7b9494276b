package dev.sluice.runtime.instance;

import dev.sluice.function.FunctionSettings;
import dev.sluice.function.FunctionVersion;
import dev.sluice.function.LoggingConfig;
import dev.sluice.runtime.code.PlatformEncoding;
import dev.sluice.runtime.code.ServerPath;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which environment variables does a function see? Lambda's own, over them those of all functions, over them its own; never the
 * server's. Names and values are those of "Defined runtime environment variables" in Lambda's developer guide, and of what
 * functions have printed there. Left out are {@code AWS_LAMBDA_RUNTIME_API}, which has no meaning in this JVM, and
 * {@code _X_AMZN_TRACE_ID}, which changes with each call, and which functions of Java 17 and newer don't have on Lambda either.
 */
public final class FunctionEnvironment {

    public static final String LAMBDAS_LANG = "en_US.UTF-8";
    private static final String TASK_ROOT = "/var/task";
    private static final String RUNTIME_DIR = "/var/runtime";
    /** Where glibc has those that are installed, and how it has called that of C.UTF-8. */
    private static final Path LOCALES = Path.of("/usr/lib/locale");
    private static final List<String> PLAIN_LOCALES = List.of("C.utf8", "C.UTF-8");
    /** Whoever says one of these brings credentials: a made-up token or key beside them would spoil them, or win over them. */
    private static final Set<String> CREDENTIALS = Set.of("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN",
            "AWS_PROFILE", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");

    private FunctionEnvironment() {
    }

    /**
     * That of a process. What Lambda's own file system has isn't there: the path is this server's, and where the code is is told
     * truly. {@code AWS_LAMBDA_RUNTIME_API} is up to whoever answers there.
     *
     * @param taskRoot where the code is
     */
    public static Map<String, String> ofProcess(Instance.Origin origin, String logStream, SharedEnvironment shared, Path taskRoot) {
        FunctionVersion version = origin.version();
        Map<String, String> all = new HashMap<>(of(version, logStream, shared));
        Set<String> given = new HashSet<>(shared.variables().keySet());
        given.addAll(version.settings().environment().keySet());
        Map<String, String> own = new HashMap<>();
        own.put("LAMBDA_TASK_ROOT", taskRoot.toString());
        own.put("PATH", ServerPath.TEXT);
        own.put("LD_LIBRARY_PATH", null);
        own.put("LC_ALL", plainLocale());
        origin.layers().directory()
                .ifPresent(layers -> own.putAll(LayerVariables.of(layers, version.settings().runtime(), ServerPath.TEXT)));
        own.keySet().removeAll(given);
        own.forEach((name, value) -> all.compute(name, (same, lambdas) -> value));
        return Map.copyOf(all);
    }

    /**
     * This server's, when it is C.UTF-8, as in a container, where Lambda's mostly isn't installed: a JVM in an unknown one knows no
     * file whose path isn't ASCII, code in such a directory included, and reads no such variable. The same in a server whose own is
     * none of UTF-8. Null for Lambda's. A user's own would change the formats.
     */
    private static String plainLocale() {
        if (!PlatformEncoding.isUtf8()) {
            return PLAIN_LOCALES.stream().map(LOCALES::resolve).anyMatch(Files::isDirectory) ? "C.UTF-8" : null;
        }
        Map<String, String> servers = new ProcessBuilder().environment();
        return Stream.of("LC_ALL", "LC_CTYPE", "LANG").map(servers::get).filter(value -> value != null && !value.isEmpty()).findFirst()
                .filter(value -> value.matches("C\\.(?i)utf-?8") && "UTF-8".equals(System.getProperty("sun.jnu.encoding"))).orElse(null);
    }

    /** Unmodifiable, and as strict about nulls as the JDK's. */
    public static Map<String, String> of(FunctionVersion version, String logStream, SharedEnvironment shared) {
        Map<String, String> given = new LinkedHashMap<>(shared.variables());
        given.putAll(version.settings().environment());
        Map<String, String> all = lambdas(version, logStream, shared);
        if (given.keySet().stream().noneMatch(CREDENTIALS::contains)) {
            // The key names the account, so that what the function calls locally finds the account's own resources.
            all.put("AWS_ACCESS_KEY_ID", shared.scope().accountId());
            all.put("AWS_SECRET_ACCESS_KEY", "sluice");
            all.put("AWS_SESSION_TOKEN", "sluice");
        }
        all.putAll(given);
        return Map.copyOf(all);
    }

    private static Map<String, String> lambdas(FunctionVersion version, String logStream, SharedEnvironment shared) {
        FunctionSettings settings = version.settings();
        Map<String, String> variables = new LinkedHashMap<>();
        if (settings.handler() != null) {
            variables.put("_HANDLER", settings.handler());
        }
        variables.put("AWS_REGION", shared.scope().region());
        variables.put("AWS_DEFAULT_REGION", shared.scope().region());
        String runtime = settings.runtime() == null && version.isJava() ? "java" + Runtime.version().feature() : settings.runtime();
        if (runtime != null && !runtime.startsWith("provided")) {
            // Not defined where the user brings the runtime, the developer guide says.
            variables.put("AWS_EXECUTION_ENV", "AWS_Lambda_" + runtime);
        }
        variables.put("AWS_LAMBDA_FUNCTION_NAME", version.function());
        variables.put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", String.valueOf(settings.memoryMb()));
        variables.put("AWS_LAMBDA_FUNCTION_VERSION", version.version());
        variables.put("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand");
        variables.put("AWS_LAMBDA_LOG_GROUP_NAME", version.logGroup());
        variables.put("AWS_LAMBDA_LOG_STREAM_NAME", logStream);
        LoggingConfig logging = settings.logging();
        variables.put("AWS_LAMBDA_LOG_FORMAT", logging.isJson() ? "JSON" : "Text");
        if (logging.isJson()) {
            variables.put("AWS_LAMBDA_LOG_LEVEL", logging.application().name());
        }
        // Lambda names a link-local address; this is where an X-Ray daemon of one's own listens.
        variables.put("AWS_XRAY_CONTEXT_MISSING", "LOG_ERROR");
        variables.put("AWS_XRAY_DAEMON_ADDRESS", "127.0.0.1:2000");
        variables.put("_AWS_XRAY_DAEMON_ADDRESS", "127.0.0.1");
        variables.put("_AWS_XRAY_DAEMON_PORT", "2000");
        variables.put("LAMBDA_TASK_ROOT", TASK_ROOT);
        variables.put("LAMBDA_RUNTIME_DIR", RUNTIME_DIR);
        variables.put("TZ", ":UTC");
        variables.put("LANG", LAMBDAS_LANG);
        variables.put("PATH", "/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin");
        variables.put("LD_LIBRARY_PATH", "/var/lang/lib:/lib64:/usr/lib64:" + RUNTIME_DIR + ":" + RUNTIME_DIR + "/lib:" + TASK_ROOT
                + ":" + TASK_ROOT + "/lib:/opt/lib");
        return variables;
    }
}
