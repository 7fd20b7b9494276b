package dev.sluice.chaos;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;

/** How the functions behave: well most of the time, and badly at random until {@link #calm}. Thread-safe. */
final class Troubles {

    /** What {@link #decide} answers: the verdict, and what of the batch counts as delivered when it is carried out. */
    record Decision(Verdict verdict, Map<TopicPartition, List<Long>> delivered) {
    }

    /** Longer than the functions' timeout of {@link SluiceApi#FUNCTION_TIMEOUT_SECONDS}. */
    private static final int TOO_LONG_MILLIS = (SluiceApi.FUNCTION_TIMEOUT_SECONDS + 2) * 1_000;

    private final Random random; // guarded by this
    private volatile boolean calm;

    Troubles(long seed) {
        random = new Random(seed);
    }

    /** From now on the functions do their work, but for poison. */
    void calm() {
        calm = true;
    }

    Decision decide(Variant variant, List<ReceivedRecord> records) {
        List<ReceivedRecord> poison = variant.retries() < 0 ? List.of()
                : records.stream().filter(each -> each.payload().poison()).toList();
        Verdict verdict = calm ? Verdict.OK : roll(variant);
        if (verdict.success() && !poison.isEmpty()) {
            if (variant.answers() == Variant.Answers.PARTIAL) {
                return new Decision(new Verdict(Verdict.Kind.OK, verdict.millis(), failures(poison)),
                        ReceivedRecord.offsets(records.stream().filter(each -> !poison.contains(each)).toList()));
            }
            verdict = new Verdict(Verdict.Kind.ERROR, verdict.millis(), "");
        }
        return new Decision(verdict, verdict.success() ? ReceivedRecord.offsets(records) : Map.of());
    }

    private synchronized Verdict roll(Variant variant) {
        int dice = random.nextInt(1_000);
        if (dice < 750) {
            return Verdict.OK;
        } else if (dice < 880) {
            return new Verdict(Verdict.Kind.OK, 20 + random.nextInt(500), "");
        } else if (dice < 885) {
            // Where every attempt counts, a JAR's timeout would be one too; it holds its partition for as long as the handler runs.
            return new Verdict(Verdict.Kind.OK, TOO_LONG_MILLIS, "");
        } else if (variant.jar() || dice < 930) {
            return new Verdict(Verdict.Kind.ERROR, random.nextInt(50), "");
        } else if (dice < 945) {
            return new Verdict(Verdict.Kind.FUNCTION_ERROR, 0, "");
        } else if (dice < 970) {
            return new Verdict(Verdict.Kind.THROTTLE, 0, "");
        } else if (dice < 985) {
            return new Verdict(Verdict.Kind.RESET, random.nextInt(50), "");
        }
        return new Verdict(Verdict.Kind.CUT, random.nextInt(50), "");
    }

    private static String failures(List<ReceivedRecord> failed) {
        return failed.stream()
                .map(each -> "{\"itemIdentifier\":{\"partition\":\"" + each.partition() + "\",\"offset\":" + each.offset() + "}}")
                .collect(Collectors.joining(",", "{\"batchItemFailures\":[", "]}"));
    }
}
