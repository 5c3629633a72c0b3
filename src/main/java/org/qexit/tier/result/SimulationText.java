package org.qexit.tier.result;

import java.util.List;
import java.util.Locale;
import org.qexit.common.statistics.MeanInterval;

/** A result in words and tables, for a console. */
public final class SimulationText {
    /** More devices than these are not listed; the files have all. */
    private static final int MOST_DEVICES = 40;

    private SimulationText() {}

    /** The whole of it. */
    public static String of(SimulationResult result) {
        StringBuilder text = new StringBuilder();
        line(text, "%s", summary(result));
        if (!result.complete()) {
            line(text, "stopped early: these are the replications that were complete");
        }
        devices(text, result);
        nodes(text, result);
        phases(text, result);
        variants(text, result);
        text.append(RetrainingText.of(result));
        result.warnings().forEach(warning -> line(text, "note: %s", warning));
        return text.toString();
    }

    /** One line: what was promised and what happened. */
    public static String summary(SimulationResult result) {
        long events = result.devices().stream()
                .mapToLong(SimulationResult.Device::events)
                .sum();
        long offloads = result.devices().stream()
                .mapToLong(SimulationResult.Device::offloads)
                .sum();
        long lost = result.devices().stream()
                .mapToLong(SimulationResult.Device::lost)
                .sum();
        long missed = result.devices().stream()
                .mapToLong(SimulationResult.Device::missedDeadlines)
                .sum();
        SimulationResult.SystemFigures system = result.system();
        return String.format(
                Locale.ROOT,
                "simulated %s, plan %s, policy %s: %,d events in %d %s of %s s, %,d offloaded, %s lost, %s late;"
                        + " sum of rho ln U promised %s, happened %s",
                result.instance(),
                result.plan(),
                result.policy(),
                events,
                result.replications(),
                result.replications() == 1 ? "replication" : "replications",
                number(result.time().horizonSeconds()),
                offloads,
                percent(lost, events),
                percent(missed, offloads),
                four(system.promisedLogUtility()),
                system.happenedLogUtility() == null
                        ? "not defined (" + system.devicesWithoutUtility() + " found nothing)"
                        : four(system.happenedLogUtility()));
    }

    private static void devices(StringBuilder text, SimulationResult result) {
        line(
                text,
                "%n%-10s %8s %8s %9s %9s %9s %8s %8s %9s %9s %10s",
                "device",
                "events",
                "critical",
                "promised",
                "decided",
                "answered",
                "lost",
                "late",
                "p50 [s]",
                "p95 [s]",
                "energy [J]");
        List<SimulationResult.Device> devices = result.devices();
        for (SimulationResult.Device device : devices.subList(0, Math.min(MOST_DEVICES, devices.size()))) {
            line(
                    text,
                    "%-10s %8d %8d %9s %9s %9s %8d %8d %9s %9s %10s",
                    device.id(),
                    device.events(),
                    device.critical(),
                    device.promised() == null ? "-" : share(device.promised().utility()),
                    share(device.happened().tpr()),
                    share(device.happened().utility()),
                    device.lost(),
                    device.missedDeadlines(),
                    seconds(device.delaySeconds().p50()),
                    seconds(device.delaySeconds().p95()),
                    device.energyJoules() == null ? "-" : number(device.energyJoules()));
        }
        if (devices.size() > MOST_DEVICES) {
            line(text, "... %,d devices more", devices.size() - MOST_DEVICES);
        }
    }

    private static void nodes(StringBuilder text, SimulationResult result) {
        line(text, "%n%-10s %12s %12s", "node", "utilisation", "events there");
        List<SimulationResult.Node> nodes = result.nodes();
        for (SimulationResult.Node node : nodes.subList(0, Math.min(MOST_DEVICES, nodes.size()))) {
            line(text, "%-10s %12s %12.2f", node.id(), share(node.utilisation()), node.meanPresent());
        }
    }

    private static void phases(StringBuilder text, SimulationResult result) {
        if (result.variants().get(0).phases().size() < 2) {
            return;
        }
        boolean several = result.variants().size() > 1;
        line(
                text,
                "%n%-34s %14s %9s %8s %8s %9s %9s %9s %12s",
                "phase",
                "time [s]",
                "events",
                "lost",
                "late",
                "p50 [s]",
                "p95 [s]",
                "answered",
                "sum rho ln U");
        for (SimulationResult.Variant variant : result.variants()) {
            if (several) {
                line(text, "plan %s, policy %s", variant.plan(), variant.policy());
            }
            for (SimulationResult.Phase phase : variant.phases()) {
                line(
                        text,
                        "%-34s %14s %9d %8d %8d %9s %9s %9s %12s",
                        (several ? "  " : "") + phase.name(),
                        number(phase.fromSeconds()) + "-" + number(phase.toSeconds()),
                        phase.events(),
                        phase.lost(),
                        phase.missedDeadlines(),
                        seconds(phase.delaySeconds().p50()),
                        seconds(phase.delaySeconds().p95()),
                        share(phase.utility()),
                        four(phase.logUtility()));
            }
        }
    }

    private static void variants(StringBuilder text, SimulationResult result) {
        if (result.variants().size() < 2) {
            return;
        }
        line(
                text,
                "%n%-16s %-20s %-26s %-26s %-26s %8s",
                "plan",
                "policy",
                "sum rho ln U, smoothed",
                "answered",
                "lost",
                "changes");
        for (SimulationResult.Variant variant : result.variants()) {
            SimulationResult.Figures figures = variant.figures();
            line(
                    text,
                    "%-16s %-20s %-26s %-26s %-26s %8.1f",
                    variant.plan(),
                    variant.policy(),
                    interval(figures.logUtility()),
                    interval(figures.utility()),
                    interval(figures.lostShare()),
                    variant.changes());
            if (variant.difference() != null) {
                line(
                        text,
                        "%-16s %-20s %-26s %-26s %-26s",
                        "",
                        "  less the reference",
                        interval(variant.difference().logUtility()),
                        interval(variant.difference().utility()),
                        interval(variant.difference().lostShare()));
            }
        }
    }

    static String interval(MeanInterval interval) {
        if (interval == null) {
            return "-";
        }
        return interval.low() == null
                ? String.format(Locale.ROOT, "%.4f", interval.mean())
                : String.format(Locale.ROOT, "%.4f [%.4f, %.4f]", interval.mean(), interval.low(), interval.high());
    }

    static String share(Double value) {
        return value == null ? "-" : String.format(Locale.ROOT, "%.1f %%", 100 * value);
    }

    private static String percent(long part, long whole) {
        return whole == 0 ? "none" : String.format(Locale.ROOT, "%.2f %%", 100.0 * part / whole);
    }

    private static String four(Double value) {
        return value == null ? "-" : String.format(Locale.ROOT, "%.4f", value);
    }

    private static String seconds(Double value) {
        return value == null ? "-" : String.format(Locale.ROOT, "%.4g", value);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value == Math.rint(value) && Math.abs(value) < 1e9 ? "%.0f" : "%.4g", value);
    }

    static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append(System.lineSeparator());
    }
}
