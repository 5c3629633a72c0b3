package org.qexit.nn;

import org.qexit.common.Checks;
import org.qexit.quantum.Ansatz;

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
 */
public record HeadConfig(
        HeadKind kind,
        Reduction reduce,
        Integer hidden,
        Integer qubits,
        Integer layers,
        Ansatz.Encoding encoding,
        Ansatz.Entangler entangler,
        Boolean reupload) {
    /** A state of 2^16 amplitudes per event is the most that training can bear. */
    public static final int MAX_QUBITS = 16;

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
        } else if (qubits != null || layers != null || encoding != null || entangler != null || reupload != null) {
            throw new IllegalArgumentException(
                    "qubits, layers, encoding, entangler, reupload belong to kind quantum, but kind is " + kind);
        }
    }

    public static HeadConfig linear() {
        return new HeadConfig(HeadKind.LINEAR, null, null, null, null, null, null, null);
    }

    public static HeadConfig mlp(int hidden) {
        return new HeadConfig(HeadKind.MLP, null, hidden, null, null, null, null, null);
    }

    public static HeadConfig quantum(int qubits, int layers) {
        return new HeadConfig(HeadKind.QUANTUM, null, null, qubits, layers, null, null, null);
    }

    public HeadConfig with(Reduction other) {
        return new HeadConfig(kind, other, hidden, qubits, layers, encoding, entangler, reupload);
    }

    public HeadConfig with(Ansatz.Entangler other) {
        return new HeadConfig(kind, reduce, hidden, qubits, layers, encoding, other, reupload);
    }

    /** The circuit family of a quantum head. */
    public Ansatz ansatz() {
        if (kind != HeadKind.QUANTUM) {
            throw new IllegalStateException("a " + kind + " head has no circuit");
        }
        return new Ansatz(qubits, layers, encoding, entangler, reupload);
    }
}
