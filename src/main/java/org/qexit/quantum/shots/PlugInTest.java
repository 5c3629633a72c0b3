package org.qexit.quantum.shots;

/**
 * The lower bound of Waudby-Smith and Ramdas 2023, Theorem 2 (empirical Bernstein) or Theorem 1 (Hoeffding), one side:
 *
 * <pre>L_t = &Sigma; &lambda;_i x_i / &Sigma; &lambda;_i - (log(1/&alpha;) + &Sigma; v_i &psi;(&lambda;_i)) / &Sigma; &lambda;_i,</pre>
 *
 * with v_i = (x_i - mean before)&sup2;, &psi;(&lambda;) = -log(1 - &lambda;) - &lambda; and &lambda;_t = min(&radic;(2 log(1/&alpha;) /
 * (s&sup2; t log(1 + t))), 1/2); for Hoeffding v = 1/8,
 * &psi; = &lambda;&sup2; and s&sup2; = 1/4.
 */
final class PlugInTest implements MeanTest {
    private static final double MOST = 0.5;

    private final double m;
    private final double effort;
    private final boolean bernstein;
    private final RunningMoments moments = new RunningMoments();
    private double weighted;
    private double weights;
    private double width;
    private boolean rejected;

    PlugInTest(double m, double alpha, boolean bernstein) {
        this.m = m;
        this.effort = Math.log(1 / alpha);
        this.bernstein = bernstein;
    }

    /** The stake on the next number, known before it. */
    static double stake(RunningMoments moments, double effort, double variance) {
        double t = moments.count() + 1;
        return Math.sqrt(2 * effort / (variance * t * Math.log1p(t)));
    }

    @Override
    public void add(double value) {
        double lambda = Math.min(bernstein ? MOST : 1, stake(moments, effort, bernstein ? moments.variance() : 0.25));
        double residual = value - moments.mean();
        width += bernstein ? residual * residual * (-Math.log1p(-lambda) - lambda) : lambda * lambda / 8;
        weighted += lambda * value;
        weights += lambda;
        moments.add(value);
        rejected |= weighted - effort - width > m * weights;
    }

    @Override
    public boolean rejects() {
        return rejected;
    }
}
