package dev.sluice.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClassPathEntryTest {

    private static final Path HERE = Path.of("/w");

    @ParameterizedTest
    @CsvSource({
            "target/classes, /w/target/classes,",
            "../app.jar, /app.jar,",
            "/opt/x/, /opt/x,",
            "target/dependency/*.jar, /w/target/dependency, *.jar",
            "*.jar, /w, *.jar",
            "/opt/lib/*, /opt/lib, *",
            "lib/orders-*-all.jar, /w/lib, orders-*-all.jar",
    })
    void readsADirectoryAJarOrThoseOfADirectory(String text, Path path, String pattern) {
        assertThat(ClassPathEntry.parse(HERE, text)).contains(new ClassPathEntry(path, pattern));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "target/*/classes", "target/*.class", "**/x.jar/", "/", "a\0b"})
    void takesNothingElse(String text) {
        assertThat(ClassPathEntry.parse(HERE, text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
            "*.jar, a.jar, true", "*.jar, .jar, true", "*.jar, a.jar.bak, false", "*.jar, a.class, false",
            "*, a.jar, true", "*, a.txt, false",
            "a*b.jar, ab.jar, true", "a*b.jar, a.jar, false", "a*a.jar, a.jar, false", "a*b*c.jar, axbxc.jar, true",
            "a*b*c.jar, acb.jar, false", "a*b*b.jar, ab.jar, false", "*-all.jar, orders-all.jar, true", "*-all.jar, orders.jar, false",
    })
    void aPatternTakesJarsByTheirNames(String pattern, String name, boolean taken) {
        assertThat(new ClassPathEntry(HERE, pattern).takes(name)).isEqualTo(taken);
    }

    @Test
    void isNeverRelative() {
        assertThatThrownBy(() -> new ClassPathEntry(Path.of("target"), null)).hasMessageContaining("must be absolute");
        assertThatThrownBy(() -> new ClassPathEntry(HERE, "*.class")).hasMessageContaining("end with .jar");
        assertThat(new ClassPathEntry(HERE, "*.jar")).hasToString("/w/*.jar");
    }
}
