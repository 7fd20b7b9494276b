package dev.sluice.server;

import java.util.Locale;
import java.util.Optional;

/** Every setting that is a single value: its key in the file, its variable, its flag, its default. */
enum Setting {
    HOST("host", true, "localhost"),
    PORT("port", true, "4574"),
    DATA_DIR("dataDir", true, ".sluice"),
    KAFKA("kafka", true, null),
    EMBEDDED_KAFKA_PORT("embeddedKafkaPort", true, "9092"),
    EMBEDDED_KAFKA_ADVERTISE("embeddedKafkaAdvertise", true, null),
    EMBEDDED_KAFKA_LISTENERS("embeddedKafkaListeners", true, null),
    EMBEDDED_KAFKA_SSL_CLIENT_AUTH("embeddedKafkaSslClientAuth", false, "requested"),
    STRICT_CLUSTERS("strictClusters", false, "false"),
    JOIN_FOREIGN_GROUPS("joinForeignGroups", true, "false"),
    REGION("region", true, "us-east-1"),
    ACCOUNT_ID("accountId", true, "000000000000"),
    RELAXED("relaxed", true, "false"),
    ALLOWED_HOSTS("allowedHosts", false, null),
    ALLOW_RESET("allowReset", true, "false"),
    MOVABLE_CLOCK("movableClock", true, "false"),
    ISOLATION("isolation", true, "auto"),
    RETRY_INITIAL_BACKOFF("retry.initialBackoff", false, "200ms"),
    RETRY_MAX_BACKOFF("retry.maxBackoff", false, "30s"),
    TIMEOUTS_BROKER("timeouts.broker", false, "5s"),
    TIMEOUTS_STOP("timeouts.stop", false, "5s"),
    TIMEOUTS_REVOKE("timeouts.revoke", false, "5s"),
    TIMEOUTS_ABANDONED_CALL("timeouts.abandonedCall", false, "30s"),
    TIMEOUTS_UNRECOVERABLE("timeouts.unrecoverable", false, "60s"),
    TIMEOUTS_REFUSED_LOG_IN("timeouts.refusedLogIn", false, "30s"),
    TIMEOUTS_SECRET_AGE("timeouts.secretAge", false, "5m"),
    ON_FAILURE_DROP_WHEN_UNAVAILABLE("onFailure.dropWhenUnavailable", false, "false"),
    ON_FAILURE_ARCHIVE_AT_DELIVERY_LIMIT("onFailure.archiveAtDeliveryLimit", false, "false"),
    FILTERS_OTHER_FORMAT("filters.otherFormat", false, "drop"),
    ENDPOINTS_SQS("endpoints.sqs", false, null),
    ENDPOINTS_SNS("endpoints.sns", false, null),
    ENDPOINTS_S3("endpoints.s3", false, null),
    ENDPOINTS_SECRETSMANAGER("endpoints.secretsmanager", false, null);

    private final String key;
    private final boolean hasFlag;
    private final String defaultText;

    Setting(String key, boolean hasFlag, String defaultText) {
        this.key = key;
        this.hasFlag = hasFlag;
        this.defaultText = defaultText;
    }

    String key() {
        return key;
    }

    Optional<String> defaultText() {
        return Optional.ofNullable(defaultText);
    }

    /** {@code retry.initialBackoff} is {@code SLUICE_RETRY_INITIAL_BACKOFF}. */
    String variable() {
        return "SLUICE_" + words('_').toUpperCase(Locale.ROOT);
    }

    boolean hasFlag() {
        return hasFlag;
    }

    /** Whether it holds several values; those have no default. */
    boolean list() {
        return this == KAFKA || this == EMBEDDED_KAFKA_ADVERTISE || this == EMBEDDED_KAFKA_LISTENERS || this == ALLOWED_HOSTS;
    }

    /** What a message calls the setting when it was given as a flag, or by its key by those who embed Sluice. */
    String flag() {
        return hasFlag ? "--" + words('-').toLowerCase(Locale.ROOT) : key;
    }

    private String words(char separator) {
        return key.replace('.', separator).replaceAll("([a-z])([A-Z])", "$1" + separator + "$2");
    }
}
