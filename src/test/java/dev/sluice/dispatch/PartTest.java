package dev.sluice.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fixture.TestRecords;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

class PartTest {

    private static final int SMALL_STACK = 160 * 1024;

    @Test
    void aBatchOfTenThousandThatGoesOneByOneCanStillBeReadAtTheEnd() throws Exception {
        TestRecords records = new TestRecords("t", 0);
        for (int i = 0; i < 10_000; i++) {
            records.add(i, 0, null, new byte[0], List.of());
        }
        Part part = new Part(List.of(records), 0, 0, Part.Invoked.NEVER);
        BitSet first = new BitSet();
        first.set(0);
        while (part.size() > 1) {
            part = part.without(first);
        }
        PartitionRecords last = part.records().get(0);
        FutureTask<Long> reading = new FutureTask<>(() -> last.offset(0));
        Thread reader = new Thread(null, reading, "part-under-test", SMALL_STACK);
        reader.start();

        assertThat(reading.get()).isEqualTo(9_999);
        assertThat(part.indexOf("t-0", 9_999)).isZero();
    }

    @Test
    void halvesOfASelectionAreItsOwn() {
        TestRecords records = new TestRecords("t", 0);
        for (long offset : new long[] {3, 5, 7, 8, 11}) {
            records.add(offset, 0, null, new byte[0], List.of());
        }
        BitSet odd = new BitSet();
        odd.set(1);
        odd.set(2);
        odd.set(4);
        List<Part> halves = new Part(List.of(records), 0, 0, Part.Invoked.NEVER).only(odd).halves();

        assertThat(halves.get(0).records().get(0)).extracting(half -> List.of(half.offset(0), half.offset(1))).isEqualTo(List.of(5L, 7L));
        assertThat(halves.get(1).records().get(0).offset(0)).isEqualTo(11);
    }
}
