package dev.sluice.runtime.code;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BuildSettledTest {

    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
    private static final Instant LONG_AGO = NOW.minusSeconds(3600);

    private final BuildSettled quiet = new BuildSettled();

    @Test
    void whatWasWrittenBeforeAnybodyLookedCanBeLoadedAtOnce() {
        assertThat(missing(look(LONG_AGO, "A.class"), null, 0)).isZero();
        assertThat(missing(look(NOW.minus(BuildSettled.WRITTEN), "A.class", "B.class"), look(LONG_AGO, "A.class"), 0)).isZero();
    }

    @Test
    void whatIsBeingWrittenIsWaitedFor() {
        TreeSnapshot loaded = look(LONG_AGO, "A.class");

        assertThat(missing(look(NOW.minusMillis(100), "A.class"), loaded, 0)).isEqualTo(Duration.ofMillis(400));
        assertThat(missing(look(NOW, "A.class"), loaded, 0)).isEqualTo(BuildSettled.WRITTEN);
    }

    @Test
    void aTimeInTheFutureTellsNothingAndLooksThatAreEqualDo() {
        TreeSnapshot loaded = look(LONG_AGO, "A.class");
        TreeSnapshot changed = look(NOW.plusSeconds(3600), "A.class");

        assertThat(missing(changed, loaded, 0)).isEqualTo(BuildSettled.WRITTEN);
        assertThat(missing(changed, loaded, 200)).isEqualTo(Duration.ofMillis(300));
        assertThat(missing(look(NOW.plusSeconds(3601), "A.class"), loaded, 400)).isEqualTo(BuildSettled.WRITTEN);
        assertThat(missing(look(NOW.plusSeconds(3601), "A.class"), loaded, 900)).isZero();
    }

    @Test
    void classesThatAreMissingAreWaitedForLonger() {
        TreeSnapshot loaded = look(LONG_AGO, "A.class", "B.class", "log4j2.xml");

        assertThat(missing(look(NOW, "A.class", "log4j2.xml"), loaded, 0)).isEqualTo(BuildSettled.LOST_SOME);
        assertThat(missing(look(NOW, "log4j2.xml"), loaded, 0)).isEqualTo(BuildSettled.BUILD);
        assertThat(missing(look(NOW, "A.class", "B.class", "C.class"), loaded, 0)).isEqualTo(BuildSettled.WRITTEN);
    }

    private Duration missing(TreeSnapshot look, TreeSnapshot loaded, int millis) {
        return quiet.missing(look, loaded, NOW, Duration.ofMillis(millis).toNanos());
    }

    private static TreeSnapshot look(Instant modified, String... files) {
        Map<String, FileStamp> content = new HashMap<>();
        content.put("", new FileStamp(true, 0, FileTime.from(LONG_AGO), null));
        for (String file : files) {
            content.put(file, new FileStamp(false, 1, FileTime.from(modified), null));
        }
        return new TreeSnapshot(List.of(new TreeSnapshot.Root(Path.of("/w/classes"), content)), LONG_AGO);
    }
}
