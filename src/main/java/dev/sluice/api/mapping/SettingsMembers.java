package dev.sluice.api.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.api.http.ApiException;
import dev.sluice.api.http.Members;
import dev.sluice.mapping.Monitoring.MetricGroup;
import dev.sluice.mapping.Monitoring.SystemLogLevel;
import dev.sluice.mapping.SettingsRequest;
import dev.sluice.mapping.SettingsRequest.Failures;
import dev.sluice.mapping.SettingsRequest.Logging;
import dev.sluice.mapping.SettingsRequest.Pollers;
import dev.sluice.mapping.SourceAccessConfiguration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the settings of a mapping from a body that keeps the contract. A structure that is there with nothing in it reads as empty,
 * not as absent: that is how an update clears a setting.
 */
final class SettingsMembers {

    private SettingsMembers() {
    }

    /** @param creates whether the body is of a creation; else of an update */
    static SettingsRequest read(ObjectNode body, boolean creates) {
        Integer window = Members.integer(body, "MaximumBatchingWindowInSeconds");
        return new SettingsRequest(Members.integer(body, "BatchSize"), window == null ? null : Duration.ofSeconds(window),
                accesses(body), filterPatterns(body), failures(body), pollers(body), logging(body), metrics(body),
                Members.text(body, "KMSKeyArn"), KafkaConfigMembers.read(body), InapplicableMember.in(body, creates));
    }

    private static List<SourceAccessConfiguration> accesses(ObjectNode body) {
        if (!body.hasNonNull("SourceAccessConfigurations")) {
            return null;
        }
        List<SourceAccessConfiguration> accesses = new ArrayList<>();
        for (JsonNode access : body.get("SourceAccessConfigurations")) {
            String type = Members.text(access, "Type");
            if (type == null) {
                throw ApiException.invalidParameter("SourceAccessConfigurations[" + accesses.size() + "] lacks Type.");
            }
            accesses.add(new SourceAccessConfiguration(type, Members.text(access, "URI")));
        }
        return accesses;
    }

    private static List<String> filterPatterns(ObjectNode body) {
        if (!body.hasNonNull("FilterCriteria")) {
            return null;
        }
        List<String> patterns = new ArrayList<>();
        for (JsonNode filter : body.get("FilterCriteria").path("Filters")) {
            String pattern = Members.text(filter, "Pattern");
            patterns.add(pattern == null ? "" : pattern); // neither is a pattern, and the check says so in its turn
        }
        return patterns;
    }

    private static Failures failures(ObjectNode body) {
        List<String> responseTypes = Members.texts(body, "FunctionResponseTypes");
        return new Failures(Members.integer(body, "MaximumRetryAttempts"), Members.integer(body, "MaximumRecordAgeInSeconds"),
                Members.flag(body, "BisectBatchOnFunctionError"),
                responseTypes == null ? null : responseTypes.contains("ReportBatchItemFailures"), onFailureDestination(body));
    }

    private static String onFailureDestination(ObjectNode body) {
        if (!body.hasNonNull("DestinationConfig")) {
            return null;
        }
        String destination = Members.text(body.get("DestinationConfig").path("OnFailure"), "Destination");
        return destination == null ? "" : destination;
    }

    private static Pollers pollers(ObjectNode body) {
        if (!body.hasNonNull("ProvisionedPollerConfig")) {
            return null;
        }
        JsonNode config = body.get("ProvisionedPollerConfig");
        String group = Members.text(config, "PollerGroupName");
        return new Pollers(Members.integer(config, "MinimumPollers"), Members.integer(config, "MaximumPollers"),
                group == null || group.isEmpty() ? null : group);
    }

    private static Logging logging(ObjectNode body) {
        if (!body.hasNonNull("LoggingConfig")) {
            return null;
        }
        String level = Members.text(body.get("LoggingConfig"), "SystemLogLevel");
        return new Logging(level == null ? null : SystemLogLevel.valueOf(level));
    }

    private static List<MetricGroup> metrics(ObjectNode body) {
        if (!body.hasNonNull("MetricsConfig")) {
            return null;
        }
        List<String> names = Members.texts(body.get("MetricsConfig"), "Metrics");
        return names == null ? List.of() : names.stream().map(name -> MetricGroup.named(name).orElseThrow()).toList();
    }
}
