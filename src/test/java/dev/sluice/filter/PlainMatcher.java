package dev.sluice.filter;

import dev.sluice.filter.FilterJson.Array;
import dev.sluice.filter.FilterJson.Member;
import dev.sluice.filter.FilterJson.Obj;
import dev.sluice.filter.FilterJson.Scalar;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/**
 * Lambda's filter rules as one would read them aloud, for comparison. A rule matches an array when one of its elements matches, and
 * one that only asks for something to be missing, when nothing in any element is there.
 */
final class PlainMatcher {

    /** 2 when something that is there matches, 1 when only what is missing does, else 0. */
    static int matches(FilterJson rule, FilterJson value) {
        List<FilterJson> elements = new ArrayList<>();
        dissolve(value, elements);
        if (rule instanceof Array leaf) {
            List<FilterJson> scalars = elements.stream().filter(Scalar.class::isInstance).toList();
            if (scalars.isEmpty()) {
                return leaf.elements().contains(Obj.of("exists", new Scalar("false"))) ? 1 : 0;
            }
            return leaf.elements().stream().anyMatch(one -> scalars.stream().anyMatch(scalar -> matches(one, (Scalar) scalar))) ? 2 : 0;
        }
        List<FilterJson> objects = new ArrayList<>(elements.stream().filter(Obj.class::isInstance).toList());
        if (objects.isEmpty()) {
            objects.add(new Obj(List.of()));
        }
        List<Integer> matches = objects.stream().map(object -> matchesObject((Obj) rule, (Obj) object)).toList();
        return matches.contains(2) ? 2 : matches.contains(0) ? 0 : 1;
    }

    private static int matchesObject(Obj rule, Obj object) {
        List<Integer> all = new ArrayList<>();
        for (Member member : rule.members()) {
            if (member.name().equals("$or")) {
                all.add(((Array) member.value()).elements().stream().mapToInt(one -> matchesObject((Obj) one, object)).max().orElse(0));
            } else {
                all.add(matches(member.value(), object.get(member.name())));
            }
        }
        return all.contains(0) ? 0 : all.contains(2) ? 2 : 1;
    }

    private static void dissolve(FilterJson value, List<FilterJson> into) {
        if (value instanceof Array array) {
            array.elements().forEach(element -> dissolve(element, into));
        } else {
            into.add(value);
        }
    }

    private static boolean matches(FilterJson rule, Scalar scalar) {
        if (rule instanceof Scalar exact) {
            return exact.equals(scalar);
        }
        Member operator = ((Obj) rule).members().get(0);
        if (operator.name().equals("exists")) {
            return operator.value().json().equals("true");
        }
        if (operator.name().equals("numeric")) {
            return scalar.isNumber() && isNearADouble(scalar.json()) && numeric(((Array) operator.value()).elements(), scalar.json());
        }
        if (operator.name().equals("anything-but")) {
            return operator.value() instanceof Array list ? !list.elements().contains(scalar) : !operator.value().equals(scalar);
        }
        String asked = operator.value().json().substring(1, operator.value().json().length() - 1);
        String has = scalar.json().substring(1, Math.max(1, scalar.json().length() - 1));
        return scalar.isText() && switch (operator.name()) {
            case "prefix" -> has.startsWith(asked);
            case "suffix" -> has.endsWith(asked);
            case "equals-ignore-case" -> has.equalsIgnoreCase(asked);
            default -> throw new IllegalArgumentException(operator.name());
        };
    }

    /** event-ruler compares no others. */
    private static boolean isNearADouble(String number) {
        double near = Double.parseDouble(number);
        return Double.isFinite(near) && BigDecimal.valueOf(near).compareTo(new BigDecimal(number)) == 0;
    }

    private static boolean numeric(List<FilterJson> terms, String number) {
        boolean holds = true;
        for (int i = 0; i < terms.size(); i += 2) {
            int compared = new BigDecimal(number).compareTo(new BigDecimal(terms.get(i + 1).json()));
            holds &= switch (terms.get(i).json()) {
                case "\"=\"" -> compared == 0;
                case "\"<\"" -> compared < 0;
                case "\"<=\"" -> compared <= 0;
                case "\">\"" -> compared > 0;
                default -> compared >= 0;
            };
        }
        return holds;
    }

    private PlainMatcher() {
    }
}
