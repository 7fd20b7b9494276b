package dev.sluice.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

    @Test
    void readsEveryKindOfValue() {
        Json json = Json.parse("""
                {"text": "a\\"b\\\\\\n\\u00fc", "number": -12, "big": 9007199254740993, "point": 1.5e3, "yes": true, "nothing": null,
                 "list": [{"a": 1}, []], "object": {"empty": {}}}""");

        assertThat(json.text("text")).contains("a\"b\\\nü");
        assertThat(json.number("number")).contains(-12L);
        assertThat(json.number("big")).contains(9007199254740993L);
        assertThat(json.number("point")).contains(1500L);
        assertThat(json.flag("yes")).isTrue();
        assertThat(json.member("nothing").isNull()).isTrue();
        assertThat(json.list("list").get(0).number("a")).contains(1L);
        assertThat(json.member("object").values()).containsExactly(Json.parse("{}"));
    }

    @Test
    void whatIsAbsentOrOfAnotherTypeIsEmpty() {
        Json json = Json.parse("{\"text\": \"a\", \"number\": 1}");

        assertThat(json.text("number")).isEmpty();
        assertThat(json.number("text")).isEmpty();
        assertThat(json.text("absent")).isEmpty();
        assertThat(json.flag("text")).isFalse();
        assertThat(json.list("text")).isEmpty();
        assertThat(json.member("absent").member("deeper").isNull()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "{", "[1,]", "{\"a\"}", "{\"a\":1,}", "01", "1.", "+1", "tru", "\"a", "\"\\x\"", "\"\\u12\"", "\"\n\"",
            "1 2",
            "<html>", "{a:1}", "NaN"})
    void refusesWhatIsNoJson(String text) {
        assertThatThrownBy(() -> Json.parse(text)).isInstanceOf(IllegalArgumentException.class).hasMessageStartingWith("no JSON");
    }

    @Test
    void refusesWhatIsNestedWithoutEnd() {
        assertThatThrownBy(() -> Json.parse("[".repeat(100_000))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void quotesWhatItReads() {
        for (String text : List.of("plain", "quote \" backslash \\ slash /", "line\nreturn\rtab\t", "\u0000\u001f", "grüß \uD83D\uDE00",
                "")) {
            assertThat(Json.parse("{\"a\":" + Json.quote(text) + "}").text("a")).contains(text);
        }
    }
}
