package dev.sluice.cli;

import dev.sluice.cli.screen.Screen;
import dev.sluice.cli.screen.Terminal;
import picocli.CommandLine.Option;

/** In which form a command shows what it was told. */
final class OutputOption {

    enum Form { text, json }

    @Option(names = {"-o", "--output"}, paramLabel = "FORM", defaultValue = "text",
            description = "text, or json: all that the server answers (default: ${DEFAULT-VALUE})")
    private Form form;

    @Option(names = {"-w", "--wide"}, description = "shorten nothing and leave nothing out, as into a pipe")
    private boolean wide;

    boolean json() {
        return form == Form.json;
    }

    Screen screen(Terminal terminal) {
        return wide ? terminal.screen().asWideAsItLikes() : terminal.screen();
    }
}
