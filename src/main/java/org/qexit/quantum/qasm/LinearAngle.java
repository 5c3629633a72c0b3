package org.qexit.quantum.qasm;

import java.util.ArrayList;
import java.util.List;
import org.qexit.quantum.Angle;

/**
 * c + Σ f_k s_k over inputs and parameters s_k. A rotation by it is one rotation after another by its parts, which commute.
 *
 * @param constant c, finite
 * @param whole whether it was written without a real number: version 3 divides such numbers without remainder
 * @param terms the f_k s_k, each s_k once
 */
record LinearAngle(double constant, boolean whole, List<Angle> terms) {
    LinearAngle {
        if (!Double.isFinite(constant)) {
            throw new IllegalArgumentException("the result is " + constant + "; expected a finite number");
        }
        terms = List.copyOf(terms);
    }

    static LinearAngle of(double constant) {
        return new LinearAngle(constant, false, List.of());
    }

    static LinearAngle of(Angle symbol) {
        return new LinearAngle(0, false, List.of(symbol));
    }

    /** A number for messages: whole ones without a point. */
    static String shown(double number) {
        return number == Math.rint(number) && Math.abs(number) < 0x1p53
                ? Long.toString((long) number)
                : Double.toString(number);
    }

    boolean isConstant() {
        return terms.isEmpty();
    }

    LinearAngle plus(LinearAngle other) {
        List<Angle> sum = new ArrayList<>(terms);
        for (Angle term : other.terms) {
            int same = 0;
            while (same < sum.size() && !unit(sum.get(same)).equals(unit(term))) {
                same++;
            }
            if (same < sum.size()) {
                sum.set(same, scaled(unit(term), factor(sum.get(same)) + factor(term)));
            } else {
                sum.add(term);
            }
        }
        return new LinearAngle(constant + other.constant, whole && other.whole, sum);
    }

    LinearAngle times(double factor) {
        return new LinearAngle(
                constant * factor,
                whole,
                terms.stream().map(t -> scaled(t, factor)).toList());
    }

    LinearAngle over(double divisor) {
        return new LinearAngle(
                constant / divisor,
                whole,
                terms.stream().map(t -> scaled(unit(t), factor(t) / divisor)).toList());
    }

    LinearAngle withWhole(boolean isWhole) {
        return new LinearAngle(constant, isWhole, terms);
    }

    /** The angles to turn by, one after another. */
    List<Angle> parts() {
        List<Angle> parts = new ArrayList<>(terms);
        if (terms.isEmpty() || constant != 0) {
            parts.add(Angle.constant(constant));
        }
        return parts;
    }

    private static double factor(Angle term) {
        return term instanceof Angle.Input in ? in.factor() : ((Angle.Parameter) term).factor();
    }

    private static Angle unit(Angle term) {
        return term instanceof Angle.Input in
                ? Angle.input(in.index())
                : Angle.parameter(((Angle.Parameter) term).index());
    }

    private static Angle scaled(Angle term, double by) {
        return term instanceof Angle.Input in
                ? new Angle.Input(in.index(), in.factor() * by)
                : new Angle.Parameter(((Angle.Parameter) term).index(), factor(term) * by);
    }
}
