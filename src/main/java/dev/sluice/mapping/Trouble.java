package dev.sluice.mapping;

/**
 * What kind of thing went wrong last with a mapping? For whoever has to tell them apart: the sentence that says it is for people, and may be
 * another tomorrow. Of the way to the brokers first, then of the records, then of the function and what comes behind it.
 */
public enum Trouble {
    /** No bootstrap address answers, or an advertised one doesn't. */
    BROKERS_UNREACHABLE,
    /** A port speaks TLS where plaintext is configured, the other way round, or no Kafka. */
    WRONG_LISTENER,
    TOPIC_MISSING,
    /** The brokers, or a token endpoint, refuse who logs in. */
    LOG_IN_REFUSED,
    /** The brokers refuse our certificate. */
    CERTIFICATE_REFUSED,
    /** We don't trust the brokers' certificate. */
    BROKERS_NOT_TRUSTED,
    /** A key, a certificate or a store of them can't be used. */
    CERTIFICATE_UNUSABLE,
    /** No right to read the topic, or to be in the group. */
    NOT_AUTHORIZED,
    /** Who keeps secrets, or gives tokens, doesn't answer. */
    SECRETS_UNREACHABLE,
    /** The source means no cluster, a secret isn't there, or a client setting is no good. */
    CONFIGURATION,
    /** Others are in the consumer group, which is not joined therefore. */
    GROUP_IN_USE,
    /** The group's members don't agree on who reads what. */
    NOT_LET_IN,
    /** Another server has this one's place in the group. */
    FENCED,
    /** What the brokers have can't be read. */
    UNREADABLE,
    /** The mapping wants its records decoded. */
    SCHEMA_REGISTRY,
    /** The function answered with an error. */
    FUNCTION_ERROR,
    /** The function needed more memory than it has. */
    OUT_OF_MEMORY,
    TIMED_OUT,
    THROTTLED,
    /** Nobody could be asked: the endpoint, the process or the code isn't there. */
    NOT_INVOKED,
    /** The function can't be invoked until somebody changes it. */
    FUNCTION_NOT_VALID,
    /** The function names records that it didn't take. */
    PARTLY_TAKEN,
    /** What the function answered is none of the answers that there are. */
    UNUSABLE_ANSWER,
    /** The on-failure destination doesn't take a record. */
    DESTINATION_FAILED
}
