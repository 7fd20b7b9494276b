package dev.sluice.filter;

/** What a record's value is, as Lambda tells it before it filters. */
enum ValueFormat {
    JSON("JSON"), TEXT("text, and no JSON object or array"), NO_UTF8("no UTF-8"), TOMBSTONE("missing (a tombstone)");

    private final String words;

    ValueFormat(String words) {
        this.words = words;
    }

    /** How one says of a value that it is of this format. */
    String words() {
        return words;
    }

    /** Of which format the values are that {@code rule} is for. */
    static ValueFormat of(ValueRule rule) {
        return rule instanceof ValueRule.Members ? JSON : TEXT;
    }
}
