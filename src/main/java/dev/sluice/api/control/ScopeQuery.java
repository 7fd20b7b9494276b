package dev.sluice.api.control;

import dev.sluice.resource.Scope;
import io.javalin.http.Context;

/** Reads from a query which account and region are meant. Stateless. */
final class ScopeQuery {

    private ScopeQuery() {
    }

    /** Null when the query names neither. @throws ControlException when one is missing or wrong */
    static Scope of(Context ctx) {
        String account = ctx.queryParam("accountId");
        String region = ctx.queryParam("region");
        if (account == null && region == null) {
            return null;
        }
        if (region == null || !region.matches("[a-z0-9-]+")) {
            throw ControlException.badRequest((region == null ? "region is missing" : "region is '" + region + "'")
                    + "; it goes with accountId, and allowed is a region such as us-east-1");
        }
        return new Scope(account(account), region);
    }

    /** @throws ControlException when it is none */
    static String account(String account) {
        if (account == null || !account.matches("\\d{12}")) {
            throw ControlException.badRequest(account == null ? "accountId is missing; it goes with region"
                    : "accountId is '" + account + "'; allowed is 12 digits");
        }
        return account;
    }
}
