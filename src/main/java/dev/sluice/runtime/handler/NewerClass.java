package dev.sluice.runtime.handler;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says of a class that the running Java can't load which Java it was compiled for. Stateless. */
final class NewerClass {

    private static final Pattern VERSION = Pattern.compile("class file version (\\d+)\\.");
    /** Class file version 52 is Java 8, and so on. */
    private static final int OFFSET = 44;

    private NewerClass() {
    }

    /** @param what the subject of the sentence, such as "class example.Handler" */
    static String explain(String what, UnsupportedClassVersionError error) {
        return explain(what, String.valueOf(error.getMessage()));
    }

    /** @param said by the JVM */
    static String explain(String what, String said) {
        int here = Runtime.version().feature();
        Matcher version = VERSION.matcher(said);
        if (!version.find()) {
            return what + " can't be run by Java " + here + ": " + said;
        }
        int needed = Integer.parseInt(version.group(1)) - OFFSET;
        return what + " was compiled for Java " + needed + ", but Sluice runs on Java " + here
                + "; start Sluice with Java " + needed + " (JAVA_HOME), compile with --release " + here
                + ", or start it yourself with Java "
                + needed + " and AWS's runtime interface client (sluice functions add NAME --attach)";
    }
}
