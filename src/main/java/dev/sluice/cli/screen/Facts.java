package dev.sluice.cli.screen;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;

/** What is known of one thing: names, and behind each its text, continued below itself where the screen ends. Confined to one thread. */
public final class Facts {

    private static final int GAP = 2;

    private final Map<String, String> facts = new LinkedHashMap<>();

    public void add(String name, String text) {
        facts.put(name, text);
    }

    public void print(PrintStream out, Screen screen) {
        int indent = facts.keySet().stream().mapToInt(String::length).max().orElse(0) + GAP;
        facts.forEach((name, text) -> {
            String head = name + " ".repeat(indent - name.length());
            for (String line : screen.wrapped(text, indent)) {
                out.println((head + screen.coloured(text, line)).stripTrailing());
                head = " ".repeat(indent);
            }
        });
    }
}
