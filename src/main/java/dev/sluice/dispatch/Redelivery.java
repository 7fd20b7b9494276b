package dev.sluice.dispatch;

/**
 * How often do the brokers deliver a record again that the function didn't take? Of a batch from a share group. Immutable.
 *
 * <p>A record that was handed out as often as the limit says is archived when it is released once more: nobody gets it again (KIP-932).
 *
 * @param deliveryLimit the group's {@code share.delivery.count.limit}
 * @param archives whether records go that way, as on AWS; else they stay with the function until it takes them
 */
public record Redelivery(int deliveryLimit, boolean archives) {

    public Redelivery {
        if (deliveryLimit < 1) {
            throw new IllegalArgumentException("deliveryLimit is " + deliveryLimit + "; it must be at least 1");
        }
    }

    /** Whether this is the last time that the brokers hand it out. */
    boolean isLast(int deliveryCount) {
        return deliveryCount >= deliveryLimit;
    }
}
