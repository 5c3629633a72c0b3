package org.qexit.nn.measurement;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.qexit.common.Checks;
import org.qexit.common.RandomStreams;
import org.qexit.data.LabelledSet;
import org.qexit.nn.EarlyExitModel;
import org.qexit.nn.head.HeadConfig;
import org.qexit.nn.head.QuantumHead;
import org.qexit.nn.loss.CoupledLoss;
import org.qexit.quantum.noise.NoiseModel;
import org.qexit.quantum.shots.Band;
import org.qexit.quantum.shots.Bound;
import org.qexit.quantum.shots.SequentialMeasurement;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.EventOrigins;
import org.qexit.trace.ExitThresholds;
import org.qexit.trace.Rule;
import org.qexit.trace.Thresholds;

/**
 * A device's events as a trained model's exits see them when their circuits are measured by shots. Exits without a circuit say what they
 * say; the settings of
 * shots and noise that the model was trained with do not matter here.
 */
public final class MeasuredEvents {
    private final String device;
    private final LabelledSet events;
    private final List<ExitOutcomes> exits;

    private MeasuredEvents(String device, LabelledSet events, List<ExitOutcomes> exits) {
        this.device = device;
        this.events = events;
        this.exits = exits;
    }

    /**
     * Simulates the circuits of all events once.
     *
     * @param model telling normal from critical, with a circuit at one exit at least
     * @param noise of the machine
     * @throws IllegalArgumentException if no exit has a circuit, or one has too many qubits to simulate
     */
    public static MeasuredEvents of(EarlyExitModel model, String device, LabelledSet events, NoiseModel noise) {
        List<ExitOutcomes> exits = new ArrayList<>();
        double[][] margins = model.margins(events);
        for (int q = 0; q < model.config().exits(); q++) {
            HeadConfig head = model.config().heads().get(q);
            exits.add(
                    head instanceof QuantumHead quantum
                            ? ExitOutcomes.measured(model, q, quantum, events, Checks.present("noise", noise))
                            : ExitOutcomes.exact(margins[q]));
        }
        if (exits.stream().noneMatch(ExitOutcomes::isMeasured)) {
            throw new IllegalArgumentException("model " + model.config().name()
                    + " has no quantum head; expected one whose circuit can be measured");
        }
        return new MeasuredEvents(device, events, List.copyOf(exits));
    }

    /** Gates of each exit's circuit, run once per shot, {@code [exit]}. */
    public int[] gates() {
        return exits.stream().mapToInt(ExitOutcomes::gates).toArray();
    }

    /** Of these those on two qubits, {@code [exit]}. */
    public int[] twoQubitGates() {
        return exits.stream().mapToInt(ExitOutcomes::twoQubitGates).toArray();
    }

    /** The trace of infinitely many shots on this machine, its noise included. */
    public DeviceTrace trace() {
        float[][] scores = new float[exits.size()][events.size()];
        for (int q = 0; q < scores.length; q++) {
            for (int k = 0; k < scores[q].length; k++) {
                scores[q][k] = (float) CoupledLoss.confidence(exits.get(q).margins()[k]);
            }
        }
        return new DeviceTrace(
                device,
                LongStream.range(0, events.size()).toArray(),
                events.labels(),
                scores,
                EventOrigins.of(events.classes(), events.indices()));
    }

    /** What a rule decides from infinitely many shots, {@code [event]}. */
    public Thresholds.Decision[] decisions(Rule rule) {
        Band[] bands = bands(rule);
        Thresholds.Decision[] decisions = new Thresholds.Decision[events.size()];
        for (int k = 0; k < decisions.length; k++) {
            int event = k;
            decisions[k] = decide(q -> bands[q].side(exits.get(q).margins()[event]));
        }
        return decisions;
    }

