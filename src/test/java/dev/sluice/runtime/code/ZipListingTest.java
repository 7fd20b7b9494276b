package dev.sluice.runtime.code;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fixture.Zip;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ZipListingTest {

    @Test
    void acceptsClassesAndLibraries() {
        ZipListing listing = listing(new Zip().file("example/Handler.class", "x").file("lib/a.jar", "y").file("lib/", "").bytes());

        assertThat(listing.fault()).isEmpty();
        assertThat(listing.entries()).hasSize(3);
    }

    @Test
    void acceptsAScriptInFront() {
        byte[] zip = new Zip().file("a", "x").bytes();
        byte[] prefixed = new byte[zip.length + 100];
        System.arraycopy(zip, 0, prefixed, 100, zip.length);

        assertThat(listing(prefixed).fault()).isEmpty();
    }

    @Test
    void tellsLinksAndWhatMayBeRun() {
        ZipListing listing = listing(new Zip().link("l", "a").executable("bin/x", "#!").file("a", "x").bytes());

        assertThat(listing.entries()).containsExactly(new ZipListing.Entry("l", true, true), new ZipListing.Entry("bin/x", false, true),
                new ZipListing.Entry("a", false, false));
        assertThat(listing.isPlain()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"./a", "a//b", "/a", "a/./b", "./", "a/."})
    void isNotPlainWhenAPathIsSpeltInAnotherWay(String name) {
        assertThat(listing(new Zip().file("b", "x").file(name, "x").bytes()).isPlain()).isFalse();
        assertThat(listing(new Zip().file("b", "x").file(".a/..b/c.", "x").file("d/", "").bytes()).isPlain()).isTrue();
    }

    @Test
    void refusesEveryTruncation() {
        byte[] zip = new Zip().file("a/b", "content").file("c", "more").bytes();

        for (int length = 0; length < zip.length; length++) {
            assertThat(listing(Arrays.copyOf(zip, length)).fault()).as("cut at %d", length).isPresent();
        }
    }

    @Test
    void refusesWhatIsNoZip() {
        assertThat(listing("just some text that is long enough for an end record".getBytes()).fault()).isPresent();
    }

    @Test
    void readsAZipFromItsEndAsFarAsItHasToBe() {
        byte[] zip = new Zip().file("a", "x".repeat(100)).file("b", "y").bytes();
        int directory = 2 * (46 + 1) + 22;

        assertThat(listing(zip, directory).entries()).hasSize(2);
        assertThat(listing(zip, directory - 1).fault().orElseThrow())
                .isEqualTo("its central directory is longer than " + (directory - 1) + " bytes");
    }

    /** More entries than the short end record can count. */
    @Test
    void readsAZip64FromItsEnd() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (int i = 0; i < 70_000; i++) {
                zip.putNextEntry(new ZipEntry(Integer.toString(i)));
            }
        }
        byte[] zip = bytes.toByteArray();

        assertThat(listing(zip).entries()).hasSize(70_000);
        assertThat(listing(zip, zip.length / 4 * 3).entries()).hasSize(70_000);
    }

    /** Reads no more than its last bytes. */
    private static ZipListing listing(byte[] zip, int last) {
        return ZipListing.of(Arrays.copyOfRange(zip, zip.length - last, zip.length), zip.length - last);
    }

    private static ZipListing listing(byte[] zip) {
        return ZipListing.of(zip, 0);
    }
}
