package dev.sluice.mapping;

import dev.sluice.mapping.MappingException.InvalidParameter;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which SourceAccessConfigurations does AWS take for which kind of Kafka source? The table is that of "Configuring cluster
 * authentication methods" in the AWS Lambda developer guide, for Amazon MSK and for self-managed Apache Kafka; of the types of OAuth and
 * IAM, which came in October 2026, what the AWS SDK for JavaScript 3.1164 says of {@code SourceAccessType}. AWS's order of those is not known.
 */
enum SourceAccessRule {
    BASIC_AUTH(false, true, Form.SECRET),
    VPC_SUBNET(false, true, Form.SUBNET),
    VPC_SECURITY_GROUP(false, true, Form.SECURITY_GROUP),
    SASL_SCRAM_512_AUTH(true, true, Form.SECRET),
    SASL_SCRAM_256_AUTH(false, true, Form.SECRET),
    VIRTUAL_HOST(false, false, Form.NOTHING),
    CLIENT_CERTIFICATE_TLS_AUTH(true, true, Form.SECRET),
    SERVER_ROOT_CA_CERTIFICATE(false, true, Form.SECRET),
    IAM_AUTH(false, true, Form.NOTHING),
    IAM_OAUTHBEARER_AUTH(false, true, Form.NOTHING),
    OAUTHBEARER_AUDIENCE(false, true, Form.TEXT),
    OAUTHBEARER_AUTH(false, true, Form.SECRET),
    OAUTHBEARER_IDENTITY_POOL(false, true, Form.TEXT),
    OAUTHBEARER_LOGICAL_CLUSTER(false, true, Form.TEXT),
    OAUTHBEARER_SCOPE(false, true, Form.TEXT);

    /** What AWS accepts too, for brokers that ask for no credentials: named wherever its absence is refused. */
    private static final String MISSING_HINT = "AWS refuses a self-managed source without SourceAccessConfigurations. Either add"
            + " --source-access-configurations Type=VPC_SUBNET,URI=subnet:subnet-local (accepted by AWS, no effect here)"
            + " or start the server with --relaxed.";

    private static final String MEMBER = "sourceAccessConfigurations";

    /** What the URI of an entry has to be. */
    private enum Form {
        SECRET("arn:aws[a-zA-Z0-9-]*:secretsmanager:[a-z0-9-]+:\\d{12}:secret:.+", "be the ARN of a Secrets Manager secret"),
        SUBNET("subnet:subnet-[a-zA-Z0-9-]+", "satisfy regular expression pattern: subnet:subnet-[a-zA-Z0-9-]+"),
        SECURITY_GROUP("security_group:sg-[a-zA-Z0-9-]+",
                "satisfy regular expression pattern: security_group:sg-[a-zA-Z0-9-]+"),
        TEXT(".+", "have length greater than or equal to 1"),
        NOTHING("", "be absent");

        private final Pattern pattern;
        private final String constraint;

        Form(String pattern, String constraint) {
            this.pattern = Pattern.compile(pattern);
            this.constraint = constraint;
        }
    }

    private final boolean msk;
    private final boolean selfManaged;
    private final Form form;

    SourceAccessRule(boolean msk, boolean selfManaged, Form form) {
        this.msk = msk;
        this.selfManaged = selfManaged;
        this.form = form;
    }

    /** Refuses a self-managed source without SourceAccessConfigurations. @param accesses null when the request has none */
    static void requireSome(EventSource source, @Nullable List<SourceAccessConfiguration> accesses) {
        if (!source.isMsk() && (accesses == null || accesses.isEmpty())) {
            throw InvalidParameter.missing(MEMBER, MISSING_HINT);
        }
    }

    /** Refuses types that don't fit the source. No text of AWS is known, so it is its template. @param accesses null for none */
    static void requireFitting(EventSource source, @Nullable List<SourceAccessConfiguration> accesses) {
        for (int i = 0; accesses != null && i < accesses.size(); i++) {
            String type = accesses.get(i).type();
            SourceAccessRule rule = Arrays.stream(values()).filter(each -> each.name().equals(type)).findFirst().orElse(null);
            if (rule == null) {
                throw InvalidParameter.violation(type, MEMBER + "." + (i + 1) + ".member.type",
                        "satisfy enum value set: " + Arrays.toString(values()));
            }
            if (!rule.fits(source)) {
                throw InvalidParameter.unsupported(MEMBER, type + " doesn't fit "
                        + (source.isMsk() ? "an MSK cluster" : "self-managed Kafka") + "; what fits is "
                        + Arrays.stream(values()).filter(each -> each.fits(source)).map(Enum::name).collect(Collectors.joining(", "))
                        + ".");
            }
        }
        requireCompanions(accesses == null ? List.of() : accesses.stream().map(SourceAccessConfiguration::type).toList());
    }

    /** What OAuth's and IAM's types need beside them, and what they don't go with. */
    private static void requireCompanions(List<String> types) {
        boolean oauth = types.contains(OAUTHBEARER_AUTH.name());
        boolean iam = types.contains(IAM_OAUTHBEARER_AUTH.name());
        for (String type : types) {
            boolean detail = type.startsWith("OAUTHBEARER_") && !type.equals(OAUTHBEARER_AUTH.name());
            if (iam && type.startsWith("OAUTHBEARER_") && !type.equals(OAUTHBEARER_AUDIENCE.name())) {
                throw InvalidParameter.unsupported(MEMBER, "of the OAUTHBEARER types only " + OAUTHBEARER_AUDIENCE + " goes with "
                        + IAM_OAUTHBEARER_AUTH + ", not " + type + ".");
            }
            if (detail && !oauth && !iam) {
                throw InvalidParameter.unsupported(MEMBER, type + " needs " + OAUTHBEARER_AUTH + " beside it"
                        + (type.equals(OAUTHBEARER_AUDIENCE.name()) ? ", or " + IAM_OAUTHBEARER_AUTH + "." : "."));
            }
        }
        if (iam && !types.contains(OAUTHBEARER_AUDIENCE.name())) {
            throw InvalidParameter.unsupported(MEMBER, IAM_OAUTHBEARER_AUTH + " needs " + OAUTHBEARER_AUDIENCE + " beside it.");
        }
    }

    /** Refuses URIs that can't be what their type says; own text. @param accesses null for none; of fitting types */
    static void requireForm(@Nullable List<SourceAccessConfiguration> accesses) {
        for (int i = 0; accesses != null && i < accesses.size(); i++) {
            Form form = valueOf(accesses.get(i).type()).form;
            String member = MEMBER + "." + (i + 1) + ".member.uRI";
            String uri = accesses.get(i).uri();
            if (uri == null && form != Form.NOTHING) {
                throw InvalidParameter.missing(member, accesses.get(i).type() + " needs a URI.");
            }
            if (uri != null && !form.pattern.matcher(uri).matches()) {
                throw InvalidParameter.violation(uri, member, form.constraint);
            }
        }
    }

    private boolean fits(EventSource source) {
        return source.isMsk() ? msk : selfManaged;
    }
}
