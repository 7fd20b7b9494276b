package dev.sluice.runtime.api;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;

/** Tells what a browser sends from what a process does: a page that somebody has open must not take events or read them. */
final class WebPages {

    /** Names of this machine that nobody on the internet can point to it: without a dot, addresses, and what containers call it. */
    private static final Pattern OWN = Pattern.compile("[^.:]*|\\d+(\\.\\d+){3}|\\[[0-9a-f:.%]+[0-9a-z]*]");
    private static final Pattern PORT = Pattern.compile(":\\d*$");
    private static final Set<String> OF_CONTAINERS = Set.of("host.docker.internal", "host.containers.internal", "gateway.docker.internal");

    private WebPages() {
    }

    static boolean speakFrom(HttpFields headers) {
        if (headers.contains(HttpHeader.ORIGIN) || headers.contains("Sec-Fetch-Site")) {
            return true;
        }
        String host = headers.get(HttpHeader.HOST);
        if (host == null) {
            return false; // only HTTP/1.0, which no browser speaks
        }
        String name = PORT.matcher(host.strip().toLowerCase(Locale.ROOT)).replaceFirst("");
        return !OWN.matcher(name).matches() && !OF_CONTAINERS.contains(name);
    }
}
