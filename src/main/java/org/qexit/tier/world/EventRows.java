package org.qexit.tier.world;

import java.util.Map;
import java.util.TreeMap;
import org.qexit.simulation.RandomStream;
import org.qexit.simulation.SnapshotReader;
import org.qexit.simulation.SnapshotWriter;
import org.qexit.trace.DeviceTrace;

/**
 * Which rows of its trace a device sees: all of them in a random order, then all in another. With weights of classes, first a class is drawn, then
 * a row of that class, likewise without repetition.
 */
public final class EventRows {
    private final RandomStream random;
    private final DeviceTrace trace;
    private final Deck all;

    /** Null until weights are first set. */
    private Deck[] byClass;

    private int[] classes;
    private double[] cumulative;

    public EventRows(DeviceTrace trace, RandomStream random) {
        this.trace = trace;
        this.random = random;
        int[] rows = new int[trace.size()];
        for (int k = 0; k < rows.length; k++) {
            rows[k] = k;
        }
        all = new Deck(rows);
    }

    /** Weights by class; null for the trace as it is. */
    public void mix(Map<Integer, Double> weights) {
        if (weights == null) {
            cumulative = null;
            return;
        }
        deal();
        cumulative = new double[classes.length];
        double sum = 0;
        for (int i = 0; i < classes.length; i++) {
            sum += weights.getOrDefault(classes[i], 0.0);
            cumulative[i] = sum;
        }
    }

    private void deal() {
        if (byClass != null) {
            return;
        }
        Map<Integer, Integer> counts = new TreeMap<>();
        for (int id : trace.origins().classes()) {
            counts.merge(id, 1, Integer::sum);
        }
        classes = counts.keySet().stream().mapToInt(Integer::intValue).toArray();
        byClass = new Deck[classes.length];
        for (int i = 0; i < classes.length; i++) {
            int[] rows = new int[counts.get(classes[i])];
            int next = 0;
            for (int k = 0; k < trace.size(); k++) {
                if (trace.origins().classes()[k] == classes[i]) {
                    rows[next++] = k;
                }
            }
            byClass[i] = new Deck(rows);
        }
    }

    public int next() {
        if (cumulative == null) {
            return all.next();
        }
        double x = random.uniform() * cumulative[cumulative.length - 1];
        int i = 0;
        while (x >= cumulative[i]) {
            i++;
        }
        return byClass[i].next();
    }

    public void write(SnapshotWriter out) {
        random.write(out);
        all.write(out);
        out.putDoubles(cumulative == null ? new double[0] : cumulative);
        out.putInt(byClass == null ? 0 : byClass.length);
        for (int i = 0; byClass != null && i < byClass.length; i++) {
            byClass[i].write(out);
        }
    }

    /** The rows of a trace that {@link #write} wrote. */
    public static EventRows read(DeviceTrace trace, SnapshotReader in) {
        EventRows rows = new EventRows(trace, RandomStream.read(in));
        rows.all.restore(in);
        double[] weights = in.takeDoubles();
        int decks = in.wholeNumberInt("decks", 0, Integer.MAX_VALUE);
        if (decks > 0) {
            rows.deal();
            for (Deck deck : rows.byClass) {
                deck.restore(in);
            }
        }
        rows.cumulative = weights.length == 0 ? null : weights;
        return rows;
    }

    private final class Deck {
        private final int[] rows;
        private int place;

        Deck(int[] rows) {
            this.rows = rows;
            place = rows.length;
        }

        public int next() {
            if (place == rows.length) {
                random.shuffle(rows);
                place = 0;
            }
            return rows[place++];
        }

        public void write(SnapshotWriter out) {
            out.putInts(rows);
            out.putInt(place);
        }

        void restore(SnapshotReader in) {
            System.arraycopy(in.takeInts(), 0, rows, 0, rows.length);
            place = in.wholeNumberInt("place", 0, rows.length);
        }
    }
}
