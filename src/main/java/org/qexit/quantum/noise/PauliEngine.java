package org.qexit.quantum.noise;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import org.qexit.quantum.Angle;
import org.qexit.quantum.Circuit;
import org.qexit.quantum.Observable;
import org.qexit.quantum.PauliString;
import org.qexit.quantum.statevector.SinCos;

/**
 * Runs tiles of samples through a {@link PauliProgram}, and back. Values are λ · r with r after all steps; going back, λ meets the transposed steps
 * and r is turned back, but read again before every step that cannot be undone: all of these are kept where there is room, else one of √m, with
 * one more run forward.
 */
final class PauliEngine {
    private final Circuit circuit;
    private final List<PauliStep> steps;
    private final int qubits;
    private final int width;
    private final double[] readout;
    private final int[] strings;
    private final double[] weights;
    private final int[] outputOf;
    private final double[] half;
    private final double[] sin;
    private final double[] cos;
    private final int kept;
    private final double[][][] saved;
    private final double[][][] checkpoints;
    private final ArrayDeque<double[][]> free = new ArrayDeque<>();
    private int loaded;

    /** @param keptBytes of states; where all are more, some are computed twice */
    PauliEngine(Circuit circuit, NoiseModel noise, List<PauliStep> steps, int width, long keptBytes) {
        this.circuit = circuit;
        this.steps = steps;
        this.qubits = circuit.qubits();
        this.width = width;
        List<Observable> observables = circuit.observables();
        int terms = observables.stream().mapToInt(o -> o.terms().size()).sum();
        this.strings = new int[terms];
        this.weights = new double[terms];
        this.readout = new double[terms];
        this.outputOf = new int[terms];
        int t = 0;
        for (int o = 0; o < observables.size(); o++) {
            for (Observable.Term term : observables.get(o).terms()) {
                PauliString string = term.string();
                strings[t] = string.xMask() | string.zMask() << qubits;
                readout[t] = DensityMatrixSimulator.readout(noise, string);
                weights[t] = term.weight() * readout[t];
                outputOf[t++] = o;
            }
        }
        int turns =
                (int) steps.stream().filter(PauliStep.Turn.class::isInstance).count();
        this.half = new double[turns * width];
        this.sin = new double[half.length];
        this.cos = new double[half.length];
        int others = steps.size() - turns;
        long bytes = (8L * width + 24 << 2 * qubits) * (others + 1);
        this.kept = bytes <= keptBytes ? Math.max(1, others) : (int) Math.ceil(Math.sqrt(others));
        this.saved = new double[kept][][];
        this.checkpoints = new double[others / kept + 1][][];
    }

    int width() {
        return width;
    }

    /** Values of samples {@code first … first + count - 1} into their rows of {@code outputs}. */
    void forward(double[] inputs, double[] theta, int first, int count, double[] outputs) {
        angles(inputs, theta, first, count);
        double[][] r = run(false);
        int m = circuit.observables().size();
        Arrays.fill(outputs, first * m, (first + count) * m, 0);
        for (int t = 0; t < strings.length; t++) {
            for (int s = 0; s < count; s++) {
                outputs[(first + s) * m + outputOf[t]] += weights[t] * r[strings[t]][s];
            }
        }
        free.push(r);
    }

    /** Gradients of Σ upstream · outputs: writes rows of {@code gradInputs}, adds to {@code gradTheta}. */
    void backward(
            double[] inputs,
            double[] theta,
            int first,
            int count,
            double[] upstream,
            double[] gradInputs,
            double[] gradTheta) {
        angles(inputs, theta, first, count);
        double[][] r = run(true);
        int m = circuit.observables().size();
        double[][] lambda = zero();
        for (int t = 0; t < strings.length; t++) {
            for (int s = 0; s < count; s++) {
                lambda[strings[t]][s] += weights[t] * upstream[(first + s) * m + outputOf[t]];
            }
        }
        int in = circuit.inputs();
        Arrays.fill(gradInputs, first * in, (first + count) * in, 0);
        back(r, new double[][][] {lambda}, (turn, slopes, turning) -> {
            double[] slope = slopes[0];
            if (turn.angle() instanceof Angle.Input input) {
                for (int s = 0; s < count; s++) {
                    gradInputs[(first + s) * in + input.index()] += turn.factor() * input.factor() * slope[s];
                }
            } else if (turn.angle() instanceof Angle.Parameter parameter) {
                for (int s = 0; s < count; s++) {
                    gradTheta[parameter.index()] += turn.factor() * parameter.factor() * slope[s];
                }
            }
        });
    }

    /** Takes the values of all strings of a sample with one angle moved; turns and strings are numbered in order. */
    interface Shifted {
        void values(int sample, int turn, int string, double above, double below);
    }

