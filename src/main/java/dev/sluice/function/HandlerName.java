package dev.sluice.function;

/**
 * What does a function's handler name? A class, and a method of it or none. Immutable.
 *
 * @param methodName null for the form {@code package.Class}
 */
record HandlerName(String text, String className, String methodName) {

    /** @param where the code is, for the message */
    static HandlerName of(FunctionVersion version, String where) throws NotRunnableException {
        String handler = version.settings().handler();
        if (handler == null) {
            throw new NotRunnableException("function " + version.function() + " has no handler; give package.Class or"
                    + " package.Class::method of " + where);
        }
        return parse(handler);
    }

    static HandlerName parse(String handler) {
        int colons = handler.lastIndexOf("::");
        return new HandlerName(handler, colons < 0 ? handler : handler.substring(0, colons),
                colons < 0 ? null : handler.substring(colons + 2));
    }

    /** Finds it without running any of the user's code. @param where the code is, for the message */
    HandlerShape shape(ClassLoader loader, String where) throws NotRunnableException {
        try {
            return HandlerShape.of(Class.forName(className, false, loader), methodName);
        } catch (NotRunnableException e) {
            throw new NotRunnableException(e.getMessage() + " (handler " + text + ", " + where + ")", e);
        } catch (ClassNotFoundException e) {
            throw new NotRunnableException("Class not found: " + className + " (in " + where + ")", e);
        } catch (UnsupportedClassVersionError e) {
            throw new NotRunnableException(NewerClass.explain("class " + className, e) + " (" + where + ")", e);
        } catch (LinkageError | SecurityException e) { // the second: of a package of Java's own, or wrongly signed
            throw new NotRunnableException("Error loading class " + className + " of " + where + ": " + e, e);
        }
    }
}
