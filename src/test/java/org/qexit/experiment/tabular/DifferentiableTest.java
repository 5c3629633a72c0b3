package org.qexit.experiment.tabular;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.qexit.nn.head.HeadNoise;
import org.qexit.quantum.Angle;
import org.qexit.quantum.Circuit;
import org.qexit.quantum.Gate;

/** Every model's loss against the formulas of its paper on matrices of the whole state, its gradient against central differences. */
class DifferentiableTest {
    private static final int BATCH = 3;

    record Case(Contender contender, int width, Point point) {
        @Override
        public String toString() {
            return contender.word() + " " + width + " " + point;
        }
    }

    static Stream<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (Contender contender : Contender.values()) {
            if (contender.isDifferentiable()) {
                for (int width : new int[] {2, 3, 5}) {
                    List<Point> grid = contender.grid();
                    for (int i = width % 3; i < grid.size(); i += 7) {
                        cases.add(new Case(contender, width, grid.get(i)));
                    }
                }
            }
        }
        return cases.stream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void gradientIsThatOfTheLoss(Case one) {
        Differentiable model = one.contender().model(one.width(), one.point());
        SplittableRandom random = new SplittableRandom(one.hashCode());
        double[] weights = new double[model.parameters()];
        model.initialise(weights, random);
        double[] rows = new double[BATCH * one.width()];
        Arrays.setAll(rows, i -> random.nextGaussian());
        int[] labels = {1, -1, 1};
        double[] gradient = new double[weights.length];
        double[] unused = new double[weights.length];
        model.loss(rows, labels, BATCH, weights, gradient);
        double norm = Arrays.stream(gradient).map(Math::abs).max().orElseThrow();
        // Single precision: steps must be long, and the comparison is one of the whole vector along a direction.
        for (int direction = 0; direction < 4; direction++) {
            double[] along = new double[weights.length];
            double length = 0;
            for (int i = 0; i < along.length; i++) {
                along[i] = random.nextGaussian();
                length += along[i] * along[i];
            }
            double slope = 0;
            double step = 2e-2 / Math.sqrt(length);
            double[][] moved = new double[4][];
            double[] at = {-2, -1, 1, 2};
            double[] losses = new double[4];
            for (int k = 0; k < 4; k++) {
                moved[k] = weights.clone();
                for (int i = 0; i < along.length; i++) {
                    moved[k][i] += at[k] * step * along[i];
                }
                losses[k] = model.loss(rows, labels, BATCH, moved[k], unused);
            }
            for (int i = 0; i < along.length; i++) {
                slope += along[i] * gradient[i];
            }
            double numeric = (losses[0] - 8 * losses[1] + 8 * losses[2] - losses[3]) / (12 * step);
            double scale = Math.sqrt(length) * norm + 1e-3;
            assertEquals(numeric, slope, 2e-3 * scale, one + " " + numeric + " " + slope);
        }
    }

