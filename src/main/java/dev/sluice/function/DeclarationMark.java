package dev.sluice.function;

import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;

/** What tells one declaration of a function from another? A hash, since its environment may hold secrets. */
final class DeclarationMark {

    private DeclarationMark() {
    }

    static String of(FunctionCode code, FunctionSettings settings) {
        // With its hash: an endpoint's text leaves out what may be a secret in its address.
        String text = List.of(code, code.sha256(), String.valueOf(settings.runtime()), String.valueOf(settings.handler()),
                String.valueOf(settings.role()), settings.description(), settings.timeout(), settings.memoryMb(),
                new TreeMap<>(settings.environment()), new TreeMap<>(settings.otherMembers())).toString()
                // Only what is said: the marks that are stored already know nothing of it.
                + (settings.local().debug() ? "debug" : "")
                + (settings.local().isolation() == null ? "" : "isolation=" + settings.local().isolation())
                + (settings.local().debugPort() == null ? "" : "debugPort=" + settings.local().debugPort())
                + (settings.layers().isEmpty() ? "" : "layers=" + settings.layers())
                + (settings.logging().equals(LoggingConfig.DEFAULT) ? "" : "logging=" + settings.logging())
                + (settings.snapStart() == SnapStart.NONE ? "" : "snapStart=" + settings.snapStart());
        return HexFormat.of().formatHex(Sha256.of(text));
    }
}
