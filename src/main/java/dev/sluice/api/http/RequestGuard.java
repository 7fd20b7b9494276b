package dev.sluice.api.http;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Whether a request may be one of a web page of somebody else: this API installs code, and a browser on the same machine reaches
 * it. A foreign {@code Origin} is refused, and a {@code Host} that public DNS could point here (DNS rebinding). Immutable.
 */
final class RequestGuard {

    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
    private static final Pattern IPV6 = Pattern.compile("\\[[0-9a-f:.]+(%25?[0-9a-z]+)?]");
    private static final Pattern SINGLE_LABEL = Pattern.compile("[a-z0-9_]([a-z0-9_-]*)");
    private static final Pattern WITH_PORT = Pattern.compile("(.*?)(:\\d{0,5})?");
    private static final Pattern WEB_ORIGIN = Pattern.compile("https?://([^/?#@]+)");
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private final Set<String> allowedNames;

    /** @param allowedNames further host names, without port */
    RequestGuard(Set<String> allowedNames) {
        this.allowedNames = allowedNames.stream().map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
    }

    /** Why the request is refused, or empty when it may go on. Absent headers are null. */
    Optional<String> refusal(String host, String origin) {
        // Only HTTP/1.0 comes without Host, and no browser speaks that.
        if (host != null && !allowedHost(name(host))) {
            return Optional.of("Host '" + printable(host) + "' is not allowed. Allowed are localhost, IP addresses, names without a dot, "
                    + "host.docker.internal" + configured() + ".");
        }
        if (origin != null && !allowedOrigin(host, origin)) {
            return Optional.of("Origin '" + printable(origin) + "' is not allowed. Allowed are pages of this server itself"
                    + (allowedNames.isEmpty() ? "." : configured() + "."));
        }
        return Optional.empty();
    }

    private boolean allowedHost(String name) {
        return IPV4.matcher(name).matches() || IPV6.matcher(name).matches() || SINGLE_LABEL.matcher(name).matches()
                || name.equals("host.docker.internal") || allowedNames.contains(name);
    }

    // A page's port is no matter: what else runs on this machine is the user's own.
    private boolean allowedOrigin(String host, String origin) {
        var web = WEB_ORIGIN.matcher(origin.toLowerCase(Locale.ROOT));
        if (!web.matches()) {
            return false;
        }
        String from = name(web.group(1));
        String to = host == null ? "localhost" : name(host);
        return from.equals(to) || LOOPBACK.contains(from) && LOOPBACK.contains(to) || allowedNames.contains(from);
    }

    private String configured() {
        return allowedNames.stream().sorted().map(name -> ", " + name).collect(Collectors.joining());
    }

    private static String name(String authority) {
        var parts = WITH_PORT.matcher(authority.strip().toLowerCase(Locale.ROOT));
        String name = parts.matches() ? parts.group(1) : authority;
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    private static String printable(String header) {
        return header.length() > 200 ? header.substring(0, 200) + "…" : header;
    }
}
