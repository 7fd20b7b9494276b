package dev.sluice.testing;

import dev.sluice.json.Json;
import java.util.Map;

/** Which mapping did a test create, and how does it stand? Thread-safe. */
public final class SluiceMapping {

    private final SluiceAccount account;
    private final String uuid;

    SluiceMapping(SluiceAccount account, String uuid) {
        this.account = account;
        this.uuid = uuid;
    }

    public String uuid() {
        return uuid;
    }

    /** AWS's word: Creating, Enabled, Disabled … */
    public String state() {
        return account.document(uuid).text("State").orElseThrow();
    }

    /** What AWS's GetEventSourceMapping answers, and what only a local server knows beside it: lag, diagnosis. */
    public Json document() {
        return account.control().get("/_sluice/mappings/" + uuid);
    }

    /** Changes members of AWS's UpdateEventSourceMapping. @throws SluiceRefusedException when they are refused */
    public void update(Map<String, Object> members) {
        account.control().put("/_sluice/mappings/" + uuid, new Json(members));
    }

    /** Returns when it is Disabled. */
    public void disable() {
        update(Map.of("Enabled", false));
        account.awaitState(this, "Disabled");
    }

    /** Returns when it is Enabled. */
    public void enable() {
        update(Map.of("Enabled", true));
        account.awaitState(this, "Enabled");
    }

    /** Asks for its end, as AWS does: it is Deleting for a moment. */
    public void delete() {
        account.control().delete("/_sluice/mappings/" + uuid);
    }

    @Override
    public String toString() {
        return uuid;
    }
}
