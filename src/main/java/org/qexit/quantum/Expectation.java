package org.qexit.quantum;

/** Expectation values of one state, straight from their definition. */
public final class Expectation {
    private Expectation() {}

    /** ⟨ψ|O|ψ⟩ for ψ[k] = re[at + k] + i·im[at + k], k below {@code dim}. */
    public static double of(Observable observable, double[] re, double[] im, int at, int dim) {
        double sum = 0;
        for (Observable.Term term : observable.terms()) {
            sum += term.weight() * of(term.string(), re, im, at, dim);
        }
        return sum;
    }

    private static double of(PauliString string, double[] re, double[] im, int at, int dim) {
        double sumRe = 0;
        double sumIm = 0;
        for (int k = 0; k < dim; k++) {
            int p = at + k;
            int q = at + (k ^ string.xMask());
            int sign = 1 - 2 * (Integer.bitCount(k & string.zMask()) & 1);
            sumRe += sign * (re[q] * re[p] + im[q] * im[p]);
            sumIm += sign * (re[q] * im[p] - im[q] * re[p]);
        }
        return switch (string.yCount() & 3) {
            case 0 -> sumRe;
            case 1 -> -sumIm;
            case 2 -> -sumRe;
            default -> sumIm;
        };
    }
}
