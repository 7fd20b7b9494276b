package dev.sluice.api.control;

import io.javalin.http.Context;

/** Reads a number from a query. Stateless. */
final class WholeNumber {

    private WholeNumber() {
    }

    /** @param missing when the query hasn't it @throws ControlException when it is none, or out of range */
    static long of(Context ctx, String parameter, long missing, long least, long most) {
        String text = ctx.queryParam(parameter);
        if (text == null) {
            return missing;
        }
        if (!text.matches("[0-9]{1,18}") || Long.parseLong(text) < least || Long.parseLong(text) > most) {
            throw ControlException.badRequest(parameter + " is '" + text + "'; allowed is a whole number"
                    + (most == Long.MAX_VALUE ? "" : " from " + least + " to " + most));
        }
        return Long.parseLong(text);
    }
}
