package org.qexit.quantum.statevector;

import java.util.ArrayList;
import java.util.List;
import org.qexit.quantum.Angle;

/**
 * Neighbouring single-qubit gates whose angles all samples share, as one unit quaternion (w, x, y, z): the matrix w - i(xX + yY + zZ) =
 * [[a, -b*], [b, a*]] with a = w - iz, b = y - ix. Fixed gates are rotations up to a phase of the whole state, which no expectation value
 * sees.
 *
 * <p>As rotations about z, y, z it is diag(1, e^{iγ}) · [[c, -s], [s, c]] · diag(1, e^{iα}), again up to such a phase. With T = (Im⟨λ|X|ψ⟩,
 * Im⟨λ|Y|ψ⟩, Im⟨λ|Z|ψ⟩) after the segment, the derivative of the angle of gate j is n_j · T, where n_j is the gate's axis turned by the
 * gates behind it.
 */
final class Segment {
    private final List<Integer> axes = new ArrayList<>();
    private final List<Angle> angles = new ArrayList<>();
    private final double[] q = new double[4];
    private boolean trainable;

    /** Where its three sums are. */
    int sumsAt;

    /** Where its angles are among those of the plan. */
    int anglesAt;

    double aRe;
    double aIm;
    double bRe;
    double bIm;
    double cos;
    double sin;
    double alphaRe;
    double alphaIm;
    double gammaRe;
    double gammaIm;

    /** Appends a rotation about axis 0 (x), 1 (y) or 2 (z); the angle is a parameter or a constant. */
    void add(int axis, Angle angle) {
        axes.add(axis);
        angles.add(angle);
        trainable |= angle instanceof Angle.Parameter;
    }

    boolean isEmpty() {
        return axes.isEmpty();
    }

    boolean trainable() {
        return trainable;
    }

    int size() {
        return axes.size();
    }

    /** Whether all are rotations about z. */
    boolean isDiagonal() {
        return axes.stream().allMatch(axis -> axis == 2);
    }

    Angle angle(int j) {
        return angles.get(j);
    }

    /** Half of each angle to its place. */
    void halves(double[] theta, double[] half) {
        for (int j = 0; j < axes.size(); j++) {
            half[anglesAt + j] = 0.5 * angles.get(j).of(null, theta);
        }
    }

    /** Evaluates the quaternion and what follows from it; sin and cos of half of each angle are at their places. */
    void prepare(double[] sines, double[] cosines) {
        q[0] = 1;
        q[1] = 0;
        q[2] = 0;
        q[3] = 0;
        for (int j = 0; j < axes.size(); j++) {
            multiplyLeft(axes.get(j), cosines[anglesAt + j], sines[anglesAt + j]);
        }
        aRe = q[0];
        aIm = -q[3];
        bRe = q[2];
        bIm = -q[1];
        cos = Math.sqrt(aRe * aRe + aIm * aIm);
        sin = Math.sqrt(bRe * bRe + bIm * bIm);
        // Where c or s vanishes, its phase is free: take 1.
        double uRe = cos > 0 ? aRe / cos : 1;
        double uIm = cos > 0 ? aIm / cos : 0;
        double vRe = sin > 0 ? bRe / sin : 1;
        double vIm = sin > 0 ? bIm / sin : 0;
        // a/|a| = e^{-i(α+γ)/2}, b/|b| = e^{i(γ-α)/2}.
        alphaRe = uRe * vRe - uIm * vIm;
        alphaIm = -(uRe * vIm + uIm * vRe);
        gammaRe = uRe * vRe + uIm * vIm;
        gammaIm = uRe * vIm - uIm * vRe;
    }

    /** q ← (gate j) · q. */
    private void multiplyLeft(int axis, double c, double s) {
        double w = q[0];
        double x = q[1];
        double y = q[2];
        double z = q[3];
        switch (axis) {
            case 0 -> set(c * w - s * x, c * x + s * w, c * y - s * z, c * z + s * y);
            case 1 -> set(c * w - s * y, c * x + s * z, c * y + s * w, c * z - s * x);
            default -> set(c * w - s * z, c * x - s * y, c * y + s * x, c * z + s * w);
        }
    }

    private void set(double w, double x, double y, double z) {
        q[0] = w;
        q[1] = x;
        q[2] = y;
        q[3] = z;
    }

    /** Adds the derivatives of its parameters, given T after the segment. */
    void addGradient(double tx, double ty, double tz, double[] sines, double[] cosines, double[] gradTheta) {
        // Instead of turning each axis forwards, turn T backwards, gate by gate.
        double x = tx;
        double y = ty;
        double z = tz;
        for (int j = axes.size() - 1; j >= 0; j--) {
            Angle angle = angles.get(j);
            int axis = axes.get(j);
            if (angle instanceof Angle.Parameter p) {
                gradTheta[p.index()] += p.factor() * (axis == 0 ? x : axis == 1 ? y : z);
            }
            double half = cosines[anglesAt + j];
            double c = 2 * half * half - 1;
            double s = 2 * half * sines[anglesAt + j];
            double u = x;
            double v = y;
            switch (axis) {
                case 0 -> {
                    y = c * v + s * z;
                    z = c * z - s * v;
                }
                case 1 -> {
                    x = c * u - s * z;
                    z = s * u + c * z;
                }
                default -> {
                    x = c * u + s * v;
                    y = c * v - s * u;
                }
            }
        }
    }

    /** The rotation matrix's column-wise inverse: T before the segment from T after it, row by row of nine numbers. */
    void inverseRotation(double[] r) {
        double w = q[0];
        double x = q[1];
        double y = q[2];
        double z = q[3];
        r[0] = 1 - 2 * (y * y + z * z);
        r[1] = 2 * (x * y + w * z);
        r[2] = 2 * (x * z - w * y);
        r[3] = 2 * (x * y - w * z);
        r[4] = 1 - 2 * (x * x + z * z);
        r[5] = 2 * (y * z + w * x);
        r[6] = 2 * (x * z + w * y);
        r[7] = 2 * (y * z - w * x);
        r[8] = 1 - 2 * (x * x + y * y);
    }
}
