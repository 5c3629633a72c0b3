package org.qexit.experiment.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qexit.experiment.report.Cell.DeviceRow;
import org.qexit.experiment.report.Confidences.HistogramRow;
import org.qexit.experiment.report.Decisions.PlanRow;
import org.qexit.experiment.report.ModelSection.EpochRow;

/** Numbers as printed, intervals, and what the records refuse. */
class FiguresTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0 Hz",
        "1250000, 1.25 MHz",
        "999.6, 1.00 kHz",
        "999.4, 999 Hz",
        "0.0345, 34.5 mHz",
        "1e-6, 1.00 µHz",
        "-2500, −2.50 kHz",
        "1e15, 1.00e+15 Hz",
        "1e-13, 1.00e-13 Hz"
    })
    void siPrefixes(double value, String text) {
        assertEquals(text, Figures.si(value, "Hz").replace('\u00a0', ' '));
    }

    @Test
    void ratesAndTheirIntervals() {
        assertEquals("93.1\u00a0% (91.0 to 94.8)", Figures.percent(new Interval(0.9312, 0.91, 0.948)));
        assertEquals("0.0\u00a0%", Figures.percent(-0.0));
        assertEquals("+1.5 (−1.1 to +4.1)", Figures.points(new Interval(0.015, -0.011, 0.041)));
        assertEquals("0.0 (0.0 to 0.0)", Figures.points(new Interval(0.0, -0.0001, 0.0001)));
        assertEquals("undefined", Figures.percent(Interval.undefined()));
        assertEquals("undefined", Figures.points(Interval.undefined()));
        assertEquals("undefined", Figures.si(null, "J"));
    }

    @ParameterizedTest
    @CsvSource({"0.5, 0.5000", "1, 1.0000", "0, 0.0000", "0.99999, 0.99999", "0.00001, 0.000010"})
    void aThresholdNeverReadsAsZeroOrOneUnlessItIs(double threshold, String text) {
        assertEquals(text, Figures.confidence(threshold));
    }

    @Test
    void numbersDoNotFollowTheLocale() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.GERMANY);
        try {
            assertEquals("1,234,567", Figures.count(1234567));
            assertEquals("−0.8912", Figures.decimal(-0.89124, 4));
            assertEquals("0.27", Figures.pValue(0.27));
            assertEquals("< 0.0001", Figures.pValue(0.0));
            assertEquals("110", Figures.quantity(110));
            assertEquals("62.5", Figures.quantity(62.5));
        } finally {
            Locale.setDefault(before);
        }
    }

    /** Against the quadratic that Wilson's ends solve: (p̂ − p)² = z² p (1 − p) / n. */
    @ParameterizedTest
    @CsvSource({"0,1", "1,1", "1,2", "5,7", "93,100", "0,400", "400,400", "1,100000"})
    void wilsonEndsSolveTheirEquation(long k, long n) {
        Interval interval = Interval.wilson(k, n);
        double estimate = (double) k / n;
        double z = 1.959963984540054;
        for (double p : new double[] {interval.low(), interval.high()}) {
            assertEquals(z * z * p * (1 - p) / n, (estimate - p) * (estimate - p), 1e-12);
        }
        assertTrue(interval.low() >= 0 && interval.high() <= 1 && interval.low() < interval.high());
    }

    @Test
    void noEventsMeanUndefined() {
        assertFalse(Interval.wilson(0, 0).defined());
        assertThrows(IllegalArgumentException.class, () -> Interval.wilson(2, 1));
        assertThrows(IllegalArgumentException.class, () -> new Interval(Double.NaN, 0.0, 1.0));
        assertThrows(IllegalArgumentException.class, () -> new Interval(0.5, null, 1.0));
        assertThrows(IllegalArgumentException.class, () -> new Interval(0.5, 0.6, 1.0));
        assertThrows(IllegalArgumentException.class, () -> new Interval(0.5, 0.0, Double.POSITIVE_INFINITY));
    }

    @Test
    void recordsRefuseWhatIsNotANumber() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new PlanRow("m", "exact", "optimal", Double.NaN, null, null, null, null, null));
        assertThrows(
                IllegalArgumentException.class,
                () -> new EpochRow(1, Double.POSITIVE_INFINITY, null, null, null, null, null, null, false));
        assertThrows(IllegalArgumentException.class, () -> new HistogramRow("m", "d", 0, 0, 1, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new HistogramRow("m", "d", 1, 0.5, Double.NaN, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new DeviceRow("d", Double.NaN, 0, 1));
    }

    @Test
    void rowsOfUnknownModelsAndTheReservedNameAreRefused() {
        IllegalArgumentException unknown = assertThrows(
                IllegalArgumentException.class,
                () -> data(
                        List.of(), List.of(new PlanRow("m", "exact", "optimal", null, null, null, null, null, null))));
        assertEquals("plans.model is 'm'; expected one of []", unknown.getMessage());
        assertThrows(
                IllegalArgumentException.class, () -> data(List.of(new DeviceRow(ReportData.ALL, 0, 0, 1)), List.of()));
        assertThrows(
                IllegalArgumentException.class,
                () -> data(List.of(new DeviceRow("d", 0, 0, 1), new DeviceRow("d", 1, 1, 1)), List.of()));
    }

    private static ReportData data(List<DeviceRow> devices, List<PlanRow> plans) {
        return new ReportData(
                new RunFacts("t", "c", 1, List.of(), Map.of(), List.of(), null),
                "h",
                List.of(),
                new Confidences(List.of(), List.of()),
                new Cell(List.of(), devices),
                new Decisions(plans, List.of(), List.of(), List.of()),
                List.of(),
                List.of());
    }
}
