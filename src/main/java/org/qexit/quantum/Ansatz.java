package org.qexit.quantum;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.util.Locale;
import org.qexit.common.Checks;
import org.qexit.quantum.Gate.FixedKind;
import org.qexit.quantum.Gate.RotationKind;

/**
 * The layered circuit of docs/maths.md §9: an encoding of n inputs into n qubits, then {@code layers} times RX·RY·RZ on each
 * qubit and a ring of entanglers. It has 3·n·layers parameters; parameter 3(ℓn + q) + {0, 1, 2} turns qubit q about X, Y, Z in
 * layer ℓ. Input i turns qubit i in every upload; with separate uploads it is input un + i in upload u. Measured are all ⟨Z_i⟩.
 *
 * @param qubits n
 * @param layers number of layers
 * @param encoding how the inputs enter
 * @param entangler what couples the qubits after each layer
 * @param reupload whether the encoding is repeated before every layer, not only before the first
 * @param separateUploads whether every upload has n inputs of its own, so that they may be scaled differently
 */
public record Ansatz(
        int qubits, int layers, Encoding encoding, Entangler entangler, boolean reupload, boolean separateUploads) {
    public Ansatz {
        Checks.within("number of qubits", qubits, 1, Circuit.MAX_QUBITS);
        Checks.within("number of layers", layers, 0, 1000);
        Checks.present("encoding", encoding);
        Checks.present("entangler", entangler);
    }

    /** Every upload of the same n inputs. */
    public Ansatz(int qubits, int layers, Encoding encoding, Entangler entangler, boolean reupload) {
        this(qubits, layers, encoding, entangler, reupload, false);
    }

    /** RY encoding once, CNOT ring. */
    public static Ansatz of(int qubits, int layers) {
        return new Ansatz(qubits, layers, Encoding.RY, Entangler.CNOT_RING, false);
    }

    /** How often the inputs enter. */
    public int uploads() {
        return reupload ? Math.max(layers, 1) : 1;
    }

    /** How many inputs the circuit has. */
    public int inputs() {
        return separateUploads ? qubits * uploads() : qubits;
    }

    /** How many parameters the circuit has. */
    public int parameters() {
        return 3 * qubits * layers;
    }

    /** The circuit that it stands for. */
    public Circuit circuit() {
        Circuit.Builder circuit = Circuit.builder(qubits).inputs(inputs()).parameters(parameters());
        for (int layer = 0; layer < Math.max(layers, 1); layer++) {
            if (layer == 0 || reupload) {
                encode(circuit, separateUploads ? layer * qubits : 0);
            }
            if (layer < layers) {
                turn(circuit, layer);
                entangle(circuit);
            }
        }
        return circuit.build();
    }

    private void encode(Circuit.Builder circuit, int first) {
        for (int q = 0; q < qubits; q++) {
            switch (encoding) {
                case RX -> circuit.add(RotationKind.RX, Angle.input(first + q), q);
                case RY -> circuit.add(RotationKind.RY, Angle.input(first + q), q);
                case RZ -> circuit.add(FixedKind.H, q).add(RotationKind.RZ, Angle.input(first + q), q);
            }
        }
    }

    private void turn(Circuit.Builder circuit, int layer) {
        for (int q = 0; q < qubits; q++) {
            int first = 3 * (layer * qubits + q);
            circuit.add(RotationKind.RX, Angle.parameter(first), q)
                    .add(RotationKind.RY, Angle.parameter(first + 1), q)
                    .add(RotationKind.RZ, Angle.parameter(first + 2), q);
        }
    }

    private void entangle(Circuit.Builder circuit) {
        if (qubits == 1 || entangler == Entangler.NONE) {
            return;
        }
        FixedKind kind = entangler == Entangler.CNOT_RING ? FixedKind.CNOT : FixedKind.CZ;
        // CZ on 0-1 and again on 1-0 would undo itself.
        int links = kind == FixedKind.CZ && qubits == 2 ? 1 : qubits;
        for (int q = 0; q < links; q++) {
            circuit.add(kind, q, (q + 1) % qubits);
        }
    }

    /** How an input becomes a rotation. */
    public enum Encoding {
        /** RY(x_i) on qubit i. */
        RY,
        /** RX(x_i) on qubit i. */
        RX,
        /** H, then RZ(x_i) on qubit i. */
        RZ;

        /** By name in any case, with - or _; rz is also rz-after-h. */
        @JsonCreator
        public static Encoding of(String name) {
            return switch (canonical(name)) {
                case "RX" -> RX;
                case "RY" -> RY;
                case "RZ", "RZ_AFTER_H" -> RZ;
                default ->
                    throw new IllegalArgumentException("encoding is '" + name + "'; expected ry, rx or rz-after-h");
            };
        }
    }

    /** What couples neighbours i and (i+1) mod n. */
    public enum Entangler {
        /** CNOT, control i. */
        CNOT_RING,
        /** CZ; symmetric. */
        CZ_RING,
        /** Nothing: the separable twin. */
        NONE;

        /** By name in any case, with - or _. */
        @JsonCreator
        public static Entangler of(String name) {
            return switch (canonical(name)) {
                case "CNOT_RING" -> CNOT_RING;
                case "CZ_RING" -> CZ_RING;
                case "NONE" -> NONE;
                default ->
                    throw new IllegalArgumentException(
                            "entangler is '" + name + "'; expected cnot-ring, cz-ring or none");
            };
        }
    }

    private static String canonical(String name) {
        return name.toUpperCase(Locale.ROOT).replace('-', '_');
    }
}