    /** In double precision, so to many digits. */
    @ParameterizedTest
    @EnumSource(
            value = Contender.class,
            names = {"DRESSED", "RE_UPLOADING", "SEPARABLE", "IQP", "IQP_ONCE"})
    void gradientOnANoisyMachineIsThatOfTheLossThere(Contender contender) {
        int width = 3;
        Machine machine = new Machine(null, new HeadNoise(0.02, 0.01, null, 0.03));
        SplittableRandom random = new SplittableRandom(6);
        Differentiable model = contender.model(width, contender.grid().get(0), machine, random);
        double[] weights = new double[model.parameters()];
        model.initialise(weights, random);
        double[] rows = new double[BATCH * width];
        Arrays.setAll(rows, i -> random.nextGaussian());
        int[] labels = {1, -1, 1};
        double[] gradient = new double[weights.length];
        model.loss(rows, labels, BATCH, weights, gradient);
        double[] unused = new double[weights.length];
        for (int i = 0; i < weights.length; i++) {
            double[] moved = weights.clone();
            moved[i] += 1e-5;
            double above = model.loss(rows, labels, BATCH, moved, unused);
            moved[i] -= 2e-5;
            double below = model.loss(rows, labels, BATCH, moved, unused);
            assertEquals((above - below) / 2e-5, gradient[i], 1e-8, contender + " " + i);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Contender.class,
            names = {"DRESSED", "RE_UPLOADING", "IQP"})
    void withoutEntanglersQubitsAreApart(Contender entangled) {
        Contender separable = Contender.valueOf(entangled.name() + "_SEPARABLE");
        int width = 6;
        Point point = entangled.grid().get(entangled.grid().size() - 1);
        Differentiable model = separable.model(width, point);
        assertEquals(model.parameters(), entangled.model(width, point).parameters());
        assertEquals(entangled.grid().toString(), separable.grid().toString());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void twinsAreNearlyAsLarge(Case one) {
        if (!one.contender().name().endsWith("_TWIN") && one.contender() != Contender.DRESSED_SEPARABLE) {
            String twin = one.contender().name().replace("_SEPARABLE", "").replace("_ONCE", "") + "_TWIN";
            int width = 10;
            int circuit = one.contender().model(width, one.point()).parameters();
            int network = Contender.valueOf(twin).model(width, one.point()).parameters();
            assertTrue(Math.abs(circuit - network) <= (width + 3) / 2 + width, one + ": " + circuit + " " + network);
        }
    }

    /** Loss and answers of the dressed circuit by a plain simulation of real amplitudes. */
    @ParameterizedTest
    @EnumSource(
            value = Contender.class,
            names = {"DRESSED", "DRESSED_SEPARABLE"})
    void dressedCircuitIsThePapers(Contender contender) {
        for (int n : new int[] {2, 3, 4}) {
            Point point = contender.grid().get(1); // five layers
            Differentiable model = contender.model(n, point);
            SplittableRandom random = new SplittableRandom(n);
            double[] w = new double[model.parameters()];
            model.initialise(w, random);
            double[] x = new double[n];
            Arrays.setAll(x, i -> random.nextGaussian());
            double[] state = new double[1 << n];
            state[0] = 1;
            for (int q = 0; q < n; q++) {
                double sum = 0;
                for (int j = 0; j < n; j++) {
                    sum += w[q * n + j] * x[j];
                }
                hadamard(state, q);
                turn(state, q, Math.PI / 2 * Math.tanh(sum));
            }
            for (int layer = 0; layer < 5; layer++) {
                for (int q = 0; q < n; q++) {
                    turn(state, q, w[n * n + layer * n + q]);
                }
                for (int q = 0; contender == Contender.DRESSED && q < (n == 2 ? 1 : n); q++) {
                    not(state, q, (q + 1) % n);
                }
            }
            double[] z = new double[n];
            for (int k = 0; k < state.length; k++) {
                for (int q = 0; q < n; q++) {
                    z[q] += state[k] * state[k] * ((k >> q & 1) == 0 ? 1 : -1);
                }
            }
            double[] logit = new double[2];
            for (int c = 0; c < 2; c++) {
                for (int q = 0; q < n; q++) {
                    logit[c] += w[n * n + 5 * n + c * n + q] * z[q];
                }
            }
            double total = Math.exp(logit[0]) + Math.exp(logit[1]);
            double[] gradient = new double[w.length];
            assertEquals(-Math.log(Math.exp(logit[1]) / total), model.loss(x, new int[] {1}, 1, w, gradient), 1e-5);
            assertEquals(-Math.log(Math.exp(logit[0]) / total), model.loss(x, new int[] {-1}, 1, w, gradient), 1e-5);
            double[] scores = new double[1];
            model.scores(x, 1, w, scores);
            assertEquals(logit[1] - logit[0], scores[0], 1e-5);
        }
    }

    private static void hadamard(double[] state, int qubit) {
        rotate(state, qubit, Math.sqrt(0.5), Math.sqrt(0.5), Math.sqrt(0.5), -Math.sqrt(0.5));
    }

    private static void turn(double[] state, int qubit, double angle) {
        double c = Math.cos(angle / 2);
        double s = Math.sin(angle / 2);
        rotate(state, qubit, c, -s, s, c);
    }

    private static void rotate(double[] state, int qubit, double a, double b, double c, double d) {
        for (int k = 0; k < state.length; k++) {
            if ((k >> qubit & 1) == 0) {
                int other = k | 1 << qubit;
                double low = state[k];
                double high = state[other];
                state[k] = a * low + b * high;
                state[other] = c * low + d * high;
            }
        }
    }

    private static void not(double[] state, int control, int target) {
        for (int k = 0; k < state.length; k++) {
            if ((k >> control & 1) == 1 && (k >> target & 1) == 0) {
                int other = k | 1 << target;
                double kept = state[k];
                state[k] = state[other];
                state[other] = kept;
            }
        }
    }

    /** The gates of the other circuits, counted and in the published order. */
    @org.junit.jupiter.api.Test
    void circuitsHaveTheGatesOfTheRecipe() {
        Circuit circuit = ReUploading.circuit(3, 2, 2, true);
        assertEquals(2 * (9 + 9 + 1) + 9, circuit.gates().size());
        assertEquals(27, circuit.inputs());
        assertEquals(18, circuit.parameters());
        assertEquals(2, circuit.observables().size());
        assertEquals(List.of(0, 1), circuit.gates().get(18).qubits());
        assertEquals(List.of(1, 2), circuit.gates().get(37).qubits());
        assertEquals("CZ", circuit.gates().get(37).name());

        Circuit separable = SeparableVariational.circuit(4, 3);
        assertEquals(4 * (3 * 4 + 3), separable.gates().size());
        assertTrue(separable.gates().stream().allMatch(gate -> gate.qubits().size() == 1));

        Circuit iqp = IqpVariational.circuit(4, 2, 3, IqpVariational.Coupling.ALL);
        assertEquals(2 * (4 + 4 + 6) + 3 * (12 + 4), iqp.gates().size());
        Gate pair = iqp.gates().get(8);
        assertEquals("RZZ", pair.name());
        assertEquals(new Angle.Input(4, 1), pair.angle().orElseThrow());
        List<Gate> cz = iqp.gates().stream().filter(g -> g.name().equals("CZ")).toList();
        assertEquals(List.of(0, 1), cz.get(0).qubits());
        assertEquals(List.of(0, 2), cz.get(4).qubits());
        assertEquals(List.of(0, 3), cz.get(8).qubits());
        assertTrue(IqpVariational.circuit(4, 2, 3, IqpVariational.Coupling.NONE).gates().stream()
                .allMatch(gate -> gate.qubits().size() == 1));

        // The published one couples pairs in the first repeat only.
        Circuit once = IqpVariational.circuit(4, 2, 3, IqpVariational.Coupling.ONCE);
        List<Gate> all = iqp.gates();
        List<Gate> embedding = new ArrayList<>(all.subList(0, 14 + 8));
        embedding.addAll(all.subList(14 + 14, all.size()));
        assertEquals(embedding, once.gates());
        assertEquals(
                IqpVariational.circuit(4, 1, 3, IqpVariational.Coupling.ALL).gates(),
                IqpVariational.circuit(4, 1, 3, IqpVariational.Coupling.ONCE).gates());
    }
}
