package dev.sluice.telemetry;

/** How far a delivery in the journal is. */
public enum DeliveryState {
    /** An attempt has failed and another one follows. */
    RUNNING("running"),
    /** The function took every record. */
    DELIVERED("delivered"),
    /** Every record was given up: sent to the destination, dropped, or skipped. */
    FAILED("failed"),
    /** The function took some of the records; the others were given up. */
    PARTLY("partly"),
    /** It ended, by an update or a stop, before all its records were finished; the others come again in another delivery. */
    NOT_FINISHED("notFinished");

    private final String text;

    DeliveryState(String text) {
        this.text = text;
    }

    /** As the control API spells it. */
    public String text() {
        return text;
    }
}
