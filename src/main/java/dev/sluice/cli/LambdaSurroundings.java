package dev.sluice.cli;

import java.util.Locale;
import java.util.TimeZone;

/**
 * In which time zone and locale does a JVM run that is the server's own? In Lambda's, UTC and American English, since functions find there
 * what is the JVM's; only the server's log keeps the user's zone. Lambda's charset, UTF-8, is the default since Java 18, and before only
 * where the locale or the command line says so. Stateless.
 */
final class LambdaSurroundings {

    /** What the log's configuration reads. */
    private static final String LOG_ZONE = "sluice.log.zone";

    private LambdaSurroundings() {
    }

    /** Lets the log of any command show the user's zone, and whatever runs in this JVM find Lambda's. Once, before anything is logged. */
    static void enter(boolean server) {
        System.setProperty(LOG_ZONE, TimeZone.getDefault().getID());
        if (server) {
            TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
            Locale.setDefault(Locale.US);
            // The JDK reads them once, before this; code reads them whenever it likes.
            System.setProperty("user.language", "en");
            System.setProperty("user.country", "US");
        }
    }
}
