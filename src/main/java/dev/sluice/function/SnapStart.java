package dev.sluice.function;

/** For which of a function's versions was a snapshot of its start asked for? AWS: {@code SnapStart.ApplyOn}. It has no effect here. */
public enum SnapStart {

    NONE("None"), PUBLISHED_VERSIONS("PublishedVersions");

    private final String text;

    SnapStart(String text) {
        this.text = text;
    }

    /** As AWS spells it. */
    public String text() {
        return text;
    }
}
