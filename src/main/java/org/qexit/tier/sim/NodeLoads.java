package org.qexit.tier.sim;

import org.qexit.simulation.SnapshotReader;
import org.qexit.simulation.SnapshotWriter;

/** How busy nodes are, and how many events are there, over time: from the integrals that each has at the ends of bins and of the warm-up. */
final class NodeLoads {
    private final Timeline timeline;
    private final int nodes;

    /** {@code [bin][node]}, up to the end of each bin. */
    private final double[][] busy;

    private final double[][] present;

    /** {@code [node]}, up to the end of the warm-up. */
    private final double[] busyBefore;

    private final double[] presentBefore;

    NodeLoads(Timeline timeline, int nodes) {
        this.timeline = timeline;
        this.nodes = nodes;
        busy = new double[Timeline.BINS][nodes];
        present = new double[Timeline.BINS][nodes];
        busyBefore = new double[nodes];
        presentBefore = new double[nodes];
    }

    void warmUpEnds(NodeQueue[] queues) {
        read(queues, busyBefore, presentBefore);
    }

    void binEnds(int bin, NodeQueue[] queues) {
        read(queues, busy[bin], present[bin]);
    }

    private static void read(NodeQueue[] queues, double[] busy, double[] present) {
        for (int j = 0; j < queues.length; j++) {
            busy[j] = queues[j].busySeconds();
            present[j] = queues[j].presentSeconds();
        }
    }

    /** {@code [node]}, from the warm-up to the horizon. */
    double[] utilisation() {
        return perSecond(busy, busyBefore);
    }

    /** {@code [node]}: the mean number of events there in that time. */
    double[] meanPresent() {
        return perSecond(present, presentBefore);
    }

    /** {@code [node][bin]}. */
    double[][] utilisationByBin() {
        return byBin(busy);
    }

    /** {@code [node][bin]}. */
    double[][] meanPresentByBin() {
        return byBin(present);
    }

    private double[] perSecond(double[][] until, double[] before) {
        double[] mean = new double[nodes];
        for (int j = 0; j < nodes; j++) {
            // After a stop there may be nothing at the horizon.
            double area = Math.max(0, until[Timeline.BINS - 1][j] - before[j]);
            mean[j] = area / (timeline.horizonSeconds - timeline.warmUpSeconds);
        }
        return mean;
    }

    private double[][] byBin(double[][] until) {
        double[][] mean = new double[nodes][Timeline.BINS];
        for (int j = 0; j < nodes; j++) {
            for (int b = 0; b < Timeline.BINS; b++) {
                double before = b == 0 ? 0 : until[b - 1][j];
                mean[j][b] = Math.max(0, until[b][j] - before) * Timeline.BINS / timeline.horizonSeconds;
            }
        }
        return mean;
    }

    void write(SnapshotWriter out) {
        for (int b = 0; b < Timeline.BINS; b++) {
            out.putDoubles(busy[b]);
            out.putDoubles(present[b]);
        }
        out.putDoubles(busyBefore);
        out.putDoubles(presentBefore);
    }

    void restore(SnapshotReader in) {
        for (int b = 0; b < Timeline.BINS; b++) {
            System.arraycopy(in.takeDoubles(), 0, busy[b], 0, nodes);
            System.arraycopy(in.takeDoubles(), 0, present[b], 0, nodes);
        }
        System.arraycopy(in.takeDoubles(), 0, busyBefore, 0, nodes);
        System.arraycopy(in.takeDoubles(), 0, presentBefore, 0, nodes);
    }
}
