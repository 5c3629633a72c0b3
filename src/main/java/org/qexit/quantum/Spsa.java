package org.qexit.quantum;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.qexit.common.Checks;
import org.qexit.common.RandomStreams;

/**
 * Gradients by simultaneous perturbation (Spall 1992): with random signs Δ,
 *
 * <pre>∂L/∂θ_j ≈ [L(θ + cΔ) - L(θ - cΔ)] / (2c) · Δ_j,</pre>
 *
 * averaged over some draws of Δ. Two evaluations per draw, however many parameters there are. Inputs are perturbed together with the
 * parameters, each sample's by its own signs and judged by its own loss. Unbiased up to O(c²).
 */
public final class Spsa {
    private final Simulator simulator;
    private final double step;
    private final int draws;
    private final SplittableRandom random;

    private Spsa(Simulator simulator, double step, int draws, long seed) {
        this.simulator = simulator;
        this.step = Checks.positive("step", step);
        this.draws = Checks.within("draws", draws, 1, 1 << 30);
        this.random = RandomStreams.of(seed).stream("spsa");
    }

    /**
     * An estimator.
     *
     * @param simulator gives the expectation values, exact or estimated
     * @param step c, in radians
     * @param draws how many Δ are averaged
     * @param seed of the signs
     */
    public static Spsa of(Simulator simulator, double step, int draws, long seed) {
        return new Spsa(simulator, step, draws, seed);
    }

    /** As {@link Simulator#backward}, but an estimate. */
    public void backward(
            double[] inputs, double[] theta, int batch, double[] upstream, double[] gradInputs, double[] gradTheta) {
        BatchChecks.angles(simulator.circuit(), inputs, theta, batch);
        BatchChecks.gradients(simulator.circuit(), batch, upstream, gradInputs, gradTheta);
        int in = simulator.circuit().inputs();
        int outs = simulator.circuit().observables().size();
        Arrays.fill(gradInputs, 0, batch * in, 0);
        Arrays.fill(gradTheta, 0, theta.length, 0);
        double[] above = new double[batch * outs];
        double[] below = new double[batch * outs];
        for (int d = 0; d < draws; d++) {
            double[] signsX = signs(batch * in);
            double[] signsTheta = signs(theta.length);
            simulator.forward(moved(inputs, signsX, step), moved(theta, signsTheta, step), batch, above);
            simulator.forward(moved(inputs, signsX, -step), moved(theta, signsTheta, -step), batch, below);
            double total = 0;
            for (int s = 0; s < batch; s++) {
                double own = 0;
                for (int o = s * outs; o < (s + 1) * outs; o++) {
                    own += upstream[o] * (above[o] - below[o]) / (2 * step);
                }
                for (int i = s * in; i < (s + 1) * in; i++) {
                    gradInputs[i] += own * signsX[i] / draws;
                }
                total += own;
            }
            for (int j = 0; j < theta.length; j++) {
                gradTheta[j] += total * signsTheta[j] / draws;
            }
        }
    }

    private double[] signs(int count) {
        double[] signs = new double[count];
        for (int i = 0; i < count; i++) {
            signs[i] = random.nextBoolean() ? 1 : -1;
        }
        return signs;
    }

    private static double[] moved(double[] from, double[] signs, double by) {
        double[] to = from.clone();
        for (int i = 0; i < signs.length; i++) {
            to[i] += by * signs[i];
        }
        return to;
    }
}
