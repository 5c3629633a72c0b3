package org.qexit.experiment.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.qexit.experiment.report.Interval;
import org.qexit.experiment.run.RunSummary;

class SeedsTest {
    private static Interval rate(Double value) {
        return value == null ? Interval.undefined() : new Interval(value, value, value);
    }

    private static RunSummary.Row row(String model, String method, Double tpr) {
        return new RunSummary.Row(
                model, method, "optimal", -1.0, 0.0, rate(tpr), rate(0.0), rate(0.9), rate(0.1), tpr, null);
    }

    private static RunSummary summary(int seed, Double first, Double second, Double without) {
        List<RunSummary.Static> statics = without == null
                ? List.of()
                : List.of(new RunSummary.Static(
                        "a", "exact", "a-static", 10, 11, rate(without), rate(0.0), rate(0.1), rate(0.0), 1));
        return new RunSummary(
                Path.of("runs/seed-" + seed),
                List.of(row("a", "exact", first), row("a", "nearest", 0.0), row("b", "exact", second)),
                statics,
                null,
                null,
                List.of(),
                1,
                null);
    }

    /** x = 0.2, 0.1, 0.3: mean 0.2, s = 0.1, and t = 4.302653 for two degrees of freedom (any table of Student's t). */
    @Test
    void differencesArePairedWithinSeeds() {
        Map<Long, RunSummary> summaries = new LinkedHashMap<>();
        summaries.put(5L, summary(5, 0.7, 0.5, 0.6));
        summaries.put(6L, summary(6, 0.8, 0.7, null));
        summaries.put(7L, summary(7, 0.6, 0.3, 0.4));
        Seeds seeds = Seeds.of(summaries);
        assertEquals(List.of(5L, 6L, 7L), seeds.seeds());
        assertEquals(List.of(0.7, 0.8, 0.6), seeds.models().get(0).tpr());
        assertEquals(0.7, seeds.models().get(0).mean().mean(), 1e-12);
        Seeds.Difference models = seeds.differences().get(0);
        assertEquals("b", models.second());
        double half = 4.302653 * 0.1 / Math.sqrt(3);
        assertEquals(0.2, models.mean().mean(), 1e-12);
        assertEquals(0.2 - half, models.mean().low(), 1e-6);
        assertEquals(0.2 + half, models.mean().high(), 1e-6);
        Seeds.Difference without = seeds.differences().get(1);
        assertEquals("a-static", without.second());
        assertNull(without.points().get(1));
        assertEquals(2, without.mean().count());
        assertEquals(2, seeds.differences().size());
        assertTrue(
                seeds.headline()
                        .startsWith("In the mean of 3 seeds, 5 to 7, the a model finds 70.0 % of the critical test"
                                + " events; the b model finds 50.0 %"),
                seeds.headline());
        assertTrue(seeds.headline().contains("a less b is +20.0 points (-4.8 to +44.8)"), seeds.headline());
    }

    @Test
    void aModelWithoutAnyPlanIsSaidToHaveNone() {
        Map<Long, RunSummary> summaries = new LinkedHashMap<>();
        summaries.put(1L, summary(1, null, 0.5, null));
        summaries.put(2L, summary(2, null, 0.5, null));
        Seeds seeds = Seeds.of(summaries);
        assertNull(seeds.models().get(0).mean());
        assertEquals(
                new ArrayList<>(Arrays.asList(null, null)),
                seeds.differences().get(0).points());
        assertTrue(seeds.headline().contains("the a model has no plan"), seeds.headline());
        String page = SeedsPage.html("<b>", seeds);
        assertFalse(page.contains("NaN"));
        assertTrue(page.contains("<h1>&lt;b&gt;</h1>"));
        assertEquals(4, SeedsPage.lines(seeds).size());
    }
}
