package org.qexit.common.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Which values an axis spans, and how.
 *
 * @param kind what lies evenly along it
 * @param from value at its beginning
 * @param to value at its end
 */
public record Scale(Kind kind, double from, double to) {
    /** What lies evenly along an axis. */
    public enum Kind {
        /** Values. */
        LINEAR,
        /** Values, and only whole ones are named. */
        WHOLE,
        /** Orders of magnitude; values are above 0. */
        LOGARITHMIC
    }

    /** Ticks along a linear axis, at most about one and a half times so many. */
    private static final double TICKS = 5;

    public Scale {
        if (!(from < to) || kind == Kind.LOGARITHMIC && !(from > 0)) {
            throw new IllegalArgumentException("scale from " + from + " to " + to + "; expected less, and above 0 if "
                    + Kind.LOGARITHMIC + ", but it is " + kind);
        }
    }

    /** The share of the axis before a value: 0 at its beginning, 1 at its end. */
    double share(double value) {
        return kind == Kind.LOGARITHMIC ? Math.log(value / from) / Math.log(to / from) : (value - from) / (to - from);
    }

    /** Round values to name: multiples of 1, 2 or 5 times a power of ten; of orders of magnitude at most eight. */
    public List<Double> ticks() {
        return kind == Kind.LOGARITHMIC ? decades() : multiples();
    }

    private double step() {
        double raw = (to - from) / TICKS;
        double power = Math.pow(10, Math.floor(Math.log10(raw)));
        double lead = raw / power;
        double step = power * (lead < 1.5 ? 1 : lead < 3.5 ? 2 : lead < 7.5 ? 5 : 10);
        return kind == Kind.WHOLE ? Math.max(1, step) : step;
    }

    private List<Double> multiples() {
        double step = step();
        List<Double> ticks = new ArrayList<>();
        for (long k = (long) Math.ceil(from / step - 1e-9); k * step <= to + 1e-9 * step; k++) {
            ticks.add(k * step);
        }
        return ticks;
    }

    private List<Double> decades() {
        double span = Math.log10(to / from);
        double[] within = span < 2.5 ? new double[] {1, 2, 5} : new double[] {1};
        int every = (int) Math.max(1, Math.ceil(span / 8));
        List<Double> ticks = new ArrayList<>();
        for (int e = (int) Math.floor(Math.log10(from)); e <= Math.ceil(Math.log10(to)); e++) {
            for (double lead : within) {
                double value = lead * Math.pow(10, e);
                if (Math.floorMod(e, every) == 0 && share(value) >= -1e-9 && share(value) <= 1 + 1e-9) {
                    ticks.add(value);
                }
            }
        }
        return ticks;
    }

    /** A tick as it stands at its axis: as many decimals as tell it from its neighbours; very small and large ones as 2e−5. */
    String label(double tick) {
        double size = Math.abs(tick);
        double step = kind == Kind.LOGARITHMIC ? tick : step();
        if (size >= 1e6 || size > 0 && size < 1e-3 || step < 1e-6) {
            String text = String.format(Locale.ROOT, "%.6e", tick);
            return text.replaceFirst("\\.?0*e", "e")
                    .replaceFirst("e\\+?(-?)0*(?=\\d)", "e$1")
                    .replace("-", "−");
        }
        int decimals = (int) Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
        String text = String.format(Locale.ROOT, "%." + decimals + "f", tick);
        return (text.contains(".") ? text.replaceFirst("\\.?0+$", "") : text).replace("-", "−");
    }
}
