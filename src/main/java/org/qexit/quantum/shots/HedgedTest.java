package org.qexit.quantum.shots;

/**
 * One side of the hedged capital of Waudby-Smith and Ramdas 2023, Theorem 3: K &larr; K (1 + &lambda;_t (x - m)) with the plug-in stakes
 * of their Eq. (26),
 * at most {@value #SHARE} of what can be lost.
 */
final class HedgedTest implements MeanTest {
    private static final double SHARE = 0.75;

    private final double m;
    private final double effort;
    private final RunningMoments moments = new RunningMoments();
    private double log;
    private boolean rejected;

    HedgedTest(double m, double alpha) {
        this.m = m;
        this.effort = Math.log(1 / alpha);
    }

    @Override
    public void add(double value) {
        double lambda = Math.min(SHARE / m, PlugInTest.stake(moments, effort, moments.variance()));
        log += Math.log1p(lambda * (value - m));
        moments.add(value);
        rejected |= log >= effort;
    }

    @Override
    public boolean rejects() {
        return rejected;
    }
}
