package dev.sluice.testing;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which record is to be written? Immutable: each method answers another one. */
public final class NewRecord {

    private final Map<String, Object> members;

    private NewRecord(Map<String, Object> members) {
        this.members = members;
    }

    public static NewRecord of(String value) {
        return of(value.getBytes(StandardCharsets.UTF_8));
    }

    public static NewRecord of(byte[] value) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("valueBase64", Base64.getEncoder().encodeToString(value));
        return new NewRecord(members);
    }

    /** One without a value, which says that what is known under this key is gone. */
    public static NewRecord tombstone(String key) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("value", null);
        return new NewRecord(members).key(key);
    }

    public NewRecord key(String key) {
        return key(key.getBytes(StandardCharsets.UTF_8));
    }

    public NewRecord key(byte[] key) {
        return with("keyBase64", Base64.getEncoder().encodeToString(key));
    }

    public NewRecord partition(int partition) {
        return with("partition", partition);
    }

    public NewRecord timestamp(Instant timestamp) {
        return with("timestamp", timestamp.toString());
    }

    public NewRecord header(String name, String value) {
        return header(name, value.getBytes(StandardCharsets.UTF_8));
    }

    public NewRecord header(String name, byte[] value) {
        List<Object> headers = new ArrayList<>((List<?>) members.getOrDefault("headers", List.of()));
        headers.add(Map.of("name", name, "valueBase64", Base64.getEncoder().encodeToString(value)));
        return with("headers", headers);
    }

    /** As the control API takes it. */
    Map<String, Object> members() {
        return members;
    }

    private NewRecord with(String member, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(members);
        more.put(member, value);
        return new NewRecord(more);
    }
}
