package dev.sluice.runtime.handler;

import dev.sluice.function.FunctionVersion;
import dev.sluice.function.RuntimeKind;
import dev.sluice.invocation.ErrorDocument;
import dev.sluice.invocation.InvocationResult;
import java.util.Map;
import java.util.Optional;

/**
 * What does an error mean that says that a function's handler, or a class or module that it needs, isn't there, and what helps? The error
 * itself stays in the words of Lambda's runtimes; this says it so that one reads which code was looked through. Stateless.
 */
public final class HandlerProblem {

    private static final String JAVA_LIBRARY = "; a library is missing: build it into the JAR, put it into lib/ of the zip or a layer,"
            + " or name it in --classpath";

    /** What helps, by the type of errors that Lambda's runtimes of other languages report of nothing else. */
    private static final Map<String, String> SCRIPTS = Map.of(
            "Runtime.ImportModuleError", "; correct the handler, or add what is missing to the code or a layer",
            "Runtime.HandlerNotFound", "; correct the handler, or define and export it",
            "Runtime.MalformedHandlerName", "; the handler is file.function",
            "Runtime.BuiltInModuleConflict", "; rename the file");

    private HandlerProblem() {
    }

    /** The same result, with our reason where there is one. @param version null when none was chosen */
    public static InvocationResult explained(InvocationResult result, FunctionVersion version) {
        if (!(result instanceof InvocationResult.FunctionError error) || error.reason() != null || version == null) {
            return result;
        }
        ErrorDocument.Said said = ErrorDocument.Said.of(error);
        return reason(said, version).<InvocationResult>map(error::because).orElse(result);
    }

    private static Optional<String> reason(ErrorDocument.Said said, FunctionVersion version) {
        if (version.code().isStartedElsewhere()) {
            return Optional.empty();
        }
        boolean script = RuntimeKind.of(version.settings().runtime()).filter(kind -> kind == RuntimeKind.PYTHON || kind == RuntimeKind.NODE)
                .isPresent();
        Optional<String> remedy = version.isJava() ? java(said) : script ? Optional.ofNullable(SCRIPTS.get(said.type())) : Optional.empty();
        return remedy.map(helps -> said.message().lines().findFirst().orElse(said.type()) + " (handler " + version.settings().handler()
                + ", " + version.code().place() + ")" + helps);
    }

    private static Optional<String> java(ErrorDocument.Said said) {
        String message = said.message();
        return Optional.ofNullable(switch (said.type()) {
            case "java.lang.ClassNotFoundException" -> message.startsWith("Class not found: ")
                    ? "; correct the handler, or build the class into the code" : null;
            // The JVM says something else of a class whose initialisation has failed before.
            case "java.lang.NoClassDefFoundError" -> message.contains("Could not initialize") ? null : JAVA_LIBRARY;
            case "java.lang.TypeNotPresentException" -> message.startsWith("Error loading class ") ? JAVA_LIBRARY : null;
            case "java.lang.UnsupportedClassVersionError" -> message.startsWith("Error loading class ")
                    ? "; " + NewerClass.explain("it", message) : null;
            case "java.lang.InstantiationException" -> message.equals(said.type()) ? "; the handler's class is abstract" : null;
            case HandlerName.NOT_USABLE -> unusable(message);
            case "java.lang.Exception" -> message.endsWith(" has no public zero-argument constructor")
                    || message.endsWith(" because it is a non-static inner class") ? "; Lambda makes it without arguments" : null;
            case "java.lang.SecurityException", "java.lang.ClassFormatError", "java.lang.VerifyError",
                    "java.lang.IncompatibleClassChangeError" ->
                message.startsWith("Error loading class ") ? "" : null;
            default -> null;
        });
    }

    private static String unusable(String message) {
        if (message.startsWith("No public method named ")) {
            return "; Lambda can fill (event), (event, Context), (InputStream, OutputStream) and (InputStream, OutputStream, Context)";
        }
        return message.startsWith("Class does not implement an appropriate handler interface: ")
                ? "; implement RequestHandler or RequestStreamHandler, or name a method: package.Class::method" : "; the handler is"
                        + " package.Class or package.Class::method";
    }
}
