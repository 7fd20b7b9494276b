package dev.sluice.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.nio.charset.Charset;

/**
 * What does the program log, and how? Standard output belongs to the ready lines and the answers of commands; everything that is logged goes
 * to standard error. In Java, as reading a file of XML is a tenth of a start. Only the executable names it to logback (as a service): a
 * program that embeds Sluice brings its own configuration of its own logging. Whoever sets {@code logback.configurationFile} has that file.
 */
public final class LogConfigurator extends ContextAwareBase implements Configurator {

    static final String LEVEL = "sluice.log.level";
    static final String CHARSET = "sluice.log.charset";
    private static final String FILE = "logback.configurationFile";
    private static final String ZONE = "sluice.log.zone";

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        if (System.getProperty(FILE) != null) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        Level level = Level.toLevel(System.getProperty(LEVEL), Level.INFO);
        String time = "%d{HH:mm:ss.SSS, " + System.getProperty(ZONE, "UTC") + "} ";
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(level);
        root.addAppender(standardError(context, "STDERR", time + "%-5level %logger{0} %msg%n%ex"));
        // What Sluice itself says stands alone: which of its classes says it is nobody's concern.
        alone(context, "dev.sluice", level, standardError(context, "SLUICE", time + "%-5level %msg%n%ex"));
        // The mappings' system log: one line of JSON each, at the level that the mapping itself asks for.
        alone(context, "sluice.esm", Level.DEBUG, standardError(context, "ESM", "%msg%n"));
        limit(context, Level.WARN, "org.apache.kafka", "kafka", "state.change.logger", "org.eclipse.jetty", "io.javalin");
        limit(context, Level.ERROR,
                // Warns at each try that a broker's name can't be resolved; Sluice says it once.
                "org.apache.kafka.clients.ClientUtils",
                // Warns at each start that the only controller is the active one.
                "org.apache.kafka.controller.QuorumController");
        limit(context, Level.OFF,
                // At each try: that a broker isn't there yet, that a topic is just being created, that a log-in or a certificate is refused.
                // Sluice says each once, and shows it: 13 mappings with wrong passwords were 250 lines of these two in three minutes.
                "org.apache.kafka.clients.NetworkClient", "org.apache.kafka.clients.consumer.internals.ConsumerCoordinator",
                // With a stack at each try: that a key store isn't there, and that a consumer whose log-in was refused can't take leave.
                "org.apache.kafka.common.security.ssl.DefaultSslEngineFactory",
                "org.apache.kafka.clients.consumer.internals.ClassicKafkaConsumer");
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    private static void alone(LoggerContext context, String name, Level level, Appender<ILoggingEvent> appender) {
        Logger logger = context.getLogger(name);
        logger.setLevel(level);
        logger.setAdditive(false);
        logger.addAppender(appender);
    }

    private static void limit(LoggerContext context, Level level, String... names) {
        for (String name : names) {
            context.getLogger(name).setLevel(level);
        }
    }

    private static Appender<ILoggingEvent> standardError(LoggerContext context, String name, String pattern) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setCharset(Charset.forName(System.getProperty(CHARSET, "UTF-8")));
        encoder.setPattern(pattern);
        encoder.start();
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setContext(context);
        appender.setName(name);
        appender.setTarget("System.err");
        appender.setEncoder(encoder);
        appender.start();
        return appender;
    }
}
