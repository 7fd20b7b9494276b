package dev.sluice.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows of text in columns as wide as their widest cell; the last column is as wide as it likes. What was printed is not printed again,
 * so that a list that grows has its heads once. Confined to one thread.
 */
final class Table {

    private final List<List<String>> unprinted = new ArrayList<>();
    private final int[] widths;

    Table(String... heads) {
        widths = new int[heads.length];
        add(List.of(heads));
    }

    void row(String... cells) {
        if (cells.length != widths.length) {
            throw new IllegalArgumentException(cells.length + " cells; the table has " + widths.length + " columns");
        }
        add(List.of(cells));
    }

    private void add(List<String> row) {
        for (int i = 0; i < widths.length; i++) {
            widths[i] = Math.max(widths[i], row.get(i).length());
        }
        unprinted.add(row);
    }

    void print(PrintStream out) {
        for (List<String> row : unprinted) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                line.append(row.get(i));
                if (i < widths.length - 1) {
                    line.append(" ".repeat(widths[i] - row.get(i).length() + 2));
                }
            }
            out.println(line.toString().stripTrailing());
        }
        unprinted.clear();
    }
}
