package dev.sluice.chaos;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;

/** What a run says at its end, as Markdown that is readable as it is. Immutable. */
record ChaosReport(String text, boolean held) {

    private static final int SHOWN = 10;
    private static final String PAGE = """
            # Reliability

            `scripts/chaos` starts a server, a broker and an HTTP function as processes, produces records without a break, and
            lets everything around the server go wrong at random moments: processes are killed, stopped and frozen; the
            connections to the broker are cut, reset, refused, silenced and slowed by a TCP proxy; functions fail, are throttled,
            hang, and break off in the middle of an answer; foreign members join the mappings' groups, consume, commit, and leave
            or die; topics grow; mappings are created, updated, scaled, disabled, enabled and deleted through the AWS API. In the
            end everything is brought up again, and every record in the broker's log is accounted for in every mapping. The seed
            fixes the plan, not the timing: two runs differ.

            - **Lost**: not delivered with success, not consumed by a foreign member, not dropped by a rule of its mapping.
            - **Out of order**: first given to the function before an earlier record of its partition was.
            - **Two at once**: two calls that hold records of one partition of one mapping, within one run of the server.
            - **Committed past**: an offset of the mapping's group, looked at all the time, above a record that was not finished.
            - **Time to recover**: from the end of a fault (for a process: from its start) until records produced after it have
              arrived in every mapping that is there all the time.

            """;

    /** The page of the documentation. */
    String page() {
        return PAGE + text;
    }

    /** Collects what is to be said. Confined to one thread. */
    static final class Builder {
        private final StringBuilder text = new StringBuilder();
        private final StringBuilder details = new StringBuilder();
        private final List<String[]> rows = new ArrayList<>();
        private boolean held = true;

        Builder line(String line) {
            text.append(line).append('\n');
            return this;
        }

        Builder number(String what, long value) {
            rows.add(new String[] {what, String.format(Locale.ROOT, "%,d", value), ""});
            return this;
        }

        /** What must not be: its number, and the first few. */
        Builder none(String what, List<String> found) {
            rows.add(new String[] {what, String.valueOf(found.size()), found.isEmpty() ? "holds" : "BROKEN"});
            if (!found.isEmpty()) {
                held = false;
                details.append("\n").append(what).append(":\n\n");
                found.stream().limit(SHOWN).forEach(each -> details.append("- ").append(each).append('\n'));
                if (found.size() > SHOWN) {
                    details.append("- and ").append(found.size() - SHOWN).append(" more\n");
                }
            }
            return this;
        }

        /** Writes the numbers so far as a table. */
        Builder numbers() {
            table(List.of("", "number", "must be 0"), rows);
            rows.clear();
            return this;
        }

        Builder recoveries(Recoveries recoveries) {
            List<String[]> lines = new ArrayList<>();
            for (FaultKind kind : FaultKind.values()) {
                List<Long> millis = recoveries.millis(kind);
                if (recoveries.count(kind) > 0) {
                    lines.add(new String[] {kind.title(), String.valueOf(recoveries.count(kind)),
                            millis.isEmpty() ? "-" : seconds(median(millis)),
                            millis.isEmpty() ? "-" : seconds(millis.get(millis.size() - 1))});
                }
            }
            table(List.of("fault", "times", "median s", "max s"), lines);
            return this;
        }

        /** One line for all mappings of a kind. */
        Builder mappings(List<Account> accounts) {
            Map<String, List<Account>> kinds = new LinkedHashMap<>();
            accounts.forEach(each -> kinds.computeIfAbsent(each.mapping().kind(), name -> new ArrayList<>()).add(each));
            List<String[]> lines = new ArrayList<>();
            kinds.forEach((kind, some) -> lines.add(new String[] {kind, String.valueOf(some.size()), sum(some, Account::owed),
                    sum(some, Account::attempts), sum(some, Account::delivered), sum(some, Account::deliveredAgain),
                    sum(some, Account::taken)}));
            table(List.of("mappings", "number", "to deliver", "calls", "delivered", "more than once", "by foreign members"), lines);
            return this;
        }

        private static String sum(List<Account> accounts, ToLongFunction<Account> number) {
            return String.valueOf(accounts.stream().mapToLong(number).sum());
        }

        Builder counts(String what, Map<?, Integer> counts) {
            List<String> parts = new ArrayList<>();
            counts.forEach((name, count) -> parts.add(name + ": " + count));
            return line(what + ": " + String.join(", ", parts));
        }

        ChaosReport build() {
            return new ChaosReport(text + details.toString(), held);
        }

        private void table(List<String> head, List<String[]> lines) {
            text.append("\n| ").append(String.join(" | ", head)).append(" |\n|---").append("|---:".repeat(head.size() - 1)).append("|\n");
            lines.forEach(line -> text.append("| ").append(String.join(" | ", line)).append(" |\n"));
            text.append('\n');
        }

        private static long median(List<Long> ascending) {
            return (ascending.get((ascending.size() - 1) / 2) + ascending.get(ascending.size() / 2)) / 2;
        }

        private static String seconds(long millis) {
            return String.format(Locale.ROOT, "%.1f", millis / 1_000.0);
        }
    }
}
