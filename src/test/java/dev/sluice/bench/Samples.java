package dev.sluice.bench;

import java.util.List;
import java.util.Locale;

/** The results of the repetitions of one measurement: {@code median [lowest..highest]}. Immutable. */
record Samples(List<Double> values) {

    Samples {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("values is empty");
        }
        values = values.stream().sorted().toList();
    }

    double median() {
        int middle = values.size() / 2;
        return values.size() % 2 == 1 ? values.get(middle) : (values.get(middle - 1) + values.get(middle)) / 2;
    }

    /** Divided by {@code unit}, each with so many decimals. */
    String in(double unit, int decimals) {
        String number = "%." + decimals + "f";
        return String.format(Locale.ROOT, number + " [" + number + ".." + number + "]", median() / unit, values.get(0) / unit,
                values.get(values.size() - 1) / unit);
    }
}
