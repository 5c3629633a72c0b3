package org.qexit.nn;

import java.util.stream.LongStream;
import org.qexit.common.RandomStreams;
import org.qexit.data.Dataset;
import org.qexit.data.LabelledSet;
import org.qexit.nn.loss.CoupledLoss;
import org.qexit.nn.loss.DeepSupervision;
import org.qexit.trace.ClassTrace;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.EventOrigins;

/**
 * What a network says of events, in batches. Every call starts the random numbers of heads that measure a finite number of times anew.
 *
 * @param network with the parameters that it has at the time of a call
 * @param shotSeed of the shots
 */
record Inference(Network network, long shotSeed) {
    /** Of the shots of every model that says no other. */
    static final long SHOT_SEED = 0;

    private static final int BATCH = 256;

    /** Writes an event's pixels somewhere into an array. */
    @FunctionalInterface
    interface Source {
        void copyTo(int event, float[] target, int at);
    }

    /** Events numbered from 0. */
    DeviceTrace trace(String device, LabelledSet events) {
        return new DeviceTrace(
                device,
                numbers(events),
                events.labels(),
                confidences(events),
                EventOrigins.of(events.classes(), events.indices()));
    }

    /** Confidences {@code [exit][event]}. */
    float[][] confidences(LabelledSet events) {
        checkShape(events);
        return confidences(events.size(), events::copyTo);
    }

    /** Logits of the confidences, {@code [exit][event]}. */
    double[][] margins(LabelledSet events) {
        checkShape(events);
        return margins(events.size(), events::copyTo);
    }

    private void checkShape(LabelledSet events) {
        Dataset data = events.dataset();
        network.model().checkReads("data set " + data.name(), data.channels(), data.height(), data.width());
    }

    float[][] confidences(int events, Source source) {
        double[][] margins = margins(events, source);
        float[][] scores = new float[margins.length][events];
        for (int q = 0; q < scores.length; q++) {
            for (int k = 0; k < events; k++) {
                scores[q][k] = (float) CoupledLoss.confidence(margins[q][k]);
            }
        }
        return scores;
    }

    /** Probabilities {@code [exit][event][class]} of a network whose exits tell classes apart. */
    float[][][] probabilities(LabelledSet events) {
        checkShape(events);
        float[][] flat = probabilities(events.size(), events::copyTo);
        int classes = network.model().outputs();
        float[][][] all = new float[flat.length][events.size()][classes];
        for (int q = 0; q < flat.length; q++) {
            for (int k = 0; k < events.size(); k++) {
                System.arraycopy(flat[q], k * classes, all[q][k], 0, classes);
            }
        }
        return all;
    }

    /**
     * Events numbered from 0, of a network whose exits tell classes apart; {@code origins} are those of the events before they were sent.
     */
    ClassTrace classTrace(String device, LabelledSet events, EventOrigins origins) {
        checkShape(events);
        float[][] flat = probabilities(events.size(), events::copyTo);
        int classes = network.model().outputs();
        float[][][] byClass = new float[flat.length][classes][events.size()];
        for (int q = 0; q < flat.length; q++) {
            for (int k = 0; k < events.size(); k++) {
                for (int c = 0; c < classes; c++) {
                    byClass[q][c][k] = flat[q][k * classes + c];
                }
            }
        }
        return new ClassTrace(device, numbers(events), events.labels(), byClass, origins);
    }

    private static long[] numbers(LabelledSet events) {
        return LongStream.range(0, events.size()).toArray();
    }

    /** Probabilities {@code [exit][event · K + class]}. */
    float[][] probabilities(int events, Source source) {
        if (network.model().binary()) {
            throw new IllegalArgumentException("model " + network.model().name()
                    + " tells normal from critical; expected one that tells classes apart, an edge node's");
        }
        int classes = network.model().outputs();
        double[][] logits = logits(events, source);
        float[][] all = new float[logits.length][events * classes];
        double[] probabilities = new double[classes];
        for (int q = 0; q < logits.length; q++) {
            for (int k = 0; k < events; k++) {
                double surprise = DeepSupervision.surprise(logits[q], k * classes, classes, 0, probabilities);
                if (Double.isNaN(surprise)) {
                    throw new ArithmeticException("the probabilities at exit " + (q + 1) + " are NaN");
                }
                for (int c = 0; c < classes; c++) {
                    all[q][k * classes + c] = (float) probabilities[c];
                }
            }
        }
        return all;
    }

    /** Logits {@code [exit][event · K + class]}. */
    double[][] logits(LabelledSet events) {
        checkShape(events);
        return logits(events.size(), events::copyTo);
    }

    private double[][] margins(int events, Source source) {
        network.model().checkBinary();
        double[][] logits = logits(events, source);
        double[][] margins = new double[logits.length][events];
        for (int q = 0; q < margins.length; q++) {
            for (int k = 0; k < events; k++) {
                double margin = logits[q][2 * k + 1] - logits[q][2 * k];
                if (Double.isNaN(margin)) {
                    throw new ArithmeticException("the confidence at exit " + (q + 1) + " is NaN");
                }
                margins[q][k] = margin;
            }
        }
        return margins;
    }

    private double[][] logits(int events, Source source) {
        network.seedShots(RandomStreams.of(shotSeed));
        int exits = network.model().exits();
        int outputs = network.model().outputs();
        double[][] all = new double[exits][events * outputs];
        batches(events, source, (first, batch, images) -> {
            double[] logits = network.logits(images, batch);
            for (int k = 0; k < batch; k++) {
                for (int q = 0; q < exits; q++) {
                    System.arraycopy(logits, (k * exits + q) * outputs, all[q], (first + k) * outputs, outputs);
                }
            }
        });
        return all;
    }

    /** Pre-angles of an exit's circuit, {@code [event · n + qubit]}. */
    double[] preAngles(int exit, LabelledSet events) {
        checkShape(events);
        int qubits = network.model().heads().get(exit).circuit().orElseThrow().qubits();
        double[] all = new double[events.size() * qubits];
        batches(
                events.size(),
                events::copyTo,
                (first, batch, images) -> System.arraycopy(
                        network.preAngles(exit, images, batch), 0, all, first * qubits, batch * qubits));
        return all;
    }

    private interface Batch {
        void take(int first, int size, float[] images);
    }

    private void batches(int events, Source source, Batch each) {
        int features = network.model().features();
        for (int first = 0; first < events; first += BATCH) {
            int batch = Math.min(BATCH, events - first);
            float[] images = new float[batch * features];
            for (int k = 0; k < batch; k++) {
                source.copyTo(first + k, images, k * features);
            }
            each.take(first, batch, images);
        }
    }
}
