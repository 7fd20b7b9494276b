package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DocumentationTest {

    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
    private static final Pattern FENCED = Pattern.compile("(?ms)^```.*?^```$");

    @Test
    void theReadmeCanBeReadInOneGo() throws IOException {
        assertThat(Files.readAllLines(Path.of("README.md"))).hasSizeLessThanOrEqualTo(200);
    }

    @Test
    void everyLinkWithinTheProjectLeadsSomewhere() throws IOException {
        List<String> broken = new ArrayList<>();
        List<Path> documents =
                new ArrayList<>(Stream.of("README.md", "CONTRIBUTING.md", "SECURITY.md", "src/examples/README.md").map(Path::of)
                        .toList());
        try (Stream<Path> site = Files.walk(Path.of("src/site"))) {
            site.filter(file -> file.toString().endsWith(".md")).forEach(documents::add);
        }
        for (Path document : documents) {
            LINK.matcher(FENCED.matcher(Files.readString(document)).replaceAll("")).results().map(link -> link.group(1))
                    .filter(link -> !link.contains("://") && !leads(document, link)).forEach(link -> broken.add(document + ": " + link));
        }
        assertThat(broken).isEmpty();
    }

    private static boolean leads(Path document, String link) {
        int hash = link.indexOf('#');
        Path target = hash == 0 ? document : document.resolveSibling(hash < 0 ? link : link.substring(0, hash)).normalize();
        if (!Files.exists(target)) {
            return false;
        }
        try (Stream<String> lines = hash < 0 ? Stream.empty() : Files.lines(target)) {
            return hash < 0
                    || lines.filter(line -> line.startsWith("#")).map(DocumentationTest::anchor).anyMatch(link.substring(hash + 1)::equals);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As GitHub makes it of a heading. */
    private static String anchor(String heading) {
        return heading.replaceFirst("^#+ ", "").toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-');
    }

    /** Its example of a test is a part of one that is run: {@code ProjectsIT}. */
    @Test
    void theReadmesJavaTestIsRun() throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        String example = readme.substring(readme.indexOf("```java\n") + 8, readme.indexOf("    }\n}\n```"));
        assertThat(example).contains("@SluiceTest");
        assertThat(Files.readString(Path.of("src/it/spring-boot/src/test/java/example/OrdersTest.java"))).contains(example);
    }
}
