package dev.sluice.filter;

import dev.sluice.filter.FilterJson.Array;
import dev.sluice.filter.FilterJson.Member;
import dev.sluice.filter.FilterJson.Obj;
import dev.sluice.filter.FilterJson.Scalar;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Random filter patterns that Lambda takes, and random values, few enough names and words apart that they often match. */
final class FilterCases {

    private static final List<String> NAMES = List.of("a", "b", "c", "a.b", "ä");
    private static final List<String> OR_NAMES = List.of("p", "q", "a b");
    private static final List<String> WORDS =
            List.of("", "a", "ab", "abc", "ABC", "Ab", "b", "ä", "Ä", "aä", "日本", "null", "300", "x\ny", "a\\", "\uD83D\uDE00");
    private static final List<String> NUMBERS = List.of("0", "-0", "1", "1.0", "1e0", "10", "300", "300.0", "3.0e2", "-5", "0.1", "2.50");
    private static final List<String> ODD_NUMBERS = List.of("12345678901234567890", "1e400", "0.12345678901234567890");
    private static final List<String> LITERALS = List.of("true", "false", "null");

    private final Random random;
    private final boolean onlyWhatRulerDoesAlike;

    /** @param onlyWhatRulerDoesAlike leaves out what event-ruler is known to do in another way than Lambda's guide says, or than we do */
    FilterCases(Random random, boolean onlyWhatRulerDoesAlike) {
        this.random = random;
        this.onlyWhatRulerDoesAlike = onlyWhatRulerDoesAlike;
    }

    private <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    /** What is under {@code value}. */
    FilterJson rule() {
        return !onlyWhatRulerDoesAlike && chance(15) ? leaf() : object(3, NAMES);
    }

    private Obj object(int depth, List<String> names) {
        List<Member> members = new ArrayList<>();
        for (String name : some(names)) {
            members.add(new Member(name, depth == 0 || chance(65) ? leaf() : object(depth - 1, names)));
        }
        if (depth > 0 && chance(20)) {
            List<FilterJson> alternatives = new ArrayList<>();
            for (int i = 2 + random.nextInt(2); i > 0; i--) {
                // event-ruler lets a member inside $or replace one of the same name outside, and may overlook alternatives that ask
                // for some of the same at the same place: {"$or": [{"p": [null]}, {"p": [null, {"exists": true}]}]}
                alternatives.add(onlyWhatRulerDoesAlike ? object(0, OR_NAMES.subList(i - 1, i)) : object(depth - 1, NAMES));
            }
            members.add(new Member("$or", new Array(alternatives)));
        }
        return new Obj(members);
    }

    private List<String> some(List<String> names) {
        List<String> shuffled = new ArrayList<>(names);
        if (onlyWhatRulerDoesAlike) {
            shuffled.remove("a.b");
        }
        Collections.shuffle(shuffled, random);
        return shuffled.subList(0, chance(70) ? 1 : Math.min(2, shuffled.size()));
    }

    private Array leaf() {
        List<FilterJson> elements = new ArrayList<>();
        for (int i = chance(70) ? 1 : 3; i > 0; i--) {
            elements.add(onlyWhatRulerDoesAlike ? textRule() : chance(50) ? textRule() : numberRule());
        }
        return new Array(elements);
    }

    private FilterJson textRule() {
        return switch (random.nextInt(8)) {
            case 0 -> new Scalar(one(LITERALS));
            case 1 -> Obj.of("prefix", word());
            case 2 -> Obj.of("suffix", word());
            // event-ruler can't compare characters beyond 16 bits this way
            case 3 -> Obj.of("equals-ignore-case", Scalar.text(one(WORDS.subList(0, WORDS.size() - 1))));
            case 4 -> Obj.of("anything-but", word());
            case 5 -> Obj.of("anything-but", new Array(List.of(word(), word())));
            case 6 -> Obj.of("exists", new Scalar("true"));
            default -> word();
        };
    }

    private FilterJson numberRule() {
        return switch (random.nextInt(6)) {
            case 0 -> Obj.of("exists", new Scalar("false"));
            case 1 -> Obj.of("anything-but", number());
            case 2 -> Obj.of("anything-but", new Array(List.of(number(), number())));
            // event-ruler takes a millisecond to compile a range that is open on one side
            case 3 -> Obj.of("numeric", new Array(List.of(Scalar.text(chance(90) ? "=" : one(List.of("<", "<=", ">", ">="))),
                    new Scalar(one(NUMBERS)))));
            case 4 -> Obj.of("numeric", new Array(List.of(Scalar.text(one(List.of(">", ">="))), new Scalar("-" + random.nextInt(1, 9)),
                    Scalar.text(one(List.of("<", "<="))), new Scalar(one(NUMBERS.subList(0, 9))))));
            default -> number();
        };
    }

    private Scalar word() {
        return Scalar.text(one(WORDS));
    }

    private Scalar number() {
        return new Scalar(one(chance(85) ? NUMBERS : ODD_NUMBERS));
    }

    /** A JSON object or array. */
    FilterJson value() {
        return chance(85) ? valueObject(3) : array(3);
    }

    String text() {
        return one(WORDS);
    }

    private FilterJson any(int depth) {
        int kind = random.nextInt(10);
        if (depth > 0 && kind < 3) {
            return valueObject(depth - 1);
        }
        if (depth > 0 && kind < 5) {
            return array(depth - 1);
        }
        return kind < 8 ? word() : chance(60) ? number() : new Scalar(one(LITERALS));
    }

    private Array array(int depth) {
        List<FilterJson> elements = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            elements.add(any(depth));
        }
        return new Array(elements);
    }

    private Obj valueObject(int depth) {
        List<String> names = new ArrayList<>(NAMES);
        names.addAll(OR_NAMES);
        Collections.shuffle(names, random);
        List<Member> members = new ArrayList<>();
        for (String name : names.subList(0, 2 + random.nextInt(names.size() - 2))) {
            members.add(new Member(name, any(depth)));
        }
        if (onlyWhatRulerDoesAlike) {
            members.removeIf(member -> member.name().equals("a.b"));
        } else if (chance(10)) {
            members.add(new Member(one(NAMES), any(depth)));
        }
        return new Obj(members);
    }
}
