package dev.sluice.cli;

import dev.sluice.cli.screen.Terminal;
import java.net.URI;
import java.net.URISyntaxException;
import picocli.CommandLine.Option;

/** Which server a command talks to. */
final class EndpointOption {

    static final String DEFAULT = "http://localhost:4574";

    @Option(names = "--endpoint", paramLabel = "URL",
            description = "the server to ask (default: $SLUICE_ENDPOINT, else the server's own $SLUICE_HOST and $SLUICE_PORT, else "
                    + DEFAULT + ")")
    private String endpoint;

    URI uri(Terminal terminal) {
        String text = endpoint == null ? terminal.variable("SLUICE_ENDPOINT", ofServer(terminal)) : endpoint;
        try {
            URI uri = new URI(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
            if (("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) && uri.getHost() != null) {
                return uri;
            }
        } catch (URISyntaxException notAUrl) {
            // said below, as for every other text that is no URL
        }
        String source = endpoint != null ? "--endpoint" : terminal.variable("SLUICE_ENDPOINT", "").isEmpty()
                ? "What SLUICE_HOST and SLUICE_PORT say of the server" : "SLUICE_ENDPOINT";
        throw CommandFailedException.wrongUsage(source + " is '" + text + "'; allowed is a URL such as " + DEFAULT);
    }

    /** Where a server that was started with the same variables answers, as in its container. */
    private static String ofServer(Terminal terminal) {
        String host = terminal.variable("SLUICE_HOST", "localhost");
        if (host.equals("0.0.0.0") || host.equals("::")) {
            host = "localhost";
        }
        String port = terminal.variable("SLUICE_PORT", "0");
        return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + (port.equals("0") ? "4574" : port);
    }

    ControlClient client(Terminal terminal) {
        return new ControlClient(uri(terminal));
    }
}
