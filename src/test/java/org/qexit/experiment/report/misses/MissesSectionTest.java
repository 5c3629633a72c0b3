package org.qexit.experiment.report.misses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.data.Dataset;
import org.qexit.experiment.report.ReportData;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.EventOrigins;
import org.qexit.trace.Thresholds;

class MissesSectionTest {
    /** Five events of two exits: class 1 is critical. By l = 0.2, u = 0.8 samples 3 and 4 are missed, sample 1 is a false alarm. */
    private static DecidedEvents events() {
        DeviceTrace trace = new DeviceTrace(
                "ue1",
                new long[] {0, 1, 2, 3, 4},
                new byte[] {0, 0, 1, 1, 1},
                new float[][] {{0.1f, 0.5f, 0.5f, 0.15f, 0.5f}, {0.9f, 0.85f, 0.95f, 0.9f, 0.05f}},
                EventOrigins.of(new int[] {0, 0, 1, 1, 1}, new int[] {0, 1, 2, 3, 4}));
        return DecidedEvents.of("m", List.of(trace), List.of(new Thresholds(0.2f, 0.8f)));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void mistakesAreCountedAndShown(int height) {
        byte[][] pixels = new byte[5][12];
        Dataset data = Dataset.ofBytes(
                "d",
                new int[] {12 / height / 3, height, 3},
                pixels,
                new int[] {0, 0, 1, 1, 1},
                List.of("ok", "<b>bad"));
        DecidedEvents events = events();
        assertEquals(
                List.of(4, 3),
                events.misses().stream().map(DecidedEvents.Event::source).toList());
        assertEquals(
                List.of(1),
                events.falseAlarms().stream().map(DecidedEvents.Event::source).toList());
        assertEquals(2.0 / 3, events.wrong(1).value(), 1e-12);
        assertEquals(0.5, events.wrong(0).value(), 1e-12);
        assertEquals(1, events.count(1, 2, true));
        assertEquals(1, events.count(1, 1, false));
        assertEquals(1, events.count(1, 2, false));
        ReportData.Section section = MissesSection.of(List.of(events), data);
        String html = section.body().html();
        assertTrue(html.contains("66.7 %"), html);
        assertTrue(html.contains("ue1, exit 2, 0.500 0.050"), html);
        assertTrue(!html.contains("<b>bad") && html.contains("&lt;b&gt;bad"), "names are text");
        assertTrue(html.contains(height == 1 ? "<polyline" : "data:image/png;base64,"), html);
    }
}
