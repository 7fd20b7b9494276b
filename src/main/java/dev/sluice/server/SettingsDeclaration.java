package dev.sluice.server;

import dev.sluice.mapping.Monitoring.MetricGroup;
import dev.sluice.mapping.Monitoring.SystemLogLevel;
import dev.sluice.mapping.SettingsRequest;
import dev.sluice.mapping.SettingsRequest.Failures;
import dev.sluice.mapping.SettingsRequest.Logging;
import dev.sluice.mapping.SettingsRequest.Pollers;
import dev.sluice.mapping.SourceAccessConfiguration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Reads the settings of a declared mapping; keys are AWS's members with a small first letter, flat where AWS nests for one value.
 */
final class SettingsDeclaration {

    private static final String RESPONSE_TYPE = "ReportBatchItemFailures";

    private SettingsDeclaration() {
    }

    static SettingsRequest read(ConfigSection section) {
        return new SettingsRequest(section.read("batchSize", ValueReader.wholeNumber(1, 10_000)).orElse(null),
                section.read("maximumBatchingWindowInSeconds", ValueReader.wholeNumber(0, 300))
                        .map(Duration::ofSeconds).orElse(null),
                sourceAccess(section), section.values("filterPatterns", ValueReader::text).orElse(null), failures(section),
                pollers(section),
                section.read("systemLogLevel", ValueReader.oneOf(SystemLogLevel.class)).map(Logging::new).orElse(null),
                section.values("metrics", SettingsDeclaration::metricGroup).orElse(null),
                section.read("kmsKeyArn", SettingsDeclaration::kmsKeyArn).orElse(null), RegistryDeclaration.read(section),
                SettingsRequest.Inapplicable.NONE);
    }

    private static Failures failures(ConfigSection section) {
        return new Failures(section.read("maximumRetryAttempts", ValueReader.wholeNumber(-1, 10_000)).orElse(null),
                section.read("maximumRecordAgeInSeconds", SettingsDeclaration::recordAge).orElse(null),
                section.read("bisectBatchOnFunctionError", ValueReader::trueOrFalse).orElse(null),
                section.values("functionResponseTypes", SettingsDeclaration::responseType)
                        .map(types -> !types.isEmpty()).orElse(null),
                section.read("onFailureDestination", ValueReader::text).orElse(null));
    }

    private static Pollers pollers(ConfigSection mapping) {
        if (!mapping.has("provisionedPollerConfig")) {
            return null;
        }
        ConfigSection section = mapping.section("provisionedPollerConfig");
        Pollers pollers = new Pollers(section.read("minimumPollers", ValueReader.wholeNumber(1, 200)).orElse(null),
                section.read("maximumPollers", ValueReader.wholeNumber(1, 2_000)).orElse(null),
                section.read("pollerGroupName", SettingsDeclaration::pollerGroup).orElse(null));
        section.rejectOtherKeys();
        return pollers;
    }

    /** Null when it is not said. */
    static List<SourceAccessConfiguration> sourceAccess(ConfigSection mapping) {
        if (!mapping.has("sourceAccessConfigurations")) {
            return null;
        }
        List<SourceAccessConfiguration> access = new ArrayList<>();
        for (ConfigSection section : mapping.items("sourceAccessConfigurations")) {
            Optional<String> type = section.read("type", ValueReader::text);
            Optional<String> uri = section.read("uri", ValueReader::text);
            section.rejectOtherKeys();
            if (type.isPresent()) {
                access.add(new SourceAccessConfiguration(type.get(), uri.orElse(null)));
            } else {
                section.problem(null, "needs type, and uri where the type does");
            }
        }
        return access;
    }

    private static Integer recordAge(String text) throws BadValueException {
        if (text.equals("-1")) {
            return -1;
        }
        try {
            return ValueReader.wholeNumber(60, 604_800).read(text);
        } catch (BadValueException bad) {
            throw new BadValueException(text, "-1 or a whole number from 60 to 604800");
        }
    }

    private static String responseType(String text) throws BadValueException {
        if (!text.equals(RESPONSE_TYPE)) {
            throw new BadValueException(text, RESPONSE_TYPE);
        }
        return text;
    }

    private static String pollerGroup(String text) throws BadValueException {
        if (!text.matches("[a-zA-Z0-9-_]{1,128}")) {
            throw new BadValueException(text, "1 to 128 letters, digits, - and _");
        }
        return text;
    }

    private static String kmsKeyArn(String text) throws BadValueException {
        if (!text.matches("arn:aws[a-zA-Z-]*:kms:[^:]+:\\d{12}:.+")) {
            throw new BadValueException(text, "the ARN of a key, arn:aws:kms:REGION:ACCOUNT:key/ID");
        }
        return text;
    }

    private static MetricGroup metricGroup(String text) throws BadValueException {
        return MetricGroup.named(text).orElseThrow(() -> new BadValueException(text,
                Arrays.stream(MetricGroup.values()).map(MetricGroup::awsName).collect(Collectors.joining(" or "))));
    }
}
