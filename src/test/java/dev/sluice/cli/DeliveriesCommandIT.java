package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class DeliveriesCommandIT {

    private static final String DELIVERY =
            """
                    {"id":"a1","state":"running","mapping":"6d9bce8e-836b-442c-8070-74e77903c815","function":"orders",\
                    "functionArn":"arn:aws:lambda:us-east-1:000000000000:function:orders","replayOf":null,"firstSeen":"2026-03-04T05:06:08.089123Z",\
                    "ended":null,"records":6,"partitions":[{"topic":"t","partition":0,"firstOffset":5,"lastOffset":9,"records":5},\
                    {"topic":"t","partition":1,"firstOffset":7,"lastOffset":7,"records":1}],"attemptCount":3,\
                    "lastResult":"PROBLEM: Function call failed","lastDetail":"{}","destinationError":null""";

    private StubServer server;

    @TempDir
    private Path directory;

    @BeforeEach
    void start() throws IOException {
        server = new StubServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void deliveriesAreATable() {
        server.answer(200,
                "{\"deliveries\":[" + DELIVERY + "}," + DELIVERY.replace("a1", "b2").replace("\"replayOf\":null", "\"replayOf\":\"x\"")
                        .replace("running", "failed") + "}],\"next\":null,\"lost\":{\"entries\":0,\"bodies\":0}}");

        CommandRun run = run("deliveries");

        assertThat(run.status()).isZero();
        assertThat(run.out()).isEqualTo("""
                ID  STATE            FIRST SEEN                FUNCTION  RECORDS  FROM            ATTEMPTS  LAST RESULT
                a1  running          2026-03-04T05:06:08.089Z  orders    6        t-0:5..9,t-1:7  3         PROBLEM: Function call failed
                b2  failed (replay)  2026-03-04T05:06:08.089Z  orders    6        t-0:5..9,t-1:7  3         PROBLEM: Function call failed
                """);
        assertThat(run.err()).isEmpty();
        assertThat(server.requests().get(0).line()).isEqualTo("GET /_sluice/deliveries?limit=20");
    }

    @Test
    void theListCanBeNarrowed() {
        server.answer(200, "{\"deliveries\":[]}");

        assertThat(run("deliveries", "--mapping", "6d9b", "--function", "orders", "--failed", "--limit", "5").out())
                .isEqualTo("No such deliveries.\n");
        assertThat(run("deliveries").out()).isEqualTo("No deliveries yet.\n");
        assertThat(server.requests().get(0).line()).isEqualTo(
                "GET /_sluice/deliveries?limit=5&mapping=6d9b&function=orders&state=running%2Cfailed%2Cpartly%2CnotFinished");
    }

    @Test
    void whatIsMissingIsSaid() {
        server.answer(200, "{\"deliveries\":[],\"lost\":{\"entries\":7,\"bodies\":0}}");

        assertThat(run("deliveries").err()).isEqualTo("sluice: 7 entries came faster than the journal could write them and are missing\n");
    }

    @Test
    void oneDeliveryIsShownWithItsAttemptsAndBodies() {
        server.answer(200, DELIVERY + """
                ,"settled":[{"fate":"dropped","topic":"t","partition":0,"firstOffset":5,"lastOffset":9,"records":5}],"attempts":[\
                {"number":1,"requestId":"r1","started":"2026-03-04T05:06:08.089Z","durationMillis":12.3,"records":6,"outcome":"failed",\
                "result":"P","detail":"boom 1","event":{"length":11,"truncated":false,"json":{"n":[1,"x\\"y",null,true]}},"answer":null},\
                {"number":3,"requestId":"r3","started":"2026-03-04T05:07:08.089Z","durationMillis":8.0,"records":6,"outcome":"failed",\
                "result":"P","detail":"boom 3","event":null,"answer":{"length":999,"truncated":true,"base64":"bm90G1sganNvbg=="}}]}""");

        CommandRun run = run("deliveries", "a1");

        assertThat(run.status()).isZero();
        assertThat(run.out()).isEqualTo("""
                ID           a1
                State        running
                Mapping      6d9bce8e-836b-442c-8070-74e77903c815
                Function     arn:aws:lambda:us-east-1:000000000000:function:orders
                Records      6 from t-0:5..9,t-1:7
                First seen   2026-03-04T05:06:08.089Z
                Ended        -
                Attempts     3
                Last result  PROBLEM: Function call failed

                FATE     RECORDS  FROM
                dropped  5        t-0:5..9

                ATTEMPT  STARTED                   TOOK   RECORDS  REQUEST ID  OUTCOME
                1        2026-03-04T05:06:08.089Z  12 ms  6        r1          failed
                3        2026-03-04T05:07:08.089Z  8 ms   6        r3          failed

                Attempt 3: boom 3

                Answer of attempt 3 (999 bytes, only the beginning was kept):
                not?[ json

                Event of attempt 1 (11 bytes):
                {"n":[1,"x\\"y",null,true]}
                """);
        assertThat(server.requests().get(0).line()).isEqualTo("GET /_sluice/deliveries/a1");
    }

    @Test
    void aReplayShowsTheResultAndItsStatusSaysWhetherItSucceeded() {
        server.answer(200, """
                {"id":"c3","replayOf":"a1","requestId":"r9","durationMillis":5.0,"outcome":"succeeded","result":"OK","detail":null,\
                "answer":{"length":4,"truncated":false,"json":null}}""")
                .answer(200,
                        """
                                {"id":"c4","replayOf":"a1","requestId":"r10","durationMillis":5.0,"outcome":"failed","result":"PROBLEM","detail":"boom",\
                                "answer":null}""")
                .answer(410, "{\"message\":\"2 of the 4 records are gone\"}");

        CommandRun succeeded = run("deliveries", "replay", "a1");
        assertThat(succeeded.status()).isZero();
        assertThat(succeeded.out()).isEqualTo("""
                Result        OK
                Request id    r9
                Took          5 ms
                Journaled as  c3

                Answer (4 bytes):
                null
                """);
        CommandRun failed = run("deliveries", "replay", "a1");
        assertThat(failed.status()).isEqualTo(1);
        assertThat(failed.out()).contains("Detail        boom");
        CommandRun gone = run("deliveries", "replay", "a1");
        assertThat(gone.status()).isEqualTo(1);
        assertThat(gone.err()).isEqualTo("sluice: 2 of the 4 records are gone\n");
        assertThat(server.requests().get(0).line()).isEqualTo("POST /_sluice/deliveries/a1/replay");
    }

    @Test
    void followShowsWhatIsNewOrHasChangedTheOldestFirstUnderOneHead() {
        server.answer(200, "{\"deliveries\":[" + DELIVERY + "}]}")
                .answer(200, "{\"deliveries\":[" + DELIVERY + "}]}")
                .answer(200, "{\"deliveries\":[" + DELIVERY.replace("a1", "b2") + "}," + DELIVERY.replace("running", "partly") + "}]}")
                .answer(503, "{\"message\":\"closing\"}");

        CommandRun run = run("deliveries", "--follow");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).isEqualTo("sluice: closing\n");
        assertThat(run.out().lines().map(line -> line.replaceAll("  +.*", "") + (line.contains("partly") ? " partly" : "")))
                .containsExactly("ID", "a1", "a1 partly", "b2");
    }

    @Test
    void wrongUsageIsStatusTwo() {
        assertThat(run("deliveries", "--limit", "0").err()).isEqualTo("sluice: --limit is 0; allowed is a whole number from 1 to 1000\n");
        assertThat(run("deliveries", "--limit", "0").status()).isEqualTo(2);
        assertThat(run("deliveries", "--limit", "x").status()).isEqualTo(2);
        assertThat(run("deliveries", "a1", "--failed").status()).isEqualTo(2);
        assertThat(run("deliveries", "replay").status()).isEqualTo(2);
        assertThat(run("mappings", "skip").status()).isEqualTo(2);
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void skipSaysHowManyRecordsWereLeftOut() {
        server.answer(200, "{\"skipped\":5}").answer(200, "{\"skipped\":1}").answer(200, "{\"skipped\":0}");

        assertThat(run("mappings", "skip", "u").out()).isEqualTo("5 records were skipped; 'sluice deliveries --failed' shows which.\n");
        assertThat(run("mappings", "skip", "u").out()).isEqualTo("1 record was skipped; 'sluice deliveries --failed' shows which.\n");
        assertThat(run("mappings", "skip", "u").out()).isEqualTo("No batch waits for its next attempt.\n");
        assertThat(server.requests().get(0).line()).isEqualTo("POST /_sluice/mappings/u/skip");
    }

    private CommandRun run(String... args) {
        return CommandRun.with(Map.of("SLUICE_ENDPOINT", server.endpoint()), "", directory, args);
    }
}
