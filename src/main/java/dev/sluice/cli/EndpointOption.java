package dev.sluice.cli;

import java.net.URI;
import java.net.URISyntaxException;
import picocli.CommandLine.Option;

/** Which server a command talks to. */
final class EndpointOption {

    static final String DEFAULT = "http://localhost:4574";

    @Option(names = "--endpoint", paramLabel = "URL",
            description = "the server to ask (default: $SLUICE_ENDPOINT, else " + DEFAULT + ")")
    private String endpoint;

    URI uri(Terminal terminal) {
        String text = endpoint == null ? terminal.variable("SLUICE_ENDPOINT", DEFAULT) : endpoint;
        try {
            URI uri = new URI(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
            if (("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) && uri.getHost() != null) {
                return uri;
            }
        } catch (URISyntaxException notAUrl) {
            // said below, as for every other text that is no URL
        }
        throw CommandFailedException.wrongUsage((endpoint == null ? "SLUICE_ENDPOINT" : "--endpoint") + " is '" + text
                + "'; allowed is a URL such as " + DEFAULT);
    }

    ControlClient client(Terminal terminal) {
        return new ControlClient(uri(terminal));
    }
}
