package org.qexit.tier.sim;

import java.io.Serializable;
import java.util.Arrays;
import org.qexit.simulation.SnapshotReader;
import org.qexit.simulation.SnapshotWriter;
import org.qexit.simulation.statistics.QuantileSketch;
import org.qexit.tier.EventOutcome;

/** What is counted of the events of one run, each where it came: by phase and device, and over time. */
final class Tallies implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Fields of a device in a phase. */
    static final int EVENTS = 0;

    static final int CRITICAL = 1;
    /** Critical events that the device decided to offload, and normal ones. */
    static final int TRUE_POSITIVES = 2;

    static final int FALSE_POSITIVES = 3;
    /** Critical events that the node named the right class of. */
    static final int RIGHT_CLASS = 4;

    private static final int FIRST_OUTCOME = 5;
    private static final int OUTCOMES = EventOutcome.values().length;
    static final int FIELDS = FIRST_OUTCOME + 2 * OUTCOMES;

    /** Fields of a device in a bin. */
    static final int BIN_EVENTS = 0;

    static final int BIN_CRITICAL = 1;
    static final int BIN_FOUND = 2;
    static final int BIN_OFFLOADS = 3;
    static final int BIN_LOST = 4;
    static final int BIN_MISSED = 5;
    static final int BIN_RIGHT_CLASS = 6;
    static final int BIN_FIELDS = 7;

    /** Of counting alone: what is counted goes elsewhere without it. */
    private final transient Timeline timeline;

    private final int devices;

    /** {@code [phase][device * FIELDS + field]}. */
    final int[][] counts;

    /** {@code [bin][device * BIN_FIELDS + field]}. */
    final int[][] bins;

    /** Sum and number of the delays of the answers to events that came in a bin. */
    final double[] binDelay = new double[Timeline.BINS];

    final int[] binAnswers = new int[Timeline.BINS];

    /** {@code [device]}, after the warm-up. */
    final double[] localJoules;

    final double[] radioJoules;
    final QuantileSketch[] deviceDelay;

    /** {@code [device]}, after the warm-up: from a decision to offload until the radio is done with the event. */
    final QuantileSketch[] radioDelay;

    /** {@code [device]}, after the warm-up: transmissions after their deadline, and answers after theirs. */
    final int[] lateRadio;

    final int[] lateAnswers;

    /** {@code [phase]}. */
    final QuantileSketch[] phaseDelay;

    /** From event to server, after the warm-up. */
    QuantileSketch serverDelay = new QuantileSketch();

    /** {@code [true class][outcome]}, after the warm-up. */
    final int[][] classOutcomes;

    /** {@code [true class][class that the node named, in time]}, after the warm-up. */
    final int[][] classNamed;

    Tallies(Timeline timeline, int devices, int classes) {
        this.timeline = timeline;
        this.devices = devices;
        counts = new int[timeline.phases()][devices * FIELDS];
        bins = new int[Timeline.BINS][devices * BIN_FIELDS];
        classOutcomes = new int[classes][OUTCOMES];
        classNamed = new int[classes][classes];
        localJoules = new double[devices];
        radioJoules = new double[devices];
        deviceDelay = new QuantileSketch[devices];
        radioDelay = new QuantileSketch[devices];
        lateRadio = new int[devices];
        lateAnswers = new int[devices];
        phaseDelay = new QuantileSketch[timeline.phases()];
        Arrays.setAll(deviceDelay, n -> new QuantileSketch());
        Arrays.setAll(radioDelay, n -> new QuantileSketch());
        Arrays.setAll(phaseDelay, p -> new QuantileSketch());
    }

    void add(int phase, int device, int field) {
        counts[phase][device * FIELDS + field]++;
    }

    void addToBin(int bin, int device, int field) {
        bins[bin][device * BIN_FIELDS + field]++;
    }

    void local(int phase, int device, double joules) {
        if (timeline.counts(phase)) {
            localJoules[device] += joules;
        }
    }

    void radio(int phase, int device, double joules) {
        if (timeline.counts(phase)) {
            radioJoules[device] += joules;
        }
    }

    /** A node named the right class of a critical event in time. */
    void rightClass(int phase, int bin, int device) {
        add(phase, device, RIGHT_CLASS);
        addToBin(bin, device, BIN_RIGHT_CLASS);
    }

    /** An event came. */
    void came(int phase, int bin, int device, boolean critical) {
        add(phase, device, EVENTS);
        addToBin(bin, device, BIN_EVENTS);
        if (critical) {
            add(phase, device, CRITICAL);
            addToBin(bin, device, BIN_CRITICAL);
        }
    }

    /** An event ended. */
    void ended(int phase, int bin, int device, boolean critical, EventOutcome outcome) {
        add(phase, device, outcomeField(outcome, critical));
        if (outcome.answered() && critical) {
            addToBin(bin, device, BIN_FOUND);
        } else if (outcome.lost()) {
            addToBin(bin, device, BIN_LOST);
        } else if (outcome == EventOutcome.MISSED) {
            addToBin(bin, device, BIN_MISSED);
        }
    }

    /** The same event, by its true class. */
    void endedOfClass(int phase, int trueClass, EventOutcome outcome) {
        if (timeline.counts(phase)) {
            classOutcomes[trueClass][outcome.ordinal()]++;
        }
    }

    /** A node named a class in time. */
    void named(int phase, int trueClass, int named) {
        if (timeline.counts(phase)) {
            classNamed[trueClass][named]++;
        }
    }

    /** The radio is done with an event. */
    void transmission(int phase, int device, double seconds, boolean late) {
        if (timeline.counts(phase)) {
            radioDelay[device].add(seconds);
            lateRadio[device] += late ? 1 : 0;
        }
    }

    /** An answer came after its own limit. */
    void lateAnswer(int phase, int device) {
        lateAnswers[device] += timeline.counts(phase) ? 1 : 0;
    }

    /** A node's answer came, in time or not. */
    void delay(int phase, int bin, int device, double seconds) {
        binDelay[bin] += seconds;
        binAnswers[bin]++;
        phaseDelay[phase].add(seconds);
        if (timeline.counts(phase)) {
            deviceDelay[device].add(seconds);
        }
    }

    void server(int phase, double seconds) {
        if (timeline.counts(phase)) {
            serverDelay.add(seconds);
        }
    }

    static int outcomeField(EventOutcome outcome, boolean critical) {
        return FIRST_OUTCOME + 2 * outcome.ordinal() + (critical ? 1 : 0);
    }

    /** A field of a device in a phase. */
    long count(int phase, int device, int field) {
        return counts[phase][device * FIELDS + field];
    }

    /** Events of a device in a phase that ended so. */
    long outcome(int phase, int device, EventOutcome outcome) {
        return count(phase, device, outcomeField(outcome, false)) + count(phase, device, outcomeField(outcome, true));
    }

    /** Critical events of a device in a phase that were answered in time. */
    long found(int phase, int device) {
        return count(phase, device, outcomeField(EventOutcome.CLASSIFIED, true))
                + count(phase, device, outcomeField(EventOutcome.REJECTED, true));
    }

    /** @throws IllegalStateException unless every event that came after the warm-up ended in exactly one way */
    void checkConservation() {
        for (int n = 0; n < devices; n++) {
            long came = 0;
            long ended = 0;
            for (int p = 0; p < counts.length; p++) {
                if (timeline.counts(p)) {
                    came += count(p, n, EVENTS);
                    for (EventOutcome outcome : EventOutcome.values()) {
                        ended += outcome(p, n, outcome);
                    }
                }
            }
            if (ended != came) {
                throw new IllegalStateException("device " + n + ": " + came + " events came and " + ended + " ended");
            }
        }
    }

    void write(SnapshotWriter out) {
        out.section("tallies");
        for (int[] phase : counts) {
            out.putInts(phase);
        }
        for (int[] bin : bins) {
            out.putInts(bin);
        }
        for (int c = 0; c < classOutcomes.length; c++) {
            out.putInts(classOutcomes[c]);
            out.putInts(classNamed[c]);
        }
        out.putDoubles(binDelay);
        out.putInts(binAnswers);
        out.putDoubles(localJoules);
        out.putDoubles(radioJoules);
        out.putInts(lateRadio);
        out.putInts(lateAnswers);
        for (QuantileSketch sketch : deviceDelay) {
            sketch.write(out);
        }
        for (QuantileSketch sketch : radioDelay) {
            sketch.write(out);
        }
        for (QuantileSketch sketch : phaseDelay) {
            sketch.write(out);
        }
        serverDelay.write(out);
    }

    void restore(SnapshotReader in) {
        in.section("tallies");
        for (int[] phase : counts) {
            System.arraycopy(in.takeInts(), 0, phase, 0, phase.length);
        }
        for (int[] bin : bins) {
            System.arraycopy(in.takeInts(), 0, bin, 0, bin.length);
        }
        for (int c = 0; c < classOutcomes.length; c++) {
            System.arraycopy(in.takeInts(), 0, classOutcomes[c], 0, OUTCOMES);
            System.arraycopy(in.takeInts(), 0, classNamed[c], 0, classNamed.length);
        }
        System.arraycopy(in.takeDoubles(), 0, binDelay, 0, binDelay.length);
        System.arraycopy(in.takeInts(), 0, binAnswers, 0, binAnswers.length);
        System.arraycopy(in.takeDoubles(), 0, localJoules, 0, devices);
        System.arraycopy(in.takeDoubles(), 0, radioJoules, 0, devices);
        System.arraycopy(in.takeInts(), 0, lateRadio, 0, devices);
        System.arraycopy(in.takeInts(), 0, lateAnswers, 0, devices);
        Arrays.setAll(deviceDelay, n -> QuantileSketch.read(in));
        Arrays.setAll(radioDelay, n -> QuantileSketch.read(in));
        Arrays.setAll(phaseDelay, p -> QuantileSketch.read(in));
        serverDelay = QuantileSketch.read(in);
    }
}
