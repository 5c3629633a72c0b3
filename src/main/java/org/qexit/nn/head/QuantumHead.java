package org.qexit.nn.head;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.qexit.common.Checks;
import org.qexit.engine.Stage;
import org.qexit.nn.layer.QuantumLayer;
import org.qexit.quantum.Ansatz;
import org.qexit.quantum.Circuit;
import org.qexit.quantum.noise.DensityMatrixSimulator;
import org.qexit.quantum.noise.NoiseModel;
import org.qexit.quantum.statevector.SimulatorOptions;

/**
 * features → dense to n angles, tanh if they are bounded → circuit → ⟨Z_i⟩ → dense to the logits.
 *
 * @param reduce how feature maps become a vector; null means flatten
 * @param qubits n
 * @param layers layers of the ansatz; null means 2
 * @param encoding how angles enter; null means ry
 * @param entangler what couples the qubits; null means cnot_ring
 * @param reupload whether the angles enter before every layer; null means false
 * @param inputScaling whether each angle has a trained factor, one per qubit and upload; null means false
 * @param bounded whether a tanh keeps each angle within 1 rad of π/2, or within its trained factor; null means false
 * @param shots how often each ⟨Z_i⟩ is measured; null means exact expectation values
 * @param noise of the circuit, at most 7 qubits; null means none
 */
