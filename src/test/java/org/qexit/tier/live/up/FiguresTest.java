package org.qexit.tier.live.up;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.qexit.bundle.BundleEvents;
import org.qexit.common.UserError;

/** What is counted of logs and of what nodes say, by hand. */
class FiguresTest {
    @TempDir
    private Path folder;

    @Test
    void jainsIndexIsOneForEqualsAndOneNthForOneWhoHasAll() {
        assertEquals(1, Figures.jain(new double[] {0.3, 0.3, 0.3}), 1e-15);
        assertEquals(0.25, Figures.jain(new double[] {0, 0, 2, 0}), 1e-15);
        assertEquals(36.0 / (3 * 14), Figures.jain(new double[] {1, 2, 3}), 1e-15);
        assertNull(Figures.jain(new double[0]));
        assertNull(Figures.jain(new double[] {0, 0}));
    }

    /** Events 1, 3, 4 and 6 are critical; 3 was dropped, 4 came late: U = 2 / 4. */
    @Test
    void aLogIsCountedAsItGrows() throws IOException {
        byte[] labels = {1, 0, 1, 1, 0, 1, 0};
        LiveFleet.Device device =
                new LiveFleet.Device("ue1", "en1", 2, 1, 7, 0.9, new BundleEvents("ue1", labels, new float[14]));
        Path log = folder.resolve("events.jsonl");
        DeviceTally tally = new DeviceTally(device, log);
        tally.read();
        assertEquals(0, tally.figures().events());
        assertNull(tally.figures().soFar());
        String rest = "\"exit\":1,\"id\":\"0000000000000001-1\",\"tries\":1,\"class\":";
        String lines = "{\"event\":1,\"end\":\"classified\"," + rest
                + "4,\"nodeExit\":1,\"node\":\"en1\",\"delaySeconds\":0.010}\n"
                + "{\"event\":2,\"end\":\"dropped\",\"exit\":2,\"delaySeconds\":1.0E-4}\n"
                + "{\"event\":3,\"end\":\"dropped\",\"exit\":2,\"delaySeconds\":1.0E-4}\n"
                + "{\"event\":4,\"end\":\"late\"," + rest + "2,\"nodeExit\":1,\"node\":\"en1\",\"delaySeconds\":20.0}\n"
                + "{\"event\":5,\"end\":\"rejected\"," + rest
                + "-1,\"nodeExit\":1,\"node\":\"en2\",\"delaySeconds\":0.020}\n"
                + "{\"event\":6,\"end\":\"classified\"," + rest
                + "4,\"nodeExit\":2,\"node\":\"en1\",\"delaySeconds\":0.040}\n"
                + "{\"event\":7,\"end\":\"unreadable\",\"exit\":0}\n";
        for (int i = 0; i < lines.length(); i += 97) {
            Files.writeString(
                    log,
                    lines.substring(i, Math.min(lines.length(), i + 97)),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
            tally.read();
        }
        Figures.Device figures = tally.figures();
        assertEquals(6, figures.events());
        assertEquals(2, figures.dropped());
        assertEquals(4, figures.offloaded());
        assertEquals(2, figures.classified());
        assertEquals(1, figures.rejected());
        assertEquals(1, figures.missed());
        assertEquals(0.5, figures.soFar());
        assertEquals(0.020, figures.p50Seconds(), 0.0003);
        assertEquals(0.040, figures.p95Seconds(), 0.0005);
        assertEquals(Map.of(4, 2L, 2, 1L), tally.classes("en1"));
        assertEquals(Map.of(-1, 1L), tally.classes("en2"));
        Files.writeString(log, "{\"event\":\n", StandardOpenOption.APPEND);
        assertThrows(UserError.class, tally::read);
    }

    /** 30 of 60 a period of 100 s within 25 s: twice what is granted. */
    @Test
    void aNodesFiguresAreReadAndPutInRelation() {
        NodeTally tally =
                new NodeTally(new LiveFleet.Node("en1", 1, 0.5, 60), "https://127.0.0.1:1", HttpClient.newHttpClient());
        assertNull(tally.figures(2, 100, Map.of(), null).load());
        tally.take("# HELP qexit_events_total x\nqexit_inference_seconds_sum 1.5\n", 5);
        tally.take(
                "qexit_events_total{decision=\"class\",exit=\"1\"} 20.0\n"
                        + "qexit_events_total{decision=\"false_alarm\",exit=\"1\"} 4.0\n"
                        + "qexit_events_total{decision=\"class\",exit=\"3\"} 6.0\n"
                        + "qexit_device_events_total{admission=\"refused\",device=\"ue1\"} 2.0\n"
                        + "qexit_device_events_total{admission=\"admitted\",device=\"ue1\"} 30.0\n"
                        + "qexit_device_events_total{admission=\"refused\",device=\"ue2\"} 1.0\n"
                        + "qexit_inference_seconds_sum 4.0\nnonsense {\nqexit_heap_bytes 1.2E8\n",
                30);
        Figures.Node figures = tally.figures(2, 100, Map.of("Coat", 30L), 3L);
        assertEquals(Map.of("1", 24L, "3", 6L), figures.exits());
        assertEquals(30, figures.decided());
        assertEquals(3, figures.refused());
        assertEquals(2, figures.load(), 1e-12);
        assertEquals(0.1, figures.busy(), 1e-12);
    }

    @Test
    void aNodeThatDoesNotAnswerIsAway() {
        NodeTally tally =
                new NodeTally(new LiveFleet.Node("en1", 1, 1, 60), "http://127.0.0.1:1", HttpClient.newHttpClient());
        tally.read(1);
        assertEquals(true, tally.figures(2, 100, Map.of(), null).away());
    }

    @Test
    void aDirectoryWithSomethingInItIsRefused() throws IOException {
        Files.writeString(folder.resolve("mine"), "x");
        String message =
                assertThrows(UserError.class, () -> UpFolder.make(folder)).getMessage();
        assertEquals(folder + ": holds something already; expected a new or an empty directory", message);
    }
}
