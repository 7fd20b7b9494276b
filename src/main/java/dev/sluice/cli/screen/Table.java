package dev.sluice.cli.screen;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Rows of text in columns as wide as their widest cell. Where they don't fit the screen, identifiers are shortened to the beginning that
 * every command takes, columns that can be missed are left out, and then the widest are clipped; nothing is ever broken over two lines.
 * What was printed is not printed again, so that a list that grows has its heads once. Confined to one thread.
 */
public final class Table {

    private static final int GAP = 2;
    private static final int SHORT_ID = 8;
    /** What a column that is clipped keeps. */
    private static final int LEAST = 10;

    private final List<List<String>> unprinted = new ArrayList<>();
    private final int[] widths;
    private final Set<Integer> ids = new HashSet<>();
    private final List<Integer> spare = new ArrayList<>();

    public Table(String... heads) {
        widths = new int[heads.length];
        add(List.of(heads));
    }

    /** These have a UUID each, of which the beginning will do. */
    public Table ids(int... columns) {
        Arrays.stream(columns).forEach(ids::add);
        return this;
    }

    /** These are left out where there is no room, in this order. */
    public Table spare(int... columns) {
        Arrays.stream(columns).forEach(spare::add);
        return this;
    }

    public void row(String... cells) {
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

    public void print(PrintStream out, Screen screen) {
        int[] shown = fitted(screen);
        for (List<String> row : unprinted) {
            StringBuilder line = new StringBuilder();
            int pending = 0;
            for (int i = 0; i < shown.length; i++) {
                if (shown[i] > 0) {
                    String cell = ids.contains(i) && shown[i] < widths[i] ? beginning(row.get(i), shown[i])
                            : i == last(shown) && screen.columns() == 0 ? row.get(i) : Screen.clipped(row.get(i), shown[i]);
                    line.append(" ".repeat(pending)).append(screen.coloured(row.get(i), cell));
                    pending = shown[i] - cell.length() + GAP;
                }
            }
            out.println(line.toString().stripTrailing());
        }
        unprinted.clear();
    }

    /** Each column's width on the screen; 0 of one that is left out. */
    private int[] fitted(Screen screen) {
        int[] shown = widths.clone();
        if (!screen.holds(total(shown))) {
            ids.forEach(id -> shown[id] = Math.min(shown[id], SHORT_ID));
        }
        for (int i = 0; i < spare.size() && !screen.holds(total(shown)); i++) {
            shown[spare.get(i)] = 0;
        }
        while (!screen.holds(total(shown))) {
            int widest = 0;
            for (int i = 1; i < shown.length; i++) {
                widest = shown[i] > shown[widest] ? i : widest;
            }
            if (shown[widest] <= LEAST) {
                break; // so narrow a screen wraps
            }
            shown[widest]--;
        }
        return shown;
    }

    private static int total(int[] shown) {
        return Arrays.stream(shown).filter(width -> width > 0).map(width -> width + GAP).sum() - GAP;
    }

    private static int last(int[] shown) {
        int last = shown.length - 1;
        while (last > 0 && shown[last] == 0) {
            last--;
        }
        return last;
    }

    private static String beginning(String id, int width) {
        return id.substring(0, Math.min(id.length(), width));
    }
}
