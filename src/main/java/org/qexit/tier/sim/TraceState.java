package org.qexit.tier.sim;

import org.qexit.simulation.SnapshotReader;
import org.qexit.simulation.SnapshotWriter;
import org.qexit.trace.DeviceTrace;

/** Traces in snapshots: those that a policy has put together of observed events, without their origins. */
final class TraceState {
    private TraceState() {}

    static void write(DeviceTrace[] traces, SnapshotWriter out) {
        for (DeviceTrace trace : traces) {
            int[] labels = new int[trace.size()];
            out.putInt(trace.exits());
            for (int q = 0; q < trace.exits(); q++) {
                int[] bits = new int[trace.size()];
                for (int k = 0; k < bits.length; k++) {
                    bits[k] = Float.floatToRawIntBits(trace.scores()[q][k]);
                    labels[k] = trace.labels()[k];
                }
                out.putInts(bits);
            }
            out.putInts(labels);
        }
    }

    /** Replaces the traces by those written, device by device. */
    static void restore(DeviceTrace[] traces, SnapshotReader in) {
        for (int n = 0; n < traces.length; n++) {
            float[][] scores = new float[in.wholeNumberInt("exits", 1, 10_000)][];
            for (int q = 0; q < scores.length; q++) {
                int[] bits = in.takeInts();
                scores[q] = new float[bits.length];
                for (int k = 0; k < bits.length; k++) {
                    scores[q][k] = Float.intBitsToFloat(bits[k]);
                }
            }
            int[] known = in.takeInts();
            byte[] labels = new byte[known.length];
            long[] events = new long[known.length];
            for (int k = 0; k < known.length; k++) {
                labels[k] = (byte) known[k];
                events[k] = k;
            }
            try {
                traces[n] = new DeviceTrace(traces[n].device(), events, labels, scores);
            } catch (IllegalArgumentException e) {
                throw in.broken(e.getMessage());
            }
        }
    }
}
