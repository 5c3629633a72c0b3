package org.qexit.nn;

import org.qexit.common.Checks;
import org.qexit.quantum.Ansatz;
import org.qexit.quantum.noise.DensityMatrixSimulator;
import org.qexit.quantum.noise.NoiseModel;

/**
 * An exit's head. Which fields may be set depends on the kind.
 *
 * @param kind what decides
 * @param reduce how feature maps become a vector; null means flatten
 * @param hidden {@code mlp}: width of the hidden layer
 * @param qubits {@code quantum}: n
 * @param layers {@code quantum}: layers of the ansatz; null means 2
 * @param encoding {@code quantum}: how angles enter; null means ry
 * @param entangler {@code quantum}: what couples the qubits; null means cnot_ring
 * @param reupload {@code quantum}: whether the angles enter before every layer; null means false
 * @param shots {@code quantum}: how often each ⟨Z_i⟩ is measured; null means exact expectation values
 * @param noise {@code quantum}: of the circuit, at most 7 qubits; null means none
 */
public record HeadConfig(
        HeadKind kind,
        Reduction reduce,
        Integer hidden,
        Integer qubits,
        Integer layers,
        Ansatz.Encoding encoding,
        Ansatz.Entangler entangler,
        Boolean reupload,
        Integer shots,
        HeadNoise noise) {
    /** A state of 2^16 amplitudes per event is the most that training can bear. */
    public static final int MAX_QUBITS = 16;

    /** A millionth of the variance; beyond, exact values are as good. */
    public static final int MAX_SHOTS = 1_000_000;

    public HeadConfig {
        Checks.present("kind", kind);
        reduce = reduce == null ? Reduction.FLATTEN : reduce;
        if (kind == HeadKind.MLP) {
            Checks.within("hidden", Checks.present("hidden (width of an mlp head)", hidden), 1, 65_536);
        } else if (hidden != null) {
            throw new IllegalArgumentException("hidden is " + hidden + " but kind is " + kind + "; expected kind mlp");
        }
        if (kind == HeadKind.QUANTUM) {
            Checks.within("qubits", Checks.present("qubits (of a quantum head)", qubits), 1, MAX_QUBITS);
            layers = layers == null ? 2 : Checks.within("layers", layers, 1, 64);
            encoding = encoding == null ? Ansatz.Encoding.RY : encoding;
            entangler = entangler == null ? Ansatz.Entangler.CNOT_RING : entangler;
            reupload = Boolean.TRUE.equals(reupload);
            if (shots != null) {
                Checks.within("shots", shots, 1, MAX_SHOTS);
            }
            noise = noise == null || noise.model().equals(NoiseModel.NONE) ? null : noise;
            if (noise != null) {
                Checks.within("qubits (of a head with noise)", qubits, 1, DensityMatrixSimulator.MAX_QUBITS);
            }
        } else if (qubits != null
                || layers != null
                || encoding != null
                || entangler != null
                || reupload != null
                || shots != null
                || noise != null) {
            throw new IllegalArgumentException(
                    "qubits, layers, encoding, entangler, reupload, shots, noise belong to kind quantum, but kind is "
                            + kind);
        }
    }

    public static HeadConfig linear() {
        return new HeadConfig(HeadKind.LINEAR, null, null, null, null, null, null, null, null, null);
    }

    public static HeadConfig mlp(int hidden) {
        return new HeadConfig(HeadKind.MLP, null, hidden, null, null, null, null, null, null, null);
    }

    public static HeadConfig quantum(int qubits, int layers) {
        return new HeadConfig(HeadKind.QUANTUM, null, null, qubits, layers, null, null, null, null, null);
    }

    public HeadConfig with(Reduction other) {
        return new HeadConfig(kind, other, hidden, qubits, layers, encoding, entangler, reupload, shots, noise);
    }

    public HeadConfig with(Ansatz.Entangler other) {
        return new HeadConfig(kind, reduce, hidden, qubits, layers, encoding, other, reupload, shots, noise);
    }

    /** A quantum head that measures a finite number of times, or on a noisy machine; null for neither. */
    public HeadConfig measured(Integer otherShots, HeadNoise otherNoise) {
        return new HeadConfig(
                kind, reduce, hidden, qubits, layers, encoding, entangler, reupload, otherShots, otherNoise);
    }

    /** The circuit family of a quantum head. */
    public Ansatz ansatz() {
        if (kind != HeadKind.QUANTUM) {
            throw new IllegalStateException("a " + kind + " head has no circuit");
        }
        return new Ansatz(qubits, layers, encoding, entangler, reupload);
    }
}
