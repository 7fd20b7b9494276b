package dev.sluice.api.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.api.GeneratedRequest;

/** Where a value is within a generated request; what is not there yet on the way is made. Immutable. */
public sealed interface Place {

    Place BODY = new Root(true);
    Place PARAMETERS = new Root(false);

    JsonNode get(GeneratedRequest request);

    /** @param value null to take away what is there */
    void set(GeneratedRequest request, JsonNode value);

    static Place member(Place structure, JsonNode schema, String name, ContractValues values) {
        return new Member(new Container(structure, schema, values), name);
    }

    /** The first element of a list. */
    static Place element(Place list, JsonNode schema, ContractValues values) {
        return new Element(new Container(list, schema, values));
    }

    /** The value of the first entry of a map. */
    static Place entry(Place map, JsonNode schema, ContractValues values) {
        return new Entry(new Container(map, schema, values));
    }

    /** What a place is in. @param schema null for what is always there */
    record Container(Place place, JsonNode schema, ContractValues values) {

        ObjectNode object(GeneratedRequest request) {
            if (!(place.get(request) instanceof ObjectNode)) {
                place.set(request, values.valid(schema));
            }
            return (ObjectNode) place.get(request);
        }

        ObjectNode map(GeneratedRequest request) {
            ObjectNode map = object(request);
            JsonNode resolved = values.resolved(schema);
            if (map.isEmpty()) {
                map.set(values.text(values.resolved(resolved.path("propertyNames"))),
                        values.valid(resolved.path("additionalProperties")));
            }
            return map;
        }

        ArrayNode list(GeneratedRequest request) {
            if (!(place.get(request) instanceof ArrayNode)) {
                place.set(request, values.valid(schema));
            }
            ArrayNode list = (ArrayNode) place.get(request);
            if (list.isEmpty()) {
                list.add(values.valid(values.resolved(schema).path("items")));
            }
            return list;
        }
    }

    /** The body, or all parameters together. */
    record Root(boolean body) implements Place {
        @Override
        public JsonNode get(GeneratedRequest request) {
            return body ? request.body() : request.parameters();
        }

        @Override
        public void set(GeneratedRequest request, JsonNode value) {
            throw new UnsupportedOperationException("it is always there");
        }
    }

    /** A member of a structure. */
    record Member(Container in, String name) implements Place {
        @Override
        public JsonNode get(GeneratedRequest request) {
            return in.object(request).get(name);
        }

        @Override
        public void set(GeneratedRequest request, JsonNode value) {
            if (value == null) {
                in.object(request).remove(name);
            } else {
                in.object(request).set(name, value);
            }
        }
    }

    /** The first element of a list. */
    record Element(Container in) implements Place {
        @Override
        public JsonNode get(GeneratedRequest request) {
            return in.list(request).get(0);
        }

        @Override
        public void set(GeneratedRequest request, JsonNode value) {
            in.list(request).set(0, value);
        }
    }

    /** The value of the first entry of a map. */
    record Entry(Container in) implements Place {
        @Override
        public JsonNode get(GeneratedRequest request) {
            ObjectNode map = in.map(request);
            return map.get(map.fieldNames().next());
        }

        @Override
        public void set(GeneratedRequest request, JsonNode value) {
            ObjectNode map = in.map(request);
            map.set(map.fieldNames().next(), value);
        }
    }
}
