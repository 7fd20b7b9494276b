package dev.sluice.cli;

import picocli.CommandLine.Option;

/** Whose function is meant: everybody's, or that of one account in one region. */
final class ScopeOptions {

    @Option(names = "--account-id", paramLabel = "ID",
            description = "only this account's (default: every account sees it); goes with --region")
    private String accountId;

    @Option(names = "--region", description = "in this region; goes with --account-id")
    private String region;

    /** What goes behind a path; empty for everybody's. */
    String query() {
        if (accountId == null && region == null) {
            return "";
        }
        if (accountId == null || region == null) {
            throw CommandFailedException
                    .wrongUsage((accountId == null ? "--account-id" : "--region") + " is missing; --account-id and --region go"
                            + " together");
        }
        return "?accountId=" + ControlClient.segment(accountId) + "&region=" + ControlClient.segment(region);
    }

    String text() {
        return accountId == null ? "every account and region" : "account " + accountId + ", region " + region;
    }
}
