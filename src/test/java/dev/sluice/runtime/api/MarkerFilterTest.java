package dev.sluice.runtime.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class MarkerFilterTest {

    private final byte[] marker = MarkerFilter.newMarker(new SecureRandom());
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final MarkerFilter filter = new MarkerFilter(marker, out::write);

    private int accept(byte[]... parts) {
        byte[] all = joined(parts);
        return filter.accept(all, all.length);
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    @Test
    void takesMarkersOutOfTheMiddleOfALine() {
        assertThat(accept("one ".getBytes(), marker, "line".getBytes(), marker, marker)).isEqualTo(3);
        assertThat(out).hasToString("one line");
    }

    @Test
    void findsAMarkerHoweverItIsCut() {
        for (int cut = 1; cut < marker.length; cut++) {
            out.reset();
            assertThat(accept("a".getBytes(), Arrays.copyOf(marker, cut))).isZero();
            assertThat(out).hasToString("a");
            assertThat(accept(Arrays.copyOfRange(marker, cut, marker.length), "b".getBytes())).isEqualTo(1);
            assertThat(out).hasToString("ab");
        }
    }

    @Test
    void handsOnWhatOnlyLookedLikeOne() {
        byte[] begun = Arrays.copyOf(marker, 5);
        accept("a".getBytes(), begun);
        accept("b".getBytes(), begun, begun);
        assertThat(accept(begun, marker)).isEqualTo(1);
        accept(begun);
        filter.end();
        assertThat(out.toByteArray()).isEqualTo(joined("a".getBytes(), begun, "b".getBytes(), begun, begun, begun, begun));
    }

    @Test
    void neverRepeatsItsFirstByteInAMarker() {
        for (int i = 1; i < marker.length; i++) {
            assertThat(marker[i]).isNotEqualTo(marker[0]);
        }
    }

    /** Against taking them out of the whole: random pieces, random cuts. */
    @RepeatedTest(50)
    void agreesWithTheWholeWhateverTheReads() {
        Random random = new Random();
        ByteArrayOutputStream in = new ByteArrayOutputStream();
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        int markers = 0;
        for (int i = 0; i < 40; i++) {
            if (random.nextInt(3) == 0) {
                in.writeBytes(marker);
                markers++;
            } else {
                // Followed by what continues no marker, so that it is none by accident.
                byte[] text = joined(Arrays.copyOf(marker, random.nextInt(marker.length)), new byte[] {(byte) 0xFF});
                in.writeBytes(text);
                expected.writeBytes(text);
            }
        }
        byte[] all = in.toByteArray();
        int seen = 0;
        for (int at = 0; at < all.length;) {
            int count = Math.min(all.length - at, 1 + random.nextInt(30));
            byte[] read = Arrays.copyOfRange(all, at, at + count);
            seen += filter.accept(read, count);
            at += count;
        }
        filter.end();
        assertThat(seen).isEqualTo(markers);
        assertThat(out.toByteArray()).isEqualTo(expected.toByteArray());
    }
}