public record QuantumHead(
        Reduction reduce,
        Integer qubits,
        Integer layers,
        Ansatz.Encoding encoding,
        Ansatz.Entangler entangler,
        Boolean reupload,
        Boolean inputScaling,
        Boolean bounded,
        Integer shots,
        HeadNoise noise)
        implements HeadConfig {
    static final String KIND = "QUANTUM";

    /** The dense layer that gives the pre-angles. */
    public static final String ANGLES = "angles";

    /** The layer that runs the circuit. */
    public static final String CIRCUIT = "circuit";

    /**
     * Standard deviation of the initial circuit parameters [rad]: away from the identity, whose CNOT rings make every output a product of
     * cosines that are all near 0; small enough that a few qubits are no barren plateau, see {@code qexit bench gradients}.
     */
    public static final double INITIAL_ANGLE_DEVIATION = 0.5;

    static final int MAX_LAYERS = 64;

    /** A state of 2^16 amplitudes per event is the most that training can bear. */
    private static final int MAX_QUBITS = 16;

    /** A millionth of the variance; beyond, exact values are as good. */
    private static final int MAX_SHOTS = 1_000_000;

    /** Shrinks the initial weights into the pre-angles, so that most angles start within a radian of π/2. */
    private static final double PRE_ANGLE_SCALE = 0.4;

    public QuantumHead {
        reduce = reduce == null ? Reduction.FLATTEN : reduce;
        Checks.within("qubits", Checks.present("qubits (of a quantum head)", qubits), 1, MAX_QUBITS);
        layers = layers == null ? 2 : Checks.within("layers", layers, 1, MAX_LAYERS);
        encoding = encoding == null ? Ansatz.Encoding.RY : encoding;
        entangler = entangler == null ? Ansatz.Entangler.CNOT_RING : entangler;
        reupload = Boolean.TRUE.equals(reupload);
        inputScaling = Boolean.TRUE.equals(inputScaling);
        bounded = Boolean.TRUE.equals(bounded) ? true : null;
        if (shots != null) {
            Checks.within("shots", shots, 1, MAX_SHOTS);
        }
        noise = noise == null || noise.model().equals(NoiseModel.NONE) ? null : noise;
        if (noise != null) {
            Checks.within("qubits (of a head with noise)", qubits, 1, DensityMatrixSimulator.MAX_QUBITS);
        }
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public QuantumHead with(Reduction other) {
        return new QuantumHead(
                other, qubits, layers, encoding, entangler, reupload, inputScaling, bounded, shots, noise);
    }

    public QuantumHead withQubits(int other) {
        return new QuantumHead(
                reduce, other, layers, encoding, entangler, reupload, inputScaling, bounded, shots, noise);
    }

    public QuantumHead with(Ansatz.Encoding other) {
        return new QuantumHead(reduce, qubits, layers, other, entangler, reupload, inputScaling, bounded, shots, noise);
    }

    public QuantumHead with(Ansatz.Entangler other) {
        return new QuantumHead(reduce, qubits, layers, encoding, other, reupload, inputScaling, bounded, shots, noise);
    }

    /** Its angles enter before every layer, or are scaled, or both. */
    public QuantumHead uploading(boolean everyLayer, boolean scaled) {
        return new QuantumHead(reduce, qubits, layers, encoding, entangler, everyLayer, scaled, bounded, shots, noise);
    }

    /** Its angles are kept near π/2 by a tanh. */
    public QuantumHead within(boolean bounds) {
        return new QuantumHead(
                reduce, qubits, layers, encoding, entangler, reupload, inputScaling, bounds, shots, noise);
    }

    /** Whether a tanh bounds the angles. */
    public boolean keepsAnglesNear() {
        return bounded != null;
    }

    /** Measures a finite number of times, or on a noisy machine; null for neither. */
    public QuantumHead measured(Integer otherShots, HeadNoise otherNoise) {
        return new QuantumHead(
                reduce, qubits, layers, encoding, entangler, reupload, inputScaling, bounded, otherShots, otherNoise);
    }

    @Override
    public QuantumHead exact() {
        return measured(null, null);
    }

    /** The circuit family; where its inputs are scaled, every upload has inputs of its own. */
    public Ansatz ansatz() {
        return new Ansatz(qubits, layers, encoding, entangler, reupload, reupload && inputScaling);
    }

    @Override
    public Optional<Circuit> circuit() {
        return Optional.of(ansatz().circuit());
    }

    @Override
    public int shotsPerEvent() {
        return shots == null ? 0 : shots;
    }

    /** The number of trained factors on the angles. */
    public int scales() {
        return inputScaling ? ansatz().inputs() : 0;
    }

    @Override
    public List<HeadLayer> body(int features) {
        Ansatz ansatz = ansatz();
        List<ParameterTensor> tensors = new ArrayList<>();
        tensors.add(
                new ParameterTensor(QuantumLayer.THETA, new int[] {ansatz.parameters()}, 0, INITIAL_ANGLE_DEVIATION));
        if (inputScaling) {
            tensors.add(new ParameterTensor(QuantumLayer.SCALE, new int[] {ansatz.uploads(), qubits}, 1, 0));
        }
        NoiseModel model = noise == null ? null : noise.model();
        return List.of(
                HeadLayer.dense(ANGLES, features, qubits, PRE_ANGLE_SCALE, keepsAnglesNear()),
                new HeadLayer(
                        CIRCUIT,
                        qubits,
                        qubits,
                        scales(),
                        tensors,
                        () -> new QuantumLayer(ansatz, inputScaling, shots, model),
                        stage(ansatz)));
    }

    /** Null where measurements are drawn: their order is the batch's, whoever works on it. */
    private Stage stage(Ansatz ansatz) {
        if (shots != null) {
            return null;
        }
        NoiseModel model = noise == null ? null : noise.model();
        QuantumLayer layer = new QuantumLayer(ansatz, inputScaling, null, model);
        return new Stage.Node(qubits, ansatz.parameters() + scales(), () -> layer.unit(0, SimulatorOptions.DEFAULT));
    }

    @Override
    public String words() {
        return "quantum, " + qubits + " qubits × " + layers + " layers"
                + (keepsAnglesNear() ? ", bounded angles" : "")
                + (shots == null ? "" : ", " + shots + " shots")
                + (noise == null ? "" : ", noisy");
    }

    @Override
    public <R> R match(Cases<R> cases) {
        return cases.quantum(this);
    }
}
