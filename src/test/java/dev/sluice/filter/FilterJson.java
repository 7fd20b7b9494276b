package dev.sluice.filter;

import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** JSON for tests of filters: it keeps the text of numbers, and may have a member twice. */
sealed interface FilterJson {

    String json();

    record Scalar(String json) implements FilterJson {
        static Scalar text(String text) {
            return new Scalar(TextNode.valueOf(text).toString());
        }

        boolean isText() {
            return json.charAt(0) == '"';
        }

        boolean isNumber() {
            return json.matches("[-0-9].*");
        }
    }

    record Array(List<FilterJson> elements) implements FilterJson {
        @Override
        public String json() {
            return elements.stream().map(FilterJson::json).collect(Collectors.joining(",", "[", "]"));
        }
    }

    record Member(String name, FilterJson value) {
    }

    record Obj(List<Member> members) implements FilterJson {
        @Override
        public String json() {
            return members.stream().map(member -> TextNode.valueOf(member.name()) + ":" + member.value().json())
                    .collect(Collectors.joining(",", "{", "}"));
        }

        /** All there is under a name, as an array when it isn't once. */
        FilterJson get(String name) {
            List<FilterJson> found = new ArrayList<>();
            members.stream().filter(member -> member.name().equals(name)).forEach(member -> found.add(member.value()));
            return found.size() == 1 ? found.get(0) : new Array(found);
        }

        static Obj of(String name, FilterJson value) {
            return new Obj(List.of(new Member(name, value)));
        }
    }
}
