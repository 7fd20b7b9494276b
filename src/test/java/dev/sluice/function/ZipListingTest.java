package dev.sluice.function;

import static org.assertj.core.api.Assertions.assertThat;

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
        assertThat(listing.entries()).isEqualTo(3);
    }

    @Test
    void acceptsAScriptInFront() {
        byte[] zip = new Zip().file("a", "x").bytes();
        byte[] prefixed = new byte[zip.length + 100];
        System.arraycopy(zip, 0, prefixed, 100, zip.length);

        assertThat(listing(prefixed).fault()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"../evil", "a/../../evil", "/etc/passwd", "..\\evil", "a\\b", "C:/evil", "C:evil", "a//b", "./a", "a\0b"})
    void refusesNamesThatLeaveTheDirectory(String name) {
        assertThat(listing(new Zip().file(name, "x").bytes()).fault()).isPresent();
    }

    @Test
    void refusesLinks() {
        assertThat(listing(new Zip().link("innocent", "/etc/passwd").bytes()).fault().orElseThrow()).contains("symbolic link");
    }

    @Test
    void refusesDuplicates() {
        assertThat(listing(new Zip().file("a", "1").file("a", "2").bytes()).fault().orElseThrow()).contains("twice");
    }

    @Test
    void refusesAFileThatIsAlsoADirectory() {
        assertThat(listing(new Zip().file("a", "1").file("a/b", "2").bytes()).fault().orElseThrow()).contains("directory");
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

        assertThat(listing(zip, directory).entries()).isEqualTo(2);
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

        assertThat(listing(zip).entries()).isEqualTo(70_000);
        assertThat(listing(zip, zip.length / 4 * 3).entries()).isEqualTo(70_000);
    }

    /** Reads no more than its last bytes. */
    private static ZipListing listing(byte[] zip, int last) {
        return ZipListing.of(Arrays.copyOfRange(zip, zip.length - last, zip.length), zip.length - last);
    }

    private static ZipListing listing(byte[] zip) {
        return ZipListing.of(zip, 0);
    }
}
