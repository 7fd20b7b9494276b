package dev.sluice.mapping;

/**
 * In which state a mapping is. AWS's {@code Updating} is two constants here, since an update leads back to where the mapping
 * was and one column should hold the whole truth.
 */
public enum MappingState {
    CREATING("Creating", true),
    ENABLING("Enabling", true),
    ENABLED("Enabled", false),
    DISABLING("Disabling", true),
    DISABLED("Disabled", false),
    UPDATING_ENABLED("Updating", true),
    UPDATING_DISABLED("Updating", true),
    DELETING("Deleting", true);

    private final String awsName;
    private final boolean transitional;

    MappingState(String awsName, boolean transitional) {
        this.awsName = awsName;
        this.transitional = transitional;
    }

    /** The value of the member {@code State} on the wire. */
    public String awsName() {
        return awsName;
    }

    /** Whether AWS refuses updates and deletes in this state with ResourceInUseException. */
    public boolean transitional() {
        return transitional;
    }
}
