package dev.sluice.runtime.handler;

import dev.sluice.function.FunctionVersion;
import dev.sluice.function.NotRunnableException;

/**
 * What does a function's handler name? A class, and a method of it or none. Immutable.
 *
 * @param methodName null for the form {@code package.Class}
 */
public record HandlerName(String text, String className, String methodName) {

    /** The type under which Lambda's Java runtime reports a handler that it can't use. */
    static final String NOT_USABLE = "Runtime.BadFunctionCode";

    /** @param where the code is, for the message */
    public static HandlerName of(FunctionVersion version, String where) throws NotRunnableException {
        String handler = version.settings().handler();
        if (handler == null) {
            throw NotRunnableException.functionError(NOT_USABLE, "function " + version.function() + " has no handler; give package.Class or"
                    + " package.Class::method of " + where, null);
        }
        return parse(handler);
    }

    static HandlerName parse(String handler) {
        int colons = handler.lastIndexOf("::");
        return new HandlerName(handler, colons < 0 ? handler : handler.substring(0, colons),
                colons < 0 ? null : handler.substring(colons + 2));
    }

    /** Finds it without running any of the user's code; the words are those of Lambda's Java runtime. */
    HandlerShape shape(ClassLoader loader) throws NotRunnableException {
        if (className.isEmpty() || methodName != null && methodName.isEmpty()) {
            throw NotRunnableException.functionError(NOT_USABLE, "Invalid handler: `" + text + "'", null);
        }
        try {
            return HandlerShape.of(Class.forName(className, false, loader), methodName);
        } catch (ClassNotFoundException e) {
            throw NotRunnableException.functionError(e.getClass().getName(), "Class not found: " + className, e);
        } catch (LinkageError | SecurityException | TypeNotPresentException e) {
            // The second: of a package of Java's own, or wrongly signed. The third: a library that is missing, in the handler's types.
            throw NotRunnableException.functionError(e.getClass().getName(),
                    "Error loading class " + className + (e.getMessage() == null ? "" : ": " + e.getMessage()), e);
        }
    }
}
