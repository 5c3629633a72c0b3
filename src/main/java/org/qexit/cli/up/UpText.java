package org.qexit.cli.up;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.qexit.tier.live.device.DeviceSummary;
import org.qexit.tier.live.up.CloudState;
import org.qexit.tier.live.up.UpSummary;

/** The summary as tables. */
final class UpText {
    private static final double MILLIS = 1e3;

    private UpText() {}

    static void print(PrintWriter out, UpSummary summary) {
        out.printf(
                Locale.ROOT,
                "%nended after %.1f s at %.4g times the planned speed%n%n",
                summary.seconds(),
                summary.speed());
        devices(out, summary);
        nodes(out, summary);
        UpSummary.Fairness fair = summary.fairness();
        out.printf(
                Locale.ROOT,
                "%nsum of rho ln U promised %.4f, happened %s; Jain's index of U %s, %s%n",
                fair.promised(),
                four(fair.happened()),
                four(fair.jainPromised()),
                four(fair.jainHappened()));
        cloud(out, summary.cloud());
        if (summary.addsUp()) {
            out.println("devices' ledgers and nodes' journals agree");
        }
    }

    private static void devices(PrintWriter out, UpSummary summary) {
        out.printf(
                Locale.ROOT,
                "%-10s %-8s %7s %8s %10s %8s %7s %8s %9s %9s%n",
                "device",
                "node",
                "events",
                "dropped",
                "classified",
                "rejected",
                "missed",
                "waiting",
                "p50 ms",
                "p95 ms");
        long[] sums = new long[6];
        for (UpSummary.Device device : summary.devices()) {
            DeviceSummary one = device.ledger();
            long[] counts = {one.events(), one.dropped(), one.classified(), one.rejected(), one.missed(), one.waiting()
            };
            for (int i = 0; i < sums.length; i++) {
                sums[i] += counts[i];
            }
            row(out, one.device(), device.node(), counts, millis(one.p50Seconds()), millis(one.p95Seconds()));
        }
        row(out, "all", "", sums, "", "");
    }

    private static void row(PrintWriter out, String device, String node, long[] counts, String p50, String p95) {
        out.printf(
                Locale.ROOT,
                "%-10s %-8s %7d %8d %10d %8d %7d %8d %9s %9s%n",
                device,
                node,
                counts[0],
                counts[1],
                counts[2],
                counts[3],
                counts[4],
                counts[5],
                p50,
                p95);
    }

    private static void nodes(PrintWriter out, UpSummary summary) {
        out.printf(
                Locale.ROOT,
                "%n%-10s %7s %8s %8s %7s  %-24s %s%n",
                "node",
                "served",
                "unheard",
                "refused",
                "model",
                "exits",
                "classes");
        for (UpSummary.Node node : summary.nodes()) {
            out.printf(
                    Locale.ROOT,
                    "%-10s %7d %8d %8d %7s  %-24s %s%n",
                    node.id(),
                    node.served(),
                    node.unheard(),
                    node.refused(),
                    node.version() == null ? "other" : "v" + node.version(),
                    words(node.exits()),
                    words(node.classes()));
        }
    }

    private static void cloud(PrintWriter out, CloudState cloud) {
        out.printf(
                Locale.ROOT, "cloud server: heartbeats of %d, %d alarms of drift%n", cloud.reporting(), cloud.alarms());
        if (!cloud.learns()) {
            return;
        }
        out.printf(
                Locale.ROOT,
                "learnt: version %d in force, %d events, %d labelled to learn from, %d to test on%n",
                cloud.version(),
                cloud.events(),
                cloud.examples(),
                cloud.tests());
        for (CloudState.Candidate candidate : cloud.candidates()) {
            out.printf(
                    Locale.ROOT,
                    "candidate %d (%s): trained on %d events, tested on %d: %s, p %.3g%s%n",
                    candidate.number(),
                    candidate.reason(),
                    candidate.trained(),
                    candidate.tested(),
                    candidate.verdict(),
                    candidate.p(),
                    candidate.accepted() ? ", published as version " + candidate.version() : "");
        }
    }

    private static String words(Map<String, Long> counts) {
        return counts.entrySet().stream()
                .map(entry -> entry.getKey() + ": " + entry.getValue())
                .collect(Collectors.joining(", "));
    }

    private static String millis(Double seconds) {
        return seconds == null ? "-" : String.format(Locale.ROOT, "%.1f", MILLIS * seconds);
    }

    private static String four(Double value) {
        return value == null ? "-" : String.format(Locale.ROOT, "%.4f", value);
    }
}
