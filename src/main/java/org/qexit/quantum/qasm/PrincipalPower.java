package org.qexit.quantum.qasm;

import java.util.List;

/** U^r of a gate of fixed angles on one qubit: eigenvalues e^{iα}, -π < α ≤ π, become e^{irα}. */
final class PrincipalPower {
    /** Angles this close to -π are π: the square root of X is the one with eigenvalue i. */
    private static final double ROUNDING = 1e-9;

    private PrincipalPower() {}

    /** @param parts on one qubit without controls, all angles constant */
    static List<Primitive> of(List<Primitive> parts, double power, int target) {
        double[] u = matrix(parts);
        // U = e^{iδ} (cos ω I - i sin ω n·σ), eigenvalues e^{i(δ ∓ ω)}.
        double detRe = u[0] * u[6] - u[1] * u[7] - u[2] * u[4] + u[3] * u[5];
        double detIm = u[0] * u[7] + u[1] * u[6] - u[2] * u[5] - u[3] * u[4];
        double delta = Math.atan2(detIm, detRe) / 2;
        double c = Math.cos(delta);
        double s = -Math.sin(delta);
        double[] v = new double[8];
        for (int e = 0; e < 8; e += 2) {
            v[e] = u[e] * c - u[e + 1] * s;
            v[e + 1] = u[e] * s + u[e + 1] * c;
        }
        double x = -(v[3] + v[5]) / 2;
        double y = (v[4] - v[2]) / 2;
        double z = (v[7] - v[1]) / 2;
        double sine = Math.sqrt(x * x + y * y + z * z);
        double omega = Math.atan2(sine, (v[0] + v[6]) / 2);
        double[] n = sine == 0 ? new double[] {0, 0, 1} : new double[] {x / sine, y / sine, z / sine};
        double first = power * principal(delta - omega);
        double second = power * principal(delta + omega);
        // U^r = e^{iδ'} (cos ω' I - i sin ω' n·σ) with the eigenvalues' new angles.
        return parts((first + second) / 2, (second - first) / 2, n, target);
    }

    private static double principal(double angle) {
        double within = Math.IEEEremainder(angle, 2 * Math.PI);
        return within <= -Math.PI + ROUNDING ? within + 2 * Math.PI : within;
    }

    /** As phase, P, RY, P. */
    private static List<Primitive> parts(double delta, double omega, double[] n, int target) {
        double c = Math.cos(omega);
        double s = Math.sin(omega);
        // [[c - i s n_z, -i s n_x - s n_y], [-i s n_x + s n_y, c + i s n_z]].
        double theta = 2 * Math.atan2(Math.hypot(s * n[0], s * n[1]), Math.hypot(c, s * n[2]));
        double diagonal = Math.atan2(s * n[2], c);
        double lower = Math.atan2(-s * n[0], s * n[1]);
        // e^{i(γ - diagonal)}: a = e^{iγ'} cos, c = e^{i(γ' + φ)} sin, d = e^{i(γ' + φ + λ)} cos with γ' = -diagonal.
        double phi = lower + diagonal;
        double lambda = 2 * diagonal - phi;
        return List.of(
                Primitive.phase(LinearAngle.of(delta - diagonal)),
                Primitive.p(lambda, target),
                Primitive.ry(LinearAngle.of(theta), target),
                Primitive.p(phi, target));
    }

    /** The product as aRe, aIm, bRe … dIm. */
    private static double[] matrix(List<Primitive> parts) {
        double[] u = {1, 0, 0, 0, 0, 0, 1, 0};
        for (Primitive part : parts) {
            double angle = part.angle().constant();
            double c = Math.cos(angle / 2);
            double s = Math.sin(angle / 2);
            u = product(
                    switch (part.kind()) {
                        case X -> new double[] {0, 0, 1, 0, 1, 0, 0, 0};
                        case P -> new double[] {1, 0, 0, 0, 0, 0, Math.cos(angle), Math.sin(angle)};
                        case RY -> new double[] {c, 0, -s, 0, s, 0, c, 0};
                        case PHASE ->
                            new double[] {Math.cos(angle), Math.sin(angle), 0, 0, 0, 0, Math.cos(angle), Math.sin(angle)
                            };
                    },
                    u);
        }
        return u;
    }

    private static double[] product(double[] left, double[] right) {
        double[] product = new double[8];
        for (int row = 0; row < 2; row++) {
            for (int column = 0; column < 2; column++) {
                for (int k = 0; k < 2; k++) {
                    int l = 4 * row + 2 * k;
                    int r = 4 * k + 2 * column;
                    int to = 4 * row + 2 * column;
                    product[to] += left[l] * right[r] - left[l + 1] * right[r + 1];
                    product[to + 1] += left[l] * right[r + 1] + left[l + 1] * right[r];
                }
            }
        }
        return product;
    }
}
