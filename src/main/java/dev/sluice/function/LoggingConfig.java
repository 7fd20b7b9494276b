package dev.sluice.function;

import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import org.jspecify.annotations.Nullable;

/**
 * In which form, from which level on, and to which log group does a function log? Immutable. What nobody said is null, since an
 * update leaves the parts alone that it doesn't name.
 *
 * @param applicationLevel the lowest level that is logged of what the function says with its level; only with JSON
 * @param systemLevel the same of Lambda's own lines; only with JSON
 */
public record LoggingConfig(@Nullable Format format, @Nullable Level applicationLevel, @Nullable System systemLevel,
        @Nullable String logGroup) {

    /** Of which nothing was said: plain text, all of it, to the function's own group. */
    public static final LoggingConfig DEFAULT = new LoggingConfig(null, null, null, null);

    /** AWS: LogFormat. */
    public enum Format {
        TEXT("Text"), JSON("JSON");

        private final String text;

        Format(String text) {
            this.text = text;
        }

        /** As AWS spells it. */
        public String text() {
            return text;
        }
    }

    /** AWS: ApplicationLogLevel, the lowest first. */
    public enum Level { TRACE, DEBUG, INFO, WARN, ERROR, FATAL }

    /** AWS: SystemLogLevel, the lowest first. */
    public enum System { DEBUG, INFO, WARN }

    /** JSON from a level on. */
    public static LoggingConfig json(@Nullable Level applicationLevel) {
        return new LoggingConfig(Format.JSON, applicationLevel, null, null);
    }

    /** As recorded: levels belong to the format JSON and go with it; what the change leaves out stays. */
    LoggingConfig changedBy(LoggingConfig change) {
        boolean levelsGo = change.format == Format.TEXT;
        return new LoggingConfig(either(change.format, format), either(change.applicationLevel, levelsGo ? null : applicationLevel),
                either(change.systemLevel, levelsGo ? null : systemLevel), either(change.logGroup, logGroup));
    }

    /** Whether it has a level although its format is not JSON, which AWS refuses. */
    boolean hasLevelOfText() {
        return !isJson() && (applicationLevel != null || systemLevel != null);
    }

    public boolean isJson() {
        return format == Format.JSON;
    }

    /** The level of JSON that counts, or AWS's default. */
    public Level application() {
        return orElse(applicationLevel, Level.INFO);
    }

    /** The same as Lambda's library has it; {@code UNDEFINED}, so everything, of plain text. */
    public LogLevel minimum() {
        return isJson() ? LogLevel.valueOf(application().name()) : LogLevel.UNDEFINED;
    }

    /** The level that counts, or AWS's default. */
    public System system() {
        return orElse(systemLevel, System.INFO);
    }

    /** Whether the function's log takes it. As with Lambda's runtime, what has no level is always logged. */
    public boolean logs(LogLevel level) {
        return level == LogLevel.UNDEFINED || level.ordinal() >= minimum().ordinal();
    }

    public boolean logs(System level) {
        return level.ordinal() >= system().ordinal();
    }

    private static <T> T orElse(@Nullable T value, T absent) {
        return value == null ? absent : value;
    }

    /** The first that is there. */
    private static <T> @Nullable T either(@Nullable T value, @Nullable T absent) {
        return value == null ? absent : value;
    }
}
