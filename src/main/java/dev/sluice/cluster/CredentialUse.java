package dev.sluice.cluster;

/** With whose credentials do clients of a mapping log in? */
public enum CredentialUse {
    /** Neither the mapping nor the cluster's entry names a secret. */
    NONE("its properties in sluice.yaml, if any"),
    /** Those of the secrets that are named; properties of the cluster's entry win key by key. */
    SECRETS("the secrets"),
    /** The entry's properties have {@code security.protocol}: they are the whole log-in. */
    PROPERTIES("its properties in sluice.yaml, which say security.protocol"),
    /** The entry says {@code listener: plaintext}, or the broker is the embedded one: there is nobody to log in to. */
    PLAINTEXT("none, as it is a plaintext listener"),
    /** sluice.yaml says of nobody who keeps secrets. */
    NOWHERE_TO_LOOK("its properties in sluice.yaml, if any, as neither secrets nor endpoints.secretsmanager says where secrets are");

    private final String text;

    CredentialUse(String text) {
        this.text = text;
    }

    /** For a sentence that begins "the credentials used are ". */
    public String text() {
        return text;
    }
}
