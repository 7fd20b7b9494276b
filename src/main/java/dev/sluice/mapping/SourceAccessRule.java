package dev.sluice.mapping;

import dev.sluice.mapping.MappingException.InvalidParameter;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which SourceAccessConfigurations does AWS take for which kind of Kafka source? The table is that of "Configuring cluster
 * authentication methods" in the AWS Lambda developer guide, for Amazon MSK and for self-managed Apache Kafka.
 */
enum SourceAccessRule {
    BASIC_AUTH(false, true, Form.SECRET),
    VPC_SUBNET(false, true, Form.SUBNET),
    VPC_SECURITY_GROUP(false, true, Form.SECURITY_GROUP),
    SASL_SCRAM_512_AUTH(true, true, Form.SECRET),
    SASL_SCRAM_256_AUTH(false, true, Form.SECRET),
    VIRTUAL_HOST(false, false, null),
    CLIENT_CERTIFICATE_TLS_AUTH(true, true, Form.SECRET),
    SERVER_ROOT_CA_CERTIFICATE(false, true, Form.SECRET);

    /** What AWS accepts too, for brokers that ask for no credentials: named wherever its absence is refused. */
    private static final String MISSING_HINT = "AWS refuses a self-managed source without SourceAccessConfigurations. Either add"
            + " --source-access-configurations Type=VPC_SUBNET,URI=subnet:subnet-local (accepted by AWS, no effect here)"
            + " or start the server with --relaxed.";

    /** What the URI of an entry has to be. */
    private enum Form {
        SECRET("arn:aws[a-zA-Z0-9-]*:secretsmanager:[a-z0-9-]+:\\d{12}:secret:.+", "be the ARN of a Secrets Manager secret"),
        SUBNET("subnet:subnet-[a-zA-Z0-9-]+", "satisfy regular expression pattern: subnet:subnet-[a-zA-Z0-9-]+"),
        SECURITY_GROUP("security_group:sg-[a-zA-Z0-9-]+",
                "satisfy regular expression pattern: security_group:sg-[a-zA-Z0-9-]+");

        private final Pattern pattern;
        private final String constraint;

        Form(String pattern, String constraint) {
            this.pattern = Pattern.compile(pattern);
            this.constraint = constraint;
        }
    }

    private final boolean msk;
    private final boolean selfManaged;
    private final @Nullable Form form;

    SourceAccessRule(boolean msk, boolean selfManaged, @Nullable Form form) {
        this.msk = msk;
        this.selfManaged = selfManaged;
        this.form = form;
    }

    /** Refuses a self-managed source without SourceAccessConfigurations. @param accesses null when the request has none */
    static void requireSome(EventSource source, @Nullable List<SourceAccessConfiguration> accesses) {
        if (!source.isMsk() && (accesses == null || accesses.isEmpty())) {
            throw InvalidParameter.missing("sourceAccessConfigurations", MISSING_HINT);
        }
    }

    /** Refuses types that don't fit the source. No text of AWS is known, so it is its template. @param accesses null for none */
    static void requireFitting(EventSource source, @Nullable List<SourceAccessConfiguration> accesses) {
        for (int i = 0; accesses != null && i < accesses.size(); i++) {
            String type = accesses.get(i).type();
            SourceAccessRule rule = Arrays.stream(values()).filter(each -> each.name().equals(type)).findFirst().orElse(null);
            if (rule == null) {
                throw InvalidParameter.violation(type, "sourceAccessConfigurations." + (i + 1) + ".member.type",
                        "satisfy enum value set: " + Arrays.toString(values()));
            }
            if (!rule.fits(source)) {
                throw InvalidParameter.unsupported("sourceAccessConfigurations", type + " doesn't fit "
                        + (source.isMsk() ? "an MSK cluster" : "self-managed Kafka") + "; what fits is "
                        + Arrays.stream(values()).filter(each -> each.fits(source)).map(Enum::name).collect(Collectors.joining(", "))
                        + ".");
            }
        }
    }

    /** Refuses URIs that can't be what their type says; own text. @param accesses null for none; of fitting types */
    static void requireForm(@Nullable List<SourceAccessConfiguration> accesses) {
        for (int i = 0; accesses != null && i < accesses.size(); i++) {
            Form form = Objects.requireNonNull(valueOf(accesses.get(i).type()).form, "only types that fit come here");
            if (!form.pattern.matcher(accesses.get(i).uri()).matches()) {
                throw InvalidParameter.violation(accesses.get(i).uri(), "sourceAccessConfigurations." + (i + 1) + ".member.uRI",
                        form.constraint);
            }
        }
    }

    private boolean fits(EventSource source) {
        return source.isMsk() ? msk : selfManaged;
    }
}
