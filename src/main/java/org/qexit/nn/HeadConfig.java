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
 * @param rings {@code mlp}: residual rings behind the hidden layer, in place of its tanh; null means none
 * @param skips {@code mlp} with rings: how many of them, the last ones, see the hidden layer again; null means none
 * @param qubits {@code quantum}: n
 * @param layers {@code quantum}: layers of the ansatz; null means 2
 * @param encoding {@code quantum}: how angles enter; null means ry
 * @param entangler {@code quantum}: what couples the qubits; null means cnot_ring
 * @param reupload {@code quantum}: whether the angles enter before every layer; null means false
 * @param inputScaling {@code quantum}: whether each angle has a trained factor, one per qubit and upload; null means false
 * @param shots {@code quantum}: how often each ⟨Z_i⟩ is measured; null means exact expectation values
 * @param noise {@code quantum}: of the circuit, at most 7 qubits; null means none
 */
public record HeadConfig(
        HeadKind kind,
        Reduction reduce,
        Integer hidden,
        Integer rings,
        Integer skips,
        Integer qubits,
        Integer layers,
        Ansatz.Encoding encoding,
        Ansatz.Entangler entangler,
        Boolean reupload,
        Boolean inputScaling,
        Integer shots,
        HeadNoise noise) {
    /**
     * Standard deviation of the initial circuit parameters [rad]: away from the identity, whose CNOT rings make every output a product of
     * cosines that are all near 0; small enough that a few qubits are no barren plateau, see {@code qexit bench gradients}.
     */
    public static final double INITIAL_ANGLE_DEVIATION = 0.5;

    /** As many as a quantum head has layers. */
    public static final int MAX_LAYERS = 64;

    /** A state of 2^16 amplitudes per event is the most that training can bear. */
    public static final int MAX_QUBITS = 16;

    /** A millionth of the variance; beyond, exact values are as good. */
    public static final int MAX_SHOTS = 1_000_000;

    public HeadConfig {
        Checks.present("kind", kind);
        reduce = reduce == null ? Reduction.FLATTEN : reduce;
        if (kind == HeadKind.MLP) {
            Checks.within("hidden", Checks.present("hidden (width of an mlp head)", hidden), 1, 65_536);
            rings = rings == null || rings == 0 ? null : Checks.within("rings", rings, 0, MAX_LAYERS);
            skips = skips == null || skips == 0
                    ? null
                    : Checks.within("skips (of the rings)", skips, 0, rings == null ? 0 : rings);
        } else if (hidden != null || rings != null || skips != null) {
            throw new IllegalArgumentException(
                    "hidden, rings, skips are of kind mlp, but kind is " + kind + "; expected kind mlp");
        }
        if (kind == HeadKind.QUANTUM) {
            Checks.within("qubits", Checks.present("qubits (of a quantum head)", qubits), 1, MAX_QUBITS);
            layers = layers == null ? 2 : Checks.within("layers", layers, 1, MAX_LAYERS);
            encoding = encoding == null ? Ansatz.Encoding.RY : encoding;
            entangler = entangler == null ? Ansatz.Entangler.CNOT_RING : entangler;
            reupload = Boolean.TRUE.equals(reupload);
            inputScaling = Boolean.TRUE.equals(inputScaling);
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
                || inputScaling != null
                || shots != null
                || noise != null) {
            throw new IllegalArgumentException(
                    "qubits, layers, encoding, entangler, reupload, inputScaling, shots, noise are of kind quantum, but kind is "
                            + kind + "; expected kind quantum");
        }
    }

    public static HeadConfig linear() {
        return new HeadConfig(HeadKind.LINEAR, null, null, null, null, null, null, null, null, null, null, null, null);
    }

    public static HeadConfig mlp(int hidden) {
        return mlp(hidden, 0, 0);
    }

    /** A hidden layer, then residual rings, the last {@code skips} of which see it again. */
    public static HeadConfig mlp(int hidden, int rings, int skips) {
        return new HeadConfig(HeadKind.MLP, null, hidden, rings, skips, null, null, null, null, null, null, null, null);
    }

    public static HeadConfig quantum(int qubits, int layers) {
        return new HeadConfig(
                HeadKind.QUANTUM, null, null, null, null, qubits, layers, null, null, null, null, null, null);
    }

    public HeadConfig with(Reduction other) {
        return new HeadConfig(
                kind,
                other,
                hidden,
                rings,
                skips,
                qubits,
                layers,
                encoding,
                entangler,
                reupload,
                inputScaling,
                shots,
                noise);
    }

    public HeadConfig with(Ansatz.Encoding other) {
        return new HeadConfig(
                kind,
                reduce,
                hidden,
                rings,
                skips,
                qubits,
                layers,
                other,
                entangler,
                reupload,
                inputScaling,
                shots,
                noise);
    }

    public HeadConfig with(Ansatz.Entangler other) {
        return new HeadConfig(
                kind,
                reduce,
                hidden,
                rings,
                skips,
                qubits,
                layers,
                encoding,
                other,
                reupload,
                inputScaling,
                shots,
                noise);
    }

    /** A quantum head whose angles enter before every layer, or are scaled, or both. */
    public HeadConfig uploading(boolean everyLayer, boolean scaled) {
        return new HeadConfig(
                kind,
                reduce,
                hidden,
                rings,
                skips,
                qubits,
                layers,
                encoding,
                entangler,
                everyLayer,
                scaled,
                shots,
                noise);
    }

    /** A quantum head that measures a finite number of times, or on a noisy machine; null for neither. */
    public HeadConfig measured(Integer otherShots, HeadNoise otherNoise) {
        return new HeadConfig(
                kind,
                reduce,
                hidden,
                rings,
                skips,
                qubits,
                layers,
                encoding,
                entangler,
                reupload,
                inputScaling,
                otherShots,
                otherNoise);
    }

    /** The circuit family of a quantum head; where its inputs are scaled, every upload has inputs of its own. */
    public Ansatz ansatz() {
        if (kind != HeadKind.QUANTUM) {
            throw new IllegalStateException("a " + kind + " head has no circuit");
        }
        return new Ansatz(qubits, layers, encoding, entangler, reupload, reupload && inputScaling);
    }

    /** The number of residual rings of an mlp head. */
    int ringCount() {
        return rings == null ? 0 : rings;
    }

    /** The number of rings of an mlp head that see the hidden layer again. */
    int skipCount() {
        return skips == null ? 0 : skips;
    }

    /** The number of trained factors on the angles of a quantum head. */
    int scales() {
        return inputScaling ? ansatz().inputs() : 0;
    }

    /** Number of parameters on this many features: weights, biases, circuit angles; the formulas of docs/training.md. */
    public long parameters(long features) {
        return switch (kind) {
            case LINEAR -> 2 * features + 2;
            case MLP -> hidden * (features + 3 + 3L * ringCount() + skipCount()) + 2;
            case QUANTUM -> qubits * (features + 3 + 3L * layers) + scales() + 2;
        };
    }
}
