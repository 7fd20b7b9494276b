package dev.sluice.mapping;

import dev.sluice.mapping.KafkaConfig.Blocks;
import dev.sluice.mapping.KafkaSource.ConsumptionMode;
import dev.sluice.mapping.MappingException.InvalidParameter;

/**
 * What does AWS refuse although the form of a request is right, and in which order? The constants are the checks in their order;
 * each says its text and where that was seen. <i>Recorded</i> and <i>measured</i> were seen on AWS, <i>reported</i> was pasted by a
 * user of AWS, <i>template</i> is a text of AWS's for another member, <i>own</i> is ours.
 *
 * <pre>
 *    the contract (ValidationException, all violations at once)         recorded: comes first
 *    what can't be read as a value: tags beyond AWS's limits, an access
 *    without its type or URI, a time after the year 9999                own order
 *    an update: the mapping exists, is in no transitional state         own order
 *  1 DestinationConfig.OnSuccess                                        recorded: before the function
 *  2 the event source                                                   recorded: before the function
 *  3 SourceAccessConfigurations of a self-managed source                recorded: before the function
 *  4 … the rest of this table                                           own order; that it is between 3 and the function, too
 *    the function is of the caller's region and account, and exists     recorded: before source and duplicate
 *    the source exists                                                  not checked: a broker may start after Sluice
 *    another mapping is a duplicate (in the store's transaction)        recorded: comes last
 * </pre>
 */
enum ServiceCheck {

    /** {@code Unsupported DestinationConfig parameter …}, without quotes, other than all the rest: recorded. */
    ON_SUCCESS((asked, rules) -> {
        if (asked.settings().inapplicable().onSuccess()) {
            throw new InvalidParameter("Unsupported DestinationConfig parameter for given event source mapping type.");
        }
    }),

    /** {@code Unrecognized event source.}: recorded for none; for two, and for what isn't Kafka, by that. */
    EVENT_SOURCE((asked, rules) -> asked.source()),

    /**
     * {@code Required 'sourceAccessConfigurations' …}: recorded for a creation, so no update takes them all; lifted by {@code --relaxed}.
     */
    SOURCE_ACCESS((asked, rules) -> {
        boolean said = asked.creates() || asked.settings().sourceAccessConfigurations() != null;
        if (said && !asked.declared() && !rules.relaxed()) {
            SourceAccessRule.requireSome(asked.source(), asked.settings().sourceAccessConfigurations());
        }
    }),

    /** {@code Required 'topics' …}: template. */
    TOPICS((asked, rules) -> {
        if (asked.topics() == null || asked.topics().isEmpty()) {
            throw InvalidParameter.missing("topics", null);
        }
    }),

    /** {@code Unsupported 'parallelizationFactor' …}: template, reported for other members of Kafka mappings. */
    INAPPLICABLE_MEMBER((asked, rules) -> {
        for (String member : asked.settings().inapplicable().members()) {
            throw InvalidParameter.unsupported(member, null);
        }
    }),

    /** {@code Unsupported 'amazonManagedKafkaEventSourceConfig' …} on a self-managed source: reported; the reverse: template. */
    BLOCK_OF_THE_OTHER_KIND((asked, rules) -> {
        if (!asked.settings().kafka().ofTheOtherKind(asked.source()).isEmpty()) {
            throw InvalidParameter.unsupported(KafkaConfig.nameOfTheOtherKind(asked.source()), null);
        }
    }),

    /** {@code Unsupported 'BLOCK.consumerGroupId' …} in an update, the present value too: measured up to the end of the text. */
    CONSUMER_GROUP_IN_AN_UPDATE((asked, rules) -> {
        if (!asked.creates() && asked.settings().kafka().of(asked.source()).consumerGroupId() != null) {
            throw InvalidParameter.unsupported(KafkaConfig.name(asked.source()) + ".consumerGroupId", null);
        }
    }),

    /** {@code Unsupported 'BLOCK.consumptionMode' …} in an update, the present value too: template, as that of consumerGroupId. */
    CONSUMPTION_MODE_IN_AN_UPDATE((asked, rules) -> {
        if (!asked.creates() && asked.settings().kafka().of(asked.source()).consumptionMode() != null) {
            throw InvalidParameter.unsupported(KafkaConfig.name(asked.source()) + ".consumptionMode", null);
        }
    }),

    /** {@code Unsupported 'startingPosition' …}, its timestamp and the batching window in Queue mode: documented; template. */
    UNSUPPORTED_IN_QUEUE_MODE((asked, rules) -> {
        if (asked.mode() == ConsumptionMode.QUEUE) {
            SettingsRules.requireQueueMode(asked.creation(), asked.settings());
        }
    }),

    /** StartingPosition and its timestamp don't fit each other, or it is in the future: documented, own texts. */
    STARTING_POSITION((asked, rules) -> {
        SourceRequest creation = asked.creation();
        SourceRequest.Position position = creation == null ? null : creation.startingPosition();
        if (position != null) {
            position.require(asked.now());
        }
    }),

    /** {@code Unsupported 'sourceAccessConfigurations' …} for a type that the source doesn't take: documented; template. */
    SOURCE_ACCESS_TYPE((asked, rules) -> SourceAccessRule.requireFitting(asked.source(), asked.settings().sourceAccessConfigurations())),

    /** A URI that is no secret, subnet or security group: documented; own text. */
    SOURCE_ACCESS_URI((asked, rules) -> SourceAccessRule.requireForm(asked.settings().sourceAccessConfigurations())),

    /** MaximumRecordAgeInSeconds of 0 to 59: documented; own text. */
    RECORD_AGE((asked, rules) -> SettingsRules.requireRecordAge(asked.settings().failures().maximumRecordAgeInSeconds())),

    /** MaximumPollers below MinimumPollers: documented; own text. */
    POLLERS((asked, rules) -> SettingsRules.requirePollers(asked.settings().provisionedPollers())),

    /** {@code The provided destination config …}: reported for asynchronous invocations. */
    DESTINATION((asked, rules) -> DestinationRule.require(asked.settings().failures().onFailureDestination(), asked.topics())),

    /** More than 5 filters: documented, own text; {@code Invalid filter pattern definition.}: recorded for other sources. */
    FILTERS((asked, rules) -> rules.requireFilters(asked.settings().filterPatterns())),

    /** {@code Required 'BLOCK.schemaRegistryConfig.…' …}: measured that it is refused; template. */
    SCHEMA_REGISTRY((asked, rules) -> {
        Blocks blocks = asked.settings().kafka();
        SchemaRegistryRule.require(blocks.of(asked.source()).registry(), KafkaConfig.name(asked.source()));
    }),

    /** {@code Unsupported 'maximumRetryAttempts' …} without provisioned mode: reported; lifted by {@code --relaxed}. */
    PROVISIONED_MODE((asked, rules) -> {
        MappingSettings after = asked.settings().appliedTo(asked.before());
        if (!rules.relaxed() && after.provisionedPollers() == null) {
            ProvisionedOnly.requireNone(asked.source(), asked.before(), after);
        }
    });

    @FunctionalInterface
    private interface Check {
        void check(Asked asked, SettingsRules rules);
    }

    private final Check check;

    ServiceCheck(Check check) {
        this.check = check;
    }

    /** @throws InvalidParameter in AWS's words when this check is against the request, and all before it are not */
    void require(Asked asked, SettingsRules rules) {
        check.check(asked, rules);
    }
}