    /**
     * The values of each string, without its weight, with each angle in turn a quarter turn up and down: with P = what of λ · r turns and Q its
     * derivative, f(φ + δ) = f - P + P cos δ + Q sin δ.
     */
    void shifted(double[] inputs, double[] theta, int first, int count, Shifted shifted) {
        angles(inputs, theta, first, count);
        double[][] r = run(true);
        double[][][] lambdas = new double[strings.length][][];
        double[][] values = new double[strings.length][];
        for (int t = 0; t < strings.length; t++) {
            lambdas[t] = zero();
            Arrays.fill(lambdas[t][strings[t]], readout[t]);
            values[t] = r[strings[t]].clone();
        }
        back(r, lambdas, (turn, slopes, turning) -> {
            for (int t = 0; t < strings.length; t++) {
                for (int s = 0; s < count; s++) {
                    double middle = readout[t] * values[t][s] - turning[t][s];
                    shifted.values(first + s, turn.row(), t, middle + slopes[t][s], middle - slopes[t][s]);
                }
            }
        });
    }

    private void angles(double[] inputs, double[] theta, int first, int count) {
        int in = circuit.inputs();
        for (PauliStep step : steps) {
            if (step instanceof PauliStep.Turn turn) {
                int at = turn.row() * width;
                if (turn.angle() instanceof Angle.Input input) {
                    for (int s = 0; s < width; s++) {
                        // Samples that are not there repeat the last one.
                        int sample = first + Math.min(s, count - 1);
                        half[at + s] = turn.factor() * input.factor() * inputs[sample * in + input.index()];
                    }
                } else {
                    Arrays.fill(
                            half, at, at + width, turn.factor() * turn.angle().of(null, theta));
                }
            }
        }
        SinCos.of(half, 0, half.length, sin, cos);
    }

    private double[][] state() {
        double[][] found = free.poll();
        return found != null ? found : new double[1 << 2 * qubits][width];
    }

    private double[][] zero() {
        double[][] state = state();
        for (double[] row : state) {
            Arrays.fill(row, 0);
        }
        return state;
    }

    /** From |0…0⟩, of which every string of Z and 1 has the value 1, through all steps. */
    private double[][] run(boolean keep) {
        double[][] r = state();
        for (int k = 0; k < r.length; k++) {
            Arrays.fill(r[k], (k & (1 << qubits) - 1) == 0 ? 1 : 0);
        }
        int others = (int)
                steps.stream().filter(step -> !(step instanceof PauliStep.Turn)).count();
        int last = Math.max(0, others - 1) / kept;
        int j = 0;
        for (PauliStep step : steps) {
            if (step instanceof PauliStep.Turn turn) {
                turn.apply(r, sin, cos, width, false);
                continue;
            }
            double[][] next = state();
            apply(step, r, next);
            if (keep && j / kept == last) {
                saved[j % kept] = r;
            } else if (keep && j % kept == 0) {
                checkpoints[j / kept] = r;
            } else {
                free.push(r);
            }
            r = next;
            j++;
        }
        loaded = last;
        return r;
    }

    private void apply(PauliStep step, double[][] from, double[][] to) {
        if (step instanceof PauliStep.Table table) {
            table.apply(from, to, width);
        } else if (step instanceof PauliStep.Damping damping) {
            damping.apply(from, to, width);
        }
    }

    /** Takes, at every turn with a gradient, the derivatives of each λ · r by its angle and what of them turns, {@code [λ][sample]}. */
    private interface AtTurn {
        void take(PauliStep.Turn turn, double[][] slopes, double[][] turning);
    }

    private void back(double[][] end, double[][][] lambdas, AtTurn taker) {
        double[][] r = end;
        double[][] slopes = new double[lambdas.length][width];
        double[][] turning = new double[lambdas.length][width];
        int j = (int)
                steps.stream().filter(step -> !(step instanceof PauliStep.Turn)).count();
        for (int i = steps.size() - 1; i >= 0; i--) {
            PauliStep step = steps.get(i);
            if (step instanceof PauliStep.Turn turn) {
                for (int t = 0; t < lambdas.length; t++) {
                    turn.back(lambdas[t], r, slopes[t], turning[t], sin, cos, width);
                }
                turn.apply(r, sin, cos, width, true);
                if (!(turn.angle() instanceof Angle.Constant)) {
                    taker.take(turn, slopes, turning);
                }
                continue;
            }
            j--;
            for (int t = 0; t < lambdas.length; t++) {
                double[][] before = state();
                if (step instanceof PauliStep.Table table) {
                    table.applyTransposed(lambdas[t], before, width);
                } else if (step instanceof PauliStep.Damping damping) {
                    damping.applyTransposed(lambdas[t], before, width);
                }
                free.push(lambdas[t]);
                lambdas[t] = before;
            }
            free.push(r);
            if (j / kept != loaded) {
                load(j / kept, j);
            }
            r = saved[j % kept];
        }
        free.push(r);
        for (double[][] lambda : lambdas) {
            free.push(lambda);
        }
    }

    /** Computes again what was before each step of a part, up to its last one. */
    private void load(int part, int lastStep) {
        double[][] r = checkpoints[part];
        int j = -1;
        for (PauliStep step : steps) {
            boolean turn = step instanceof PauliStep.Turn;
            j += turn ? 0 : 1;
            if (j < part * kept) {
                continue;
            }
            if (turn) {
                ((PauliStep.Turn) step).apply(r, sin, cos, width, false);
                continue;
            }
            saved[j % kept] = r;
            if (j == lastStep) {
                break;
            }
            double[][] next = state();
            apply(step, r, next);
            r = next;
        }
        loaded = part;
    }
}
