package org.qexit.engine;

/**
 * tanh x = x P(x²) / Q(x²) for |x| ≤ 7.905, where float precision sees ±1 beyond: the rational minimax approximation of degrees 13 and 6 that
 * Eigen and XLA use, good to 3 units in the last place. By multiply-adds and one division only, so that it is the same everywhere.
 */
public final class Tanh {
    /** Beyond, the quotient is ±1. */
    public static final float LARGEST = 7.90531110763549805f;

    public static final float P13 = -2.76076847742355e-16f;
    public static final float P11 = 2.00018790482477e-13f;
    public static final float P9 = -8.60467152213735e-11f;
    public static final float P7 = 5.12229709037114e-08f;
    public static final float P5 = 1.48572235717979e-05f;
    public static final float P3 = 6.37261928875436e-04f;
    public static final float P1 = 4.89352455891786e-03f;

    public static final float Q6 = 1.19825839466702e-06f;
    public static final float Q4 = 1.18534705686654e-04f;
    public static final float Q2 = 2.26843463243900e-03f;
    public static final float Q0 = 4.89352518554385e-03f;

    private Tanh() {}

    /** tanh x. */
    public static float of(float value) {
        float x = Math.max(-LARGEST, Math.min(LARGEST, value));
        float u = x * x;
        float p = Math.fma(P13, u, P11);
        p = Math.fma(p, u, P9);
        p = Math.fma(p, u, P7);
        p = Math.fma(p, u, P5);
        p = Math.fma(p, u, P3);
        p = Math.fma(p, u, P1);
        float q = Math.fma(Q6, u, Q4);
        q = Math.fma(q, u, Q2);
        q = Math.fma(q, u, Q0);
        return x * p / q;
    }
}
