package dev.sluice.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallingType;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.MapTrait;
import software.amazon.awssdk.core.util.SdkAutoConstructList;
import software.amazon.awssdk.core.util.SdkAutoConstructMap;
import software.amazon.awssdk.utils.builder.Buildable;

/** The SDK for Java's requests and responses as members by AWS's names, by the description that each of them carries. */
final class SdkShapes {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String MODEL = "software.amazon.awssdk.services.lambda.model.";

    private SdkShapes() {
    }

    /** The request of an operation. */
    static Object request(String operation, Map<String, Object> members) {
        try {
            return build((SdkPojo) Class.forName(MODEL + operation + "Request").getMethod("builder").invoke(null), members);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException("the SDK has no operation " + operation, e);
        }
    }

    /** A response, without the members that it doesn't have. */
    static ObjectNode json(SdkPojo shape) {
        ObjectNode members = JSON.createObjectNode();
        for (SdkField<?> field : shape.sdkFields()) {
            Object value = field.getValueOrDefault(shape);
            if (value != null && !(value instanceof SdkAutoConstructList) && !(value instanceof SdkAutoConstructMap)) {
                members.set(field.memberName(), node(value));
            }
        }
        return members;
    }

    private static JsonNode node(Object value) {
        if (value instanceof SdkPojo shape) {
            return json(shape);
        }
        if (value instanceof List<?> list) {
            ArrayNode elements = JSON.createArrayNode();
            list.forEach(element -> elements.add(node(element)));
            return elements;
        }
        if (value instanceof Map<?, ?> map) {
            ObjectNode entries = JSON.createObjectNode();
            map.forEach((name, entry) -> entries.set(name.toString(), node(entry)));
            return entries;
        }
        if (value instanceof SdkBytes bytes) {
            return JSON.getNodeFactory().textNode(bytes.asUtf8String());
        }
        return value instanceof Instant instant ? JSON.getNodeFactory().textNode(instant.toString()) : JSON.valueToTree(value);
    }

    private static Object build(SdkPojo builder, Map<?, ?> members) {
        Map<String, SdkField<?>> fields = new LinkedHashMap<>();
        builder.sdkFields().forEach(field -> fields.put(field.memberName(), field));
        members.forEach((name, value) -> {
            SdkField<?> field = fields.get(name);
            if (field == null) {
                throw new IllegalArgumentException("the SDK has no member " + name + " among " + fields.keySet());
            }
            field.set(builder, value(field, value));
        });
        return ((Buildable) builder).build();
    }

    private static Object value(SdkField<?> field, Object value) {
        if (field.marshallingType() == MarshallingType.SDK_POJO) {
            return build(field.constructor().get(), (Map<?, ?>) value);
        }
        if (field.marshallingType() == MarshallingType.SDK_BYTES) {
            return bytes(value);
        }
        if (field.marshallingType() == MarshallingType.LIST) {
            SdkField<?> element = field.getTrait(ListTrait.class).memberFieldInfo();
            return ((List<?>) value).stream().map(each -> value(element, each)).toList();
        }
        if (field.marshallingType() == MarshallingType.MAP) {
            SdkField<?> entry = field.getTrait(MapTrait.class).valueFieldInfo();
            Map<Object, Object> entries = new LinkedHashMap<>();
            ((Map<?, ?>) value).forEach((name, each) -> entries.put(name, value(entry, each)));
            return entries;
        }
        return value;
    }

    private static SdkBytes bytes(Object value) {
        try {
            return value instanceof Path file ? SdkBytes.fromByteArray(Files.readAllBytes(file))
                    : SdkBytes.fromUtf8String((String) value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
