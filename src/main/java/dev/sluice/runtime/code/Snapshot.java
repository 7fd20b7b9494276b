package dev.sluice.runtime.code;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What did the files of a directory look like at one moment, by their paths inside of it? Immutable. Two that are equal are of a directory in
 * which nothing that counts was written in between.
 */
record Snapshot(Map<String, FileStamp> files) {

    Snapshot {
        files = Map.copyOf(files);
    }

    /** One file or directory that isn't as it was. @param before not equal to this */
    String otherThan(Snapshot before) {
        return Stream.concat(files.keySet().stream(), before.files.keySet().stream()).sorted()
                .filter(file -> !Objects.equals(files.get(file), before.files.get(file))).findFirst().orElseThrow();
    }

    /** When something in it was written last, as far as its times tell. */
    Instant newest() {
        return files.values().stream().map(stamp -> stamp.modified().toInstant()).max(Instant::compareTo).orElse(Instant.EPOCH);
    }
}
