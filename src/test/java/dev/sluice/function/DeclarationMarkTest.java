package dev.sluice.function;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeclarationMarkTest {

    private static final FunctionSettings SETTINGS =
            new FunctionSettings("java21", "a.B", null, "", Duration.ofSeconds(3), 128, Map.of("A", "1"));

    @Test
    void tellsEveryChangeOfWhereTheCodeIs() {
        List<FunctionCode> codes = List.of(url("http://localhost/f"), url("http://localhost/f?key=1"), url("http://localhost/f?key=2"),
                url("http://user@localhost/f"), new FunctionCode.HttpEndpoint(URI.create("http://localhost/f"), true),
                new FunctionCode.LocalJar(Path.of("/a.jar")), new FunctionCode.LocalJar(Path.of("/b.jar")),
                new FunctionCode.LocalTree(List.of(new ClassPathEntry(Path.of("/a"), null))),
                new FunctionCode.LocalTree(List.of(new ClassPathEntry(Path.of("/a"), "*.jar"))),
                FunctionCode.LocalTree.ofDirectory(Path.of("/a")),
                place("/a"), place("/b"), place("/a", "node"), place("/a", "node", ""), place("/a", "node", "b", "c"),
                place("/a", "node", "b, c"),
                place("/a", "node", "bc"), new FunctionCode.Attached());

        Set<String> marks = new HashSet<>();
        codes.forEach(code -> assertThat(marks.add(DeclarationMark.of(code, SETTINGS))).as(code.sha256()).isTrue());
        assertThat(codes.stream().filter(FunctionCode.LocalDirectory.class::isInstance).map(FunctionCode::sha256)).doesNotHaveDuplicates();
    }

    @Test
    void staysWhenTheDirectoryAppears(@TempDir Path parent) throws IOException {
        FunctionCode code = new FunctionCode.LocalDirectory(parent.resolve("app"), List.of());
        String mark = DeclarationMark.of(code, SETTINGS);

        Files.createDirectory(parent.resolve("app"));

        assertThat(DeclarationMark.of(code, SETTINGS)).isEqualTo(mark);
    }

    @Test
    void tellsEveryChangeOfTheSettingsAndHidesThem() {
        FunctionCode code = url("http://localhost/f");
        String mark = DeclarationMark.of(code, SETTINGS);

        assertThat(mark).isEqualTo(DeclarationMark.of(code, SETTINGS.withDescription(""))).matches("[0-9a-f]{64}");
        assertThat(List.of(SETTINGS.withDescription("other"), SETTINGS.with(new LocalOptions(null, true, null)),
                SETTINGS.with(new LocalOptions(Isolation.PROCESS, false, null)), SETTINGS.with(new LocalOptions(null, false, 5005)),
                new FunctionSettings("java21", "a.B", null, "", Duration.ofSeconds(3), 128, Map.of("A", "2"))))
                .allSatisfy(changed -> assertThat(DeclarationMark.of(code, changed)).isNotEqualTo(mark));
    }

    @Test
    void tellsEveryChangeOfHowItIsRunHere() {
        List<LocalOptions> options = new ArrayList<>(List.of(LocalOptions.DEFAULT));
        for (boolean debug : new boolean[] {true, false}) {
            options.addAll(List.of(new LocalOptions(Isolation.JVM, debug, null), new LocalOptions(Isolation.PROCESS, debug, null),
                    new LocalOptions(Isolation.PROCESS, debug, 5005), new LocalOptions(null, debug, 5005),
                    new LocalOptions(null, debug, 5006)));
        }
        assertThat(options.stream().map(local -> DeclarationMark.of(url("http://localhost/f"), SETTINGS.with(local))).distinct())
                .hasSize(options.size());
    }

    // As a server of before has stored it: another mark would undo at the next start what the API did to the function.
    @Test
    void ofADeclarationThatSaysNothingOfHowItIsRunHereStaysWhatItWas() {
        assertThat(DeclarationMark.of(new FunctionCode.LocalJar(Path.of("/a.jar")), SETTINGS))
                .isEqualTo("62e2655faa9785a9276c87f1925044f6d5be5cf68af8f3421da14980ebb995ed");
        assertThat(DeclarationMark.of(new FunctionCode.LocalJar(Path.of("/a.jar")), SETTINGS.with(new LocalOptions(null, true, null))))
                .isEqualTo("8e9cbb8eac48228c535e39aff8d473f74dde4d84063e9280ff5a274a3eceb313");
    }

    private static FunctionCode place(String directory, String... command) {
        return new FunctionCode.LocalDirectory(Path.of(directory), List.of(command));
    }

    private static FunctionCode url(String url) {
        return new FunctionCode.HttpEndpoint(URI.create(url), false);
    }
}
