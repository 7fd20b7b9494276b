package dev.sluice.runtime.code;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.runtime.code.ArchiveTree.Node;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArchiveTreeTest {

    /** Entries divided by spaces; {@code a>b} is a link. */
    private static ArchiveTree tree(String... names) throws IOException {
        List<ZipListing.Entry> entries = new ArrayList<>();
        Map<String, String> targets = new HashMap<>();
        for (String name : names) {
            String[] parts = name.split(">", 2);
            entries.add(new ZipListing.Entry(parts[0], parts.length == 2, false));
            targets.put(parts[0], parts.length == 2 ? parts[1] : "no link");
        }
        return ArchiveTree.of(entries, targets::get);
    }

    @Test
    void isWhatTheEntriesSay() throws IOException {
        ArchiveTree tree = tree("a/b.py", "a/c/", "d.py");

        assertThat(tree.fault()).isEmpty();
        assertThat(tree.nodes().keySet()).containsExactlyInAnyOrder("", "a", "a/b.py", "a/c", "d.py");
        assertThat(tree.file("a/b.py")).contains(new Node.Content("a/b.py", false));
        assertThat(tree.file("a")).isEmpty();
        assertThat(tree.file("a/x")).isEmpty();
    }

    /** As bsdtar and zip -r . of some systems write them. */
    @ParameterizedTest
    @ValueSource(strings = {"./a/b", "a/./b", "a//b", "././a/b"})
    void pathsMayBeSpeltInOtherWays(String name) throws IOException {
        ArchiveTree tree = tree("./", ".", name);

        assertThat(tree.fault()).isEmpty();
        assertThat(tree.file("a/b")).contains(new Node.Content(name, false));
    }

    @Test
    void theLastOfSeveralCounts() throws IOException {
        assertThat(tree("a", "./a").file("a")).contains(new Node.Content("./a", false));
        assertThat(tree("a>b", "b", "./a").file("a")).contains(new Node.Content("./a", false));
        assertThat(tree("./a", "b", "a>b").file("a")).contains(new Node.Content("b", false));
        assertThat(tree("a/", "a/", "a/b").fault()).isEmpty();
    }

    @Test
    void followsLinksWithinTheTree() throws IOException {
        ArchiveTree tree = tree("lib/libx.so>libx.so.1", "lib/libx.so.1>libx.so.1.2", "lib/libx.so.1.2",
                "node_modules/.pnpm/p@1/node_modules/p/index.js", "node_modules/p>.pnpm/p@1/node_modules/p", "bin>./lib/../lib");

        assertThat(tree.fault()).isEmpty();
        assertThat(tree.file("lib/libx.so")).contains(new Node.Content("lib/libx.so.1.2", false));
        assertThat(tree.file("bin/libx.so")).contains(new Node.Content("lib/libx.so.1.2", false));
        assertThat(tree.file("node_modules/p/index.js"))
                .contains(new Node.Content("node_modules/.pnpm/p@1/node_modules/p/index.js", false));
        assertThat(tree.filesIn("bin").keySet()).containsExactly("libx.so", "libx.so.1", "libx.so.1.2");
    }

    @Test
    void whatIsBelowALinkGoesWhereItLeads() throws IOException {
        ArchiveTree tree = tree("real/", "l>real", "l/x");

        assertThat(tree.fault()).isEmpty();
        assertThat(tree.nodes().get("real/x")).isEqualTo(new Node.Content("l/x", false));
        assertThat(tree.nodes().get("l")).isEqualTo(new Node.Link("real"));
    }

    @Test
    void linksThatLeadNowhereOrRoundAreTaken() throws IOException {
        ArchiveTree tree = tree("a>missing", "b>c", "c>b", "d>d", "e>missing/../f", "f");

        assertThat(tree.fault()).isEmpty();
        assertThat(tree.file("a")).isEmpty();
        assertThat(tree.file("b")).isEmpty();
        assertThat(tree.file("d/x")).isEmpty();
        assertThat(tree.file("e")).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"../evil", "a/../../evil", "a/..", "/etc/passwd", "..\\evil", "a\\b", "C:/evil", "C:evil", "a\0b", "..", "",
            "a>/etc", "a>..", "a/b>../../x", "a>b/../../x", "a>C:x", "a>\\x", "a> b>c c>d/../.. d/", "d/e/ a>d/e/../.. b>a/.. ",
            "up>d/.. d>e e/ x>up/..", "r>. x>r/..", "a>", "x>/ x/etc/evil", "d/ x>d/../.. x/evil"})
    void refusesWhatLeavesTheDirectory(String entries) throws IOException {
        assertThat(tree(entries.isEmpty() ? new String[] {""} : entries.split(" ")).fault()).isPresent();
    }

    @ParameterizedTest
    @CsvSource({"a a/b", "a/b a", "a>b b a/c", "a>missing a/c", "a>a a/b", "d/x d>y"})
    void refusesAFileThatIsAlsoADirectory(String entries) throws IOException {
        assertThat(tree(entries.split(" ")).fault()).isPresent();
    }

    @ParameterizedTest
    @ValueSource(ints = {256, 300, 5_000})
    void refusesNamesThatNoFileSystemHas(int length) throws IOException {
        assertThat(tree("a/" + "x".repeat(length) + ".jar").fault().orElseThrow()).doesNotContain("x".repeat(60));
        assertThat(tree("x".repeat(length) + "/").fault()).isPresent();
        assertThat(tree("d/" + "\u00e4".repeat(length / 2)).fault()).isPresent();
        assertThat(tree("x/".repeat(length * 4) + "y").fault().isPresent()).isEqualTo(length > 300 || length * 8 > 3_500);
    }

    @Test
    void takesTheLongestNameAFileSystemHas() throws IOException {
        assertThat(tree("x".repeat(255), "\u00e4".repeat(127) + "/y").fault()).isEmpty();
    }

    @Test
    void findsEverythingElseWhenSomethingIsWrong() throws IOException {
        ArchiveTree tree = tree("../evil", "a", "b>/etc");

        assertThat(tree.nodes().keySet().stream().sorted().collect(Collectors.joining(","))).isEqualTo(",a");
    }
}
