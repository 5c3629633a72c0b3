package org.qexit.experiment.report.simulation;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.qexit.experiment.report.Markup;
import org.qexit.tier.result.SimulationResult;
import org.qexit.tier.result.SimulationResult.Device;
import org.qexit.tier.result.SimulationResult.Distribution;

/**
 * How long transmissions and answers took, device by device on one logarithmic axis: bands from the 1 % to the 99 % quantile, from 5 to 95 and from
 * 20 to 80, the darker the nearer to the median, which is a gap; a thin line to the greatest; and the limit as an upright line.
 */
final class DelayBands {
    private static final double WIDTH = 900;
    private static final double LEFT = 96;
    private static final double RIGHT = 150;
    private static final double TOP = 28;
    private static final double ROW = 44;
    private static final double STRIP = 15;

    /** Shares of the lower and the upper end of a band, and how dark it is. */
    private static final double[][] BANDS = {{0.01, 0.99, 0.25}, {0.05, 0.95, 0.35}, {0.2, 0.8, 0.6}};

    private final List<Device> devices;
    private final double low;
    private final double high;

    DelayBands(List<Device> devices) {
        this.devices = devices;
        double[] times = devices.stream()
                .flatMap(device -> Stream.of(device.radio(), device.answer()))
                .flatMap(d -> Stream.concat(d.seconds().stream(), Stream.ofNullable(d.limitSeconds())))
                .mapToDouble(Double::doubleValue)
                .filter(t -> t > 0)
                .sorted()
                .toArray();
        low = times.length == 0 ? 1 : times[0] / 1.15;
        high = times.length == 0 ? 10 : Math.max(times[times.length - 1] * 1.15, 10 * low);
    }

    Markup markup() {
        double height = TOP + ROW * devices.size() + 34;
        StringBuilder svg = new StringBuilder(String.format(
                Locale.ROOT,
                "<div class=\"wide-picture\" tabindex=\"0\" role=\"region\" aria-label=\"Delays\"><svg class=\"bands\" viewBox=\"0 0 %.0f"
                        + " %.0f\" role=\"img\" aria-label=\"Quantiles of delays by device, with deadlines\">",
                WIDTH,
                height));
        axis(svg, height);
        for (int n = 0; n < devices.size(); n++) {
            Device device = devices.get(n);
            double y = TOP + ROW * n;
            text(svg, "", "end", LEFT - 10, y + STRIP + 6, device.id());
            strip(svg, device.radio(), "radio", y + 4);
            strip(svg, device.answer(), "answer", y + 4 + STRIP + 2);
        }
        return Markup.join(
                Markup.trusted(KEY), Markup.trusted(svg.append("</svg></div>").toString()));
    }

    private static final String KEY = "<ul class=\"key\">"
            + key("<rect width=\"20\" height=\"12\" class=\"radio\" opacity=\"0.7\"/>", "radio: from decision to sent")
            + key(
                    "<rect width=\"20\" height=\"12\" class=\"answer\" opacity=\"0.7\"/>",
                    "whole way: from event to answer")
            + key("<path d=\"M10 -1v15\" class=\"limit\"/>", "the limit, and how many were beyond it")
            + "</ul>";

    private static String key(String mark, String words) {
        return "<li><svg viewBox=\"0 0 20 14\" class=\"bands\" aria-hidden=\"true\">" + mark + "</svg>" + words
                + "</li>";
    }

    private void axis(StringBuilder svg, double height) {
        int from = (int) Math.ceil(Math.log10(low) - 1e-9);
        int to = (int) Math.floor(Math.log10(high) + 1e-9);
        int every = 1 + (to - from) / 10;
        for (int e = from; e <= to; e += every) {
            double x = x(Math.pow(10, e));
            svg.append(String.format(
                    Locale.ROOT, "<path class=\"rule\" d=\"M%.1f %.1fV%.1f\"/>", x, TOP - 4, height - 30));
            text(svg, "soft-text", "middle", x, height - 14, power(e));
            text(svg, "soft-text", "middle", x, TOP - 12, power(e));
        }
    }

    /** 10^e seconds in the unit that it is round in. */
    private static String power(int e) {
        if (e < -6 || e > 5) {
            return "1e" + e + " s";
        }
        int third = Math.floorDiv(e, 3);
        String unit = switch (Math.min(0, third)) {
            case -2 -> " µs";
            case -1 -> " ms";
            default -> " s";
        };
        return (long) Math.pow(10, e - 3 * Math.min(0, third)) + unit;
    }

    private void strip(StringBuilder svg, Distribution times, String kind, double y) {
        if (times.count() > 0) {
            svg.append(String.format(
                    Locale.ROOT,
                    "<rect class=\"%s\" opacity=\"0.6\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"1.6\"/>",
                    kind,
                    x(quantile(times, 0)),
                    y + STRIP / 2 - 0.8,
                    x(quantile(times, 1)) - x(quantile(times, 0))));
            for (double[] band : BANDS) {
                double x = x(quantile(times, band[0]));
                svg.append(String.format(
                        Locale.ROOT,
                        "<rect class=\"%s\" opacity=\"%.2f\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>",
                        kind,
                        band[2],
                        x,
                        y,
                        Math.max(2, x(quantile(times, band[1])) - x),
                        STRIP));
            }
            double median = x(quantile(times, 0.5));
            svg.append(String.format(Locale.ROOT, "<path class=\"median\" d=\"M%.1f %.1fv%.1f\"/>", median, y, STRIP));
        }
        if (times.limitSeconds() != null) {
            double x = x(times.limitSeconds());
            svg.append(
                    String.format(Locale.ROOT, "<path class=\"limit\" d=\"M%.1f %.1fv%.1f\"/>", x, y - 1, STRIP + 2));
            text(svg, "soft-text", "start", WIDTH - RIGHT + 8, y + STRIP - 3, beyond(times));
        } else if (times.count() > 0) {
            text(svg, "soft-text", "start", WIDTH - RIGHT + 8, y + STRIP - 3, "no limit");
        }
    }

    private static String beyond(Distribution times) {
        return times.count() == 0
                ? "nothing sent"
                : String.format(Locale.ROOT, "%,d of %,d late", times.late(), times.count());
    }

    private static double quantile(Distribution times, double share) {
        return times.seconds().get(SimulationResult.QUANTILE_SHARES.indexOf(share));
    }

    private double x(double seconds) {
        double share = Math.log(Math.max(low, seconds) / low) / Math.log(high / low);
        return LEFT + share * (WIDTH - LEFT - RIGHT);
    }

    private static void text(StringBuilder svg, String kind, String anchor, double x, double y, String words) {
        svg.append(String.format(
                        Locale.ROOT,
                        "<text class=\"%s\" text-anchor=\"%s\" x=\"%.1f\" y=\"%.1f\">",
                        kind,
                        anchor,
                        x,
                        y))
                .append(Markup.text(words).html())
                .append("</text>");
    }
}
