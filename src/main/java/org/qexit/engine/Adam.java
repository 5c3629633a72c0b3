package org.qexit.engine;

import java.util.concurrent.atomic.AtomicInteger;
import org.qexit.common.Team;

/**
 * Adam (Kingma and Ba 2015) in the order of operations that the text before Sect. 2.1 recommends and DL4J uses,
 *
 * <pre>m = β₁ m + (1 − β₁) g,   v = β₂ v + (1 − β₂) g²,   θ −= α √(1 − β₂^t) / (1 − β₁^t) · m / (√v + ε),</pre>
 *
 * with β₁ = 0.9, β₂ = 0.999 and ε = 10⁻⁸ beside the uncorrected √v.
 */
public final class Adam {
    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.999;
    private static final float EPSILON = 1e-8f;

    /** Parameters of a share of a step, whoever does it. */
    private static final int SHARE = 2048;

    private final float[] moments;
    private final int count;
    private final int threads;
    private long steps;

    // The step in progress, for the threads that work on it.
    private final Team.Job stepping = this::stepShares;
    private final AtomicInteger next = new AtomicInteger();
    private float[] parameters;
    private float[] gradient;
    private float rate;

    /** For that many parameters, before the first step. */
    public Adam(int count) {
        this(count, 1);
    }

    /** The same whose steps are taken on that many threads. */
    public Adam(int count, int threads) {
        this.count = count;
        this.threads = threads;
        this.moments = new float[Math.multiplyExact(2, count)];
    }

    /** m of all parameters, then v; not a copy. */
    public float[] moments() {
        return moments;
    }

    /** Steps taken. */
    public long steps() {
        return steps;
    }

    /** Goes on as after that many steps. */
    public void restore(float[] otherMoments, long otherSteps) {
        if (otherMoments.length != moments.length) {
            throw new IllegalArgumentException(otherMoments.length + " moments; expected " + moments.length);
        }
        System.arraycopy(otherMoments, 0, moments, 0, moments.length);
        steps = otherSteps;
    }

    /** A step of the parameters by their gradient. */
    public void step(float[] of, float[] by, double learningRate) {
        steps++;
        double first = 1 - StrictMath.pow(BETA1, steps);
        double second = 1 - StrictMath.pow(BETA2, steps);
        rate = (float) (learningRate * Math.sqrt(second) / first);
        parameters = of;
        gradient = by;
        next.set(0);
        Team.run(threads, stepping);
        parameters = null;
        gradient = null;
    }

    private void stepShares(int member) {
        int shares = (count + SHARE - 1) / SHARE;
        for (int s = next.getAndIncrement(); s < shares; s = next.getAndIncrement()) {
            step(parameters, gradient, rate, s * SHARE, Math.min(count, (s + 1) * SHARE));
        }
    }

    private void step(float[] parameters, float[] gradient, float rate, int begin, int end) {
        float keep1 = (float) BETA1;
        float take1 = (float) (1 - BETA1);
        float keep2 = (float) BETA2;
        float take2 = (float) (1 - BETA2);
        for (int i = begin; i < end; i++) {
            float g = gradient[i];
            float m = Math.fma(keep1, moments[i], take1 * g);
            float v = Math.fma(keep2, moments[count + i], take2 * g * g);
            moments[i] = m;
            moments[count + i] = v;
            parameters[i] -= rate * m / ((float) Math.sqrt(v) + EPSILON);
        }
    }
}
