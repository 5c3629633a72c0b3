package org.qexit.quantum.noise;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.qexit.common.Checks;
import org.qexit.quantum.Matrix2;

/**
 * Noise on each qubit that a gate acts on, after the gate, and errors of the readout. In Kraus operators (Nielsen and Chuang 2010, Sect.
 * 8.3):
 *
 * <pre>depolarising p:       √(1-p) 1, √(p/3) X, √(p/3) Y, √(p/3) Z
 * amplitude damping γ:  [[1, 0], [0, √(1-γ)]], [[0, √γ], [0, 0]]
 * phase damping λ:      [[1, 0], [0, √(1-λ)]], [[0, 0], [0, √λ]]</pre>
 *
 * in this order. A readout error e flips each measured bit with probability e, so a Pauli string of weight w shrinks by (1-2e)^w.
 *
 * @param depolarising p in [0, 1]
 * @param amplitudeDamping γ in [0, 1]
 * @param phaseDamping λ in [0, 1]
 * @param readoutError e in [0, 1]
 */
public record NoiseModel(double depolarising, double amplitudeDamping, double phaseDamping, double readoutError) {
    /** A perfect machine. */
    public static final NoiseModel NONE = new NoiseModel(0, 0, 0, 0);

    public NoiseModel {
        Checks.within("depolarising", depolarising, 0, 1);
        Checks.within("amplitude-damping", amplitudeDamping, 0, 1);
        Checks.within("phase-damping", phaseDamping, 0, 1);
        Checks.within("readout", readoutError, 0, 1);
    }

    /** Reads "depolarising=0.01,amplitude-damping=0.02,phase-damping=0.01,readout=0.03"; each part may be left out. */
    public static NoiseModel parse(String text) {
        double[] values = new double[4];
        List<String> names = List.of("depolarising", "amplitude-damping", "phase-damping", "readout");
        for (String part : text.split(",")) {
            String[] sides = part.trim().split("=", -1);
            // Both spellings are written.
            int which = names.indexOf(sides[0].trim().toLowerCase(Locale.ROOT).replace("depolarizing", "depolarising"));
            if (which < 0 || sides.length != 2) {
                throw new IllegalArgumentException(
                        "noise '" + part.trim() + "'; expected NAME=PROBABILITY with a name of " + names);
            }
            try {
                values[which] = Double.parseDouble(sides[1].trim());
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("noise '" + part.trim() + "'; expected a number after '='", e);
            }
        }
        return new NoiseModel(values[0], values[1], values[2], values[3]);
    }

    /** Kraus operators of each channel that is on, channel by channel. */
    List<List<Matrix2>> channels() {
        List<List<Matrix2>> channels = new ArrayList<>();
        if (depolarising > 0) {
            double keep = Math.sqrt(1 - depolarising);
            double flip = Math.sqrt(depolarising / 3);
            channels.add(List.of(
                    real(keep, 0, 0, keep),
                    real(0, flip, flip, 0),
                    new Matrix2(0, 0, 0, -flip, 0, flip, 0, 0),
                    real(flip, 0, 0, -flip)));
        }
        if (amplitudeDamping > 0) {
            channels.add(List.of(
                    real(1, 0, 0, Math.sqrt(1 - amplitudeDamping)), real(0, Math.sqrt(amplitudeDamping), 0, 0)));
        }
        if (phaseDamping > 0) {
            channels.add(List.of(real(1, 0, 0, Math.sqrt(1 - phaseDamping)), real(0, 0, 0, Math.sqrt(phaseDamping))));
        }
        return channels;
    }

    private static Matrix2 real(double a, double b, double c, double d) {
        return new Matrix2(a, 0, b, 0, c, 0, d, 0);
    }
}
