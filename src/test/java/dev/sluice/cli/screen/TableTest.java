package dev.sluice.cli.screen;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableTest {

    private static final String UUID = "0123abcd-0000-0000-0000-000000000000";

    @Test
    void aPipeGetsEverything() {
        assertThat(printed(Screen.PIPE, TableTest::fill)).containsExactly(
                "UUID                                  STATE    REGION     RESULT",
                UUID + "  Enabled  us-east-1  PROBLEM: Function call failed. ValueError: a very long story of an order that broke");
    }

    @Test
    void aTerminalGetsWhatFits() {
        assertThat(printed(new Screen(80, false), TableTest::fill)).containsExactly("UUID      STATE    RESULT",
                "0123abcd  Enabled  PROBLEM: Function call failed. ValueError: a very long story…");
        assertThat(printed(new Screen(40, false), TableTest::fill)).containsExactly("UUID      STATE    RESULT",
                "0123abcd  Enabled  PROBLEM: Function ca…");
    }

    @ParameterizedTest
    @ValueSource(ints = {60, 80, 100, 120, 200})
    void noLineIsLongerThanTheTerminalHoweverManyRowsThereAre(int columns) {
        assertThat(printed(new Screen(columns, false), table -> IntStream.range(0, 300).forEach(i -> table.row(UUID, "Enabled", "us-east-1",
                "text ".repeat(i)))))
                .hasSize(301).allMatch(line -> line.length() <= columns);
    }

    @Test
    void colourIsAroundTheTextAndWidensNothing() {
        assertThat(printed(new Screen(80, true), table -> table.row(UUID, "Disabled", "r", "PROBLEM: x")).get(1))
                .isEqualTo("0123abcd-0000-0000-0000-000000000000  \u001b[33mDisabled\u001b[0m  r       \u001b[31mPROBLEM: x\u001b[0m");
    }

    @Test
    void whatIsOnlyCalledLikeAStateHasNoColour() {
        Screen screen = new Screen(80, true);
        assertThat(List.of("uploaded", "failed-orders", "Enabled2", "PROBLEMS", "upper"))
                .allMatch(text -> screen.coloured(text, text).equals(text));
        assertThat(List.of("up on localhost:9092", "Enabled (USER_INITIATED)", "failed", "PROBLEM: x"))
                .allMatch(text -> screen.coloured(text, text).startsWith("\u001b["));
    }

    @Test
    void whoWantsNoColourGetsNone() {
        assertThat(Screen.of("80", null).colours()).isTrue();
        assertThat(Screen.of("80", "").colours()).isTrue();
        assertThat(Screen.of("80", "1").colours()).isFalse();
        assertThat(List.of(Screen.of(null, null), Screen.of("many", null))).containsOnly(Screen.PIPE);
    }

    @Test
    void textIsBrokenBetweenWordsAlone() {
        Screen screen = new Screen(20, false);
        assertThat(screen.wrapped("one two three four five-hundred-and-more six", 4))
                .containsExactly("one two three", "four", "five-hundred-and-more", "six");
        assertThat(Screen.PIPE.wrapped("one two three four five six seven eight", 4)).hasSize(1);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Facts facts = new Facts();
        facts.add("Name", "orders");
        facts.add("Cause", "it is as it is and not otherwise");
        facts.print(new PrintStream(out, true, StandardCharsets.UTF_8), screen);
        assertThat(out.toString(StandardCharsets.UTF_8).lines()).containsExactly("Name   orders", "Cause  it is as it",
                "       is and not", "       otherwise");
    }

    private static void fill(Table table) {
        table.row(UUID, "Enabled", "us-east-1", "PROBLEM: Function call failed. ValueError: a very long story of an order that broke");
    }

    private static List<String> printed(Screen screen, Consumer<Table> rows) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Table table = new Table("UUID", "STATE", "REGION", "RESULT").ids(0).spare(2);
        rows.accept(table);
        table.print(new PrintStream(out, true, StandardCharsets.UTF_8), screen);
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
