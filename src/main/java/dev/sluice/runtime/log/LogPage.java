package dev.sluice.runtime.log;

import java.util.List;

/**
 * A part of a function's log. Immutable.
 *
 * @param next what to ask for as {@link LogQuery#after} to go on
 * @param lost how many lines between the ones asked for are no longer kept
 */
public record LogPage(List<LogLine> lines, long next, long lost) {

    public LogPage {
        lines = List.copyOf(lines);
    }

    LogPage withLost(long before) {
        return new LogPage(lines, next, lost + before);
    }
}
