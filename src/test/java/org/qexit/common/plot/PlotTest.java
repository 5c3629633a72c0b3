package org.qexit.common.plot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qexit.common.RandomStreams;

class PlotTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "LINEAR      | 0     | 1      | 0 0.2 0.4 0.6 0.8 1",
                "LINEAR      | -7.5  | 7.5    | −6 −4 −2 0 2 4 6",
                "LINEAR      | 0.999 | 1.0004 | 0.999 0.9992 0.9994 0.9996 0.9998 1 1.0002 1.0004",
                "WHOLE       | 0.9   | 3.1    | 1 2 3",
                "WHOLE       | 2     | 40     | 10 20 30 40",
                "LOGARITHMIC | 0.9   | 21     | 1 2 5 10 20",
                "LOGARITHMIC | 1e-5  | 2      | 1e−5 1e−4 0.001 0.01 0.1 1",
                "LOGARITHMIC | 1e-20 | 1      | 1e−18 1e−15 1e−12 1e−9 1e−6 0.001 1",
            })
    void ticksAreRound(Scale.Kind kind, double from, double to, String labels) {
        Scale scale = new Scale(kind, from, to);
        assertEquals(
                Arrays.asList(labels.split(" ")),
                scale.ticks().stream().map(scale::label).toList());
    }

    /** Whatever the range: ticks lie in it and rise, there are some, and not too many to read. */
    @Test
    void ticksOfAnyRangeCanBeRead() {
        SplittableRandom random = RandomStreams.of(1).stream("ranges");
        for (int i = 0; i < 3000; i++) {
            Scale.Kind kind = Scale.Kind.values()[i % 3];
            double from = Math.pow(10, 12 * random.nextDouble() - 6);
            double to = from * (1 + Math.pow(10, 8 * random.nextDouble() - 2));
            Scale scale = new Scale(kind, from, to);
            List<Double> ticks = scale.ticks();
            assertTrue(ticks.size() <= 11, scale + ": " + ticks);
            assertTrue(kind != Scale.Kind.LINEAR || ticks.size() >= 2, scale + ": " + ticks);
            assertEquals(
                    ticks.size(), ticks.stream().map(scale::label).distinct().count(), scale + ": " + ticks);
            for (int k = 0; k < ticks.size(); k++) {
                double share = scale.share(ticks.get(k));
                assertTrue(share > -1e-6 && share < 1 + 1e-6, scale + ": " + ticks);
                assertTrue(k == 0 || ticks.get(k) > ticks.get(k - 1), scale + ": " + ticks);
            }
        }
    }

    @Test
    void refusesScalesWithoutLength() {
        assertThrows(IllegalArgumentException.class, () -> new Scale(Scale.Kind.LINEAR, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new Scale(Scale.Kind.LINEAR, Double.NaN, 1));
        assertThrows(IllegalArgumentException.class, () -> new Scale(Scale.Kind.LOGARITHMIC, 0, 1));
    }

    @Test
    void namesOfAnyOriginAreText() {
        Canvas canvas = new Canvas();
        canvas.text(1, 2, Font.PLAIN, "<b>&\"\u0007");
        canvas.circle(0, 0, 1, Pen.fill("#000"), "</svg>");
        String svg = canvas.svg(10, 10, "a<b");
        assertTrue(svg.contains(">&lt;b&gt;&amp;&quot;?</text>") && svg.contains("<title>&lt;/svg&gt;</title>"), svg);
        assertTrue(svg.contains("<title>a&lt;b</title>"), svg);
    }

    @Test
    void longNamesEndInDots() {
        assertEquals("ue1", Font.PLAIN.fitting("ue1", 100));
        String fitted = Font.PLAIN.fitting("a".repeat(200), 100);
        assertTrue(fitted.endsWith("a…") && Font.PLAIN.widthOf(fitted) <= 100, fitted);
    }

    /** Points that an axis cannot show, and panels without any, leave the rest as it is. */
    @Test
    void chartsLeaveOutWhatCannotBeShown() {
        Chart chart = new Chart("all", 2, false);
        Chart.Axis axis = new Chart.Axis("x", Scale.Kind.LOGARITHMIC);
        chart.add(new Chart.Panel("empty", axis, axis, List.of()));
        chart.add(new Chart.Panel(
                "some",
                axis,
                axis,
                List.of(new Chart.Series(
                        "a",
                        Chart.Style.LINE,
                        List.of(new double[] {1, 0}, new double[] {1, Double.NaN}, new double[] {2, 3})))));
        String svg = chart.svg();
        assertEquals(2, svg.split("<circle", -1).length);
        assertFalse(svg.contains("NaN") || svg.contains("Infinity"), svg);
    }
}