    /**
     * Decides every event shot by shot: each exit with a circuit stops as soon as a threshold is decided.
     *
     * @param bound of the tests
     * @param delta probability that an event that no exit leaves to its estimate is decided otherwise than by infinitely many shots;
     *     every exit
     *     has an equal part of it
     * @param maxShots cap of each exit
     * @param random of the shots, a stream per event and exit
     */
    public ShotDecisions sequential(Rule rule, Bound bound, double delta, long maxShots, RandomStreams random) {
        long measured = exits.stream().filter(ExitOutcomes::isMeasured).count();
        SequentialMeasurement measurement = new SequentialMeasurement(bound, delta / measured, maxShots);
        Band[] bands = bands(rule);
        long[][] shots = new long[exits.size()][events.size()];
        boolean[] capped = new boolean[events.size()];
        Thresholds.Decision[] decisions = new Thresholds.Decision[events.size()];
        for (int k = 0; k < decisions.length; k++) {
            int event = k;
            decisions[k] = decide(q -> {
                ExitOutcomes exit = exits.get(q);
                if (!exit.isMeasured()) {
                    return bands[q].side(exit.margins()[event]);
                }
                SequentialMeasurement.Verdict verdict =
                        measurement.measure(shots(exit, q, event, random), exit.readout(), exit.values(), bands[q]);
                shots[q][event] = verdict.shots();
                capped[event] |= verdict.capped();
                return verdict.side();
            });
        }
        return new ShotDecisions(decisions, shots, capped);
    }

    /**
     * Decides every event by the mean of a fixed number of shots at each exit that looks. The shots of a smaller number are the first of
     * a larger one.
     *
     * @param counts numbers of shots, ascending, at least 1
     * @return one per number
     */
    public List<ShotDecisions> fixed(Rule rule, long[] counts, RandomStreams random) {
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] <= (i == 0 ? 0 : counts[i - 1])) {
                throw new IllegalArgumentException(
                        "numbers of shots " + Arrays.toString(counts) + "; expected ascending ones from 1");
            }
        }
        Band[] bands = bands(rule);
        List<ShotDecisions> all = new ArrayList<>();
        for (int i = 0; i < counts.length; i++) {
            all.add(new ShotDecisions(
                    new Thresholds.Decision[events.size()],
                    new long[exits.size()][events.size()],
                    new boolean[events.size()]));
        }
        for (int k = 0; k < events.size(); k++) {
            double[][] estimates = new double[exits.size()][];
            for (int i = 0; i < counts.length; i++) {
                int event = k;
                int at = i;
                all.get(i).decisions()[k] = decide(q -> {
                    ExitOutcomes exit = exits.get(q);
                    if (!exit.isMeasured()) {
                        return bands[q].side(exit.margins()[event]);
                    }
                    if (estimates[q] == null) {
                        estimates[q] = estimates(exit, shots(exit, q, event, random), counts);
                    }
                    all.get(at).shots()[q][event] = counts[at];
                    return bands[q].side(estimates[q][at]);
                });
            }
        }
        return all;
    }

    private static double[] estimates(ExitOutcomes exit, SequentialMeasurement.Shots shots, long[] counts) {
        double[] estimates = new double[counts.length];
        double sum = 0;
        long taken = 0;
        for (int i = 0; i < counts.length; i++) {
            for (; taken < counts[i]; taken++) {
                sum += exit.values()[shots.next()];
            }
            estimates[i] = sum / taken;
        }
        return estimates;
    }

    private SequentialMeasurement.Shots shots(ExitOutcomes exit, int q, int event, RandomStreams random) {
        SplittableRandom stream = random.stream("shots/" + device + "/" + event + "/" + (q + 1));
        return SequentialMeasurement.shots(exit.probabilities(), event, exit.qubits(), stream);
    }

    private interface Exit {
        Band.Side side(int exit);
    }

    private Thresholds.Decision decide(Exit exit) {
        for (int q = 0; q < exits.size(); q++) {
            Band.Side side = exit.side(q);
            if (side != Band.Side.BETWEEN) {
                return new Thresholds.Decision(q, side == Band.Side.CRITICAL);
            }
        }
        return new Thresholds.Decision(exits.size() - 1, false);
    }

    /** The rule's thresholds on the logits, {@code [exit]}. */
    private Band[] bands(Rule rule) {
        ExitThresholds thresholds = rule instanceof Thresholds pair
                ? ExitThresholds.of(pair, exits.size())
                : (ExitThresholds) Checks.present("rule", rule);
        if (thresholds.exits() != exits.size()) {
            throw new IllegalArgumentException(
                    "thresholds of " + thresholds.exits() + " exits; expected " + exits.size());
        }
        Band[] bands = new Band[exits.size()];
        for (int q = 0; q < bands.length; q++) {
            Band band = Band.ofConfidences(thresholds.lower(q), thresholds.upper(q));
            bands[q] = q + 1 < bands.length ? band : band.last();
        }
        return bands;
    }
}
