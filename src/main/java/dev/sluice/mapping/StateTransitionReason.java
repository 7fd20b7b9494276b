package dev.sluice.mapping;

/** Why a mapping is in its state: somebody asked, or one of the four errors that stop a Kafka mapping on AWS. */
public enum StateTransitionReason {
    USER_INITIATED,
    ESM_CONFIG_NOT_VALID,
    EVENT_SOURCE_AUTHN_ERROR,
    EVENT_SOURCE_AUTHZ_ERROR,
    FUNCTION_CONFIG_NOT_VALID
}
