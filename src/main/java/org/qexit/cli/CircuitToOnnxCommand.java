package org.qexit.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.qexit.cli.console.ExitCode;
import org.qexit.common.AtomicFiles;
import org.qexit.common.UserError;
import org.qexit.export.CircuitModel;
import org.qexit.onnx.graph.OnnxModel;
import org.qexit.quantum.Circuit;
import org.qexit.quantum.CircuitFile;
import org.qexit.quantum.ObservableText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A circuit with its weights as an ONNX graph. */
@Command(
        name = "to-onnx",
        description =
                "Writes a circuit, or an OpenQASM program, with its weights as an ONNX graph of standard operators: 'angles' float32"
                        + " [N, inputs] in, 'expectations' float32 [N, observables] out. Holds it against the simulator in ONNX Runtime"
                        + " before it is written.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  qexit circuit to-onnx circuits.json -o circuit.onnx",
            "  qexit circuit to-onnx foreign.qasm --theta 0.1,0.7 -o circuit.onnx",
            "  qexit circuit to-onnx foreign.qasm --weights 2=0.5,3=-1.2 --observable Z0Z1 -o circuit.onnx",
        })
final class CircuitToOnnxCommand extends CircuitCommand.OnFile {
    /** Of float32 sums over the amplitudes of ten qubits; what was seen is about 1e-6. */
    private static final double TOLERANCE = 1e-4;

    @Option(names = "--case", paramLabel = "NAME", description = "Which case (default: the first).")
    private String name;

    @Option(
            names = "--theta",
            paramLabel = "T,…",
            split = ",",
            description = "Parameters, in the place of the file's; an OpenQASM program that has some needs them.")
    private double[] theta;

    @Option(
            names = "--weights",
            paramLabel = "INPUT=VALUE,…",
            split = ",",
            description = "Inputs that are weights; the others keep their order.")
    private Map<Integer, Double> weights;

    @Option(
            names = "--observable",
            paramLabel = "O",
            description =
                    "Instead of <Z_i>: a sum of products of Z, such as 0.5*Z0Z1 - Z2; may be given several times.")
    private List<String> observables;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FILE",
            required = true,
            description = "The ONNX file.")
    private Path to;

    @Override
    public Integer call() {
        CircuitFile.Case chosen = chosen(name);
        double[] difference = new double[1];
        OnnxModel model = onFile(() -> {
            Circuit circuit = CircuitModel.withWeights(chosen.circuit(), weights == null ? Map.of() : weights);
            if (observables != null) {
                circuit = circuit.withObservables(
                        observables.stream().map(ObservableText::parse).toList());
            }
            if (theta == null && isImported() && circuit.parameters() > 0) {
                throw new IllegalArgumentException(
                        "has " + circuit.parameters() + " parameters; expected --theta with their values");
            }
            double[] values = theta == null ? chosen.theta() : theta;
            if (values.length != circuit.parameters()) {
                throw new IllegalArgumentException(
                        "--theta has " + values.length + " values; expected " + circuit.parameters());
            }
            OnnxModel made = CircuitModel.of(chosen.name(), circuit, values);
            difference[0] = CircuitModel.difference(made, circuit, values);
            return made;
        });
        if (!(difference[0] <= TOLERANCE)) {
            throw new UserError(to + ": ONNX Runtime's answers are " + difference[0]
                    + " off the simulator's; expected at most " + TOLERANCE);
        }
        byte[] bytes = model.toBytes();
        AtomicFiles.write(to, temporary -> java.nio.file.Files.write(temporary, bytes));
        out().printf(
                        Locale.ROOT,
                        "%s: %d operators, %,d bytes, within %.1e of the simulator%n",
                        to,
                        model.graph().nodes().size(),
                        bytes.length,
                        difference[0]);
        return ExitCode.OK;
    }
}
