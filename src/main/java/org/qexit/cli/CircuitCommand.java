package org.qexit.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.qexit.cli.console.ExitCode;
import org.qexit.common.AtomicFiles;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.quantum.Circuit;
import org.qexit.quantum.CircuitDrawing;
import org.qexit.quantum.CircuitFile;
import org.qexit.quantum.ObservableText;
import org.qexit.quantum.lab.CircuitRun;
import org.qexit.quantum.lab.Outcomes;
import org.qexit.quantum.lab.SimulatorChoice;
import org.qexit.quantum.noise.NoiseModel;
import org.qexit.quantum.qasm.Importer;
import org.qexit.quantum.qasm.OpenQasm;
import org.qexit.quantum.qasm.OpenQasmProgram;
import org.qexit.quantum.qasm.OpenQasmReader;
import org.qexit.quantum.qasm.PlainGates;
import org.qexit.quantum.statevector.SimulatorOptions;
import org.qexit.quantum.strange.StrangeSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Circuit files: run, draw, exchange, check. */
@Command(
        name = "circuit",
        description = "Runs, draws, exports and checks circuit files.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            CircuitCommand.Run.class,
            CircuitCommand.Draw.class,
            CircuitCommand.Export.class,
            CircuitCommand.Import.class,
            CircuitCheckCommand.class,
            CircuitToOnnxCommand.class,
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  qexit circuit run circuits.json --gradient --json",
            "  qexit circuit draw circuits.json",
            "  qexit circuit export circuits.json --qasm 3",
        })
final class CircuitCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /** What every subcommand on a circuit file takes. */
    abstract static class OnFile implements Callable<Integer> {
        @Parameters(paramLabel = "FILE", description = "Circuit file: JSON, or OpenQASM (.qasm).")
        private Path file;

        @Spec
        private CommandSpec spec;

        PrintWriter out() {
            return spec.commandLine().getOut();
        }

        /** Turns refusals of the packages below into the user's errors, with the file's name. */
        <T> T onFile(Supplier<T> work) {
            try {
                return work.get();
            } catch (IllegalArgumentException e) {
                throw new UserError(file + ": " + e.getMessage(), e);
            }
        }

        CircuitFile read() {
            return isImported() ? imported() : CircuitFile.read(file);
        }

        boolean isImported() {
            return file.toString().endsWith(".qasm");
        }

        /** An OpenQASM program as a circuit file; inputs and parameters are 0. */
        CircuitFile imported() {
            String text;
            try {
                text = Files.readString(file, StandardCharsets.UTF_8);
            } catch (CharacterCodingException e) {
                throw new UserError(file + ": is no text in UTF-8", e);
            } catch (IOException e) {
                throw new UserError(file + ": cannot be read: " + e.getMessage(), e);
            }
            OpenQasmProgram program = OpenQasmReader.read(file.toString(), text);
            Circuit circuit = program.circuit();
            CircuitFile.Case only = CircuitFile.Case.of(
                    String.valueOf(file.getFileName()),
                    circuit,
                    new double[1][circuit.inputs()],
                    new double[circuit.parameters()]);
            return new CircuitFile(null, program.legend().isEmpty() ? null : program.legend(), List.of(only));
        }

        /** The case of a name, or the only one, or the first. */
        CircuitFile.Case chosen(String name) {
            CircuitFile cases = read();
            if (name == null) {
                return cases.cases().get(0);
            }
            return cases.cases().stream()
                    .filter(c -> c.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new UserError(file + ": no case '" + name + "'; expected one of "
                            + cases.cases().stream().map(CircuitFile.Case::name).toList()));
        }

        void write(Path to, String text) {
            if (to == null) {
                out().print(text);
                out().flush();
            } else {
                AtomicFiles.writeString(to, text);
            }
        }
    }

    @Command(
            name = "run",
            description =
                    "Runs every case of a circuit file, or an OpenQASM program (.qasm): <Z_i> or any observables, and gradients if"
                            + " asked.",
            mixinStandardHelpOptions = true,
            footerHeading = "%nExamples:%n",
            footer = {
                "  qexit circuit run circuits.json --gradient --json",
                "  qexit circuit run circuits.json --simulator strange",
                "  qexit circuit run circuits.json --observable \"0.5*Z0Z1 - X2\" --observable Y1",
                "  qexit circuit run circuit.qasm --x 0.3,1.2",
                "  qexit circuit run circuit.qasm --state --probabilities",
                "  qexit circuit run circuit.qasm --counts --shots 1000 --noise readout=0.02",
                "  qexit circuit run circuits.json --shots 1000 --noise depolarising=0.01,readout=0.02",
            })
    static final class Run extends OnFile {
        @Option(
                names = "--gradient",
                description = "Also the gradient of sum g * values (g = 1 where the file has none).")
        private boolean gradient;

        @Option(
                names = "--observable",
                paramLabel = "O",
                description =
                        "Instead of <Z_i>: a sum of Pauli strings, such as 0.5*Z0Z1 - X2; may be given several times. The gradient is"
                                + " that of their sum.")
        private List<String> observables;

        @Option(names = "--x", paramLabel = "X,…", split = ",", description = "Inputs, in the place of the file's.")
        private double[] x;

        @Option(
                names = "--theta",
                paramLabel = "T,…",
                split = ",",
                description = "Parameters, in the place of the file's.")
        private double[] theta;

        @Option(
                names = "--shots",
                defaultValue = "0",
                description = "Estimate from this many shots; 0: exact (default).")
        private long shots;

        @Option(
                names = "--noise",
                paramLabel = "MODEL",
                description = "For example depolarising=0.01,amplitude-damping=0.02,phase-damping=0.01,readout=0.03.")
        private String noise;

        @Option(
                names = "--trajectories",
                defaultValue = "0",
                description = "Noise by this many trajectories; 0: exactly up to 7 qubits, else 1000 (default).")
        private int trajectories;

        @Option(
                names = "--simulator",
                defaultValue = "statevector",
                description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
        private SimulatorChoice.Kind simulator;

        @Option(
                names = "--precision",
                defaultValue = "double",
                description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
        private SimulatorOptions.Precision precision;

        @Option(
                names = "--kernel",
                defaultValue = "auto",
                description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
        private SimulatorOptions.Kernel kernel;

        @Option(names = "--threads", defaultValue = "1", description = "Threads (default: ${DEFAULT-VALUE}).")
        private int threads;

        @Option(
                names = "--seed",
                defaultValue = "1",
                description = "Seed of shots and noise (default: ${DEFAULT-VALUE}).")
        private long seed;

        @Option(names = "--state", description = "Also the amplitudes; up to 16 qubits. Bit strings have qubit 0 last.")
        private boolean state;

        @Option(names = "--probabilities", description = "Also the probability of each bit string; up to 16 qubits.")
        private boolean probabilities;

        @Option(names = "--counts", description = "Also how many of --shots showed each bit string; up to 16 qubits.")
        private boolean counts;

        @Option(names = "--json", description = "Print one JSON object.")
        private boolean json;

        @Override
        public Integer call() {
            SimulatorChoice choice;
            try {
                choice = new SimulatorChoice(
                        simulator,
                        new SimulatorOptions(precision, threads, kernel),
                        noise == null ? null : NoiseModel.parse(noise),
                        trajectories,
                        shots,
                        seed);
            } catch (IllegalArgumentException e) {
                throw new UserError(e.getMessage(), e);
            }
            CircuitFile cases = onFile(() -> valued(read()));
            CircuitRun results = onFile(() -> observables == null
                    ? CircuitRun.of(cases, choice, gradient)
                    : CircuitRun.of(
                            cases,
                            choice,
                            gradient,
                            observables.stream().map(ObservableText::parse).toList()));
            Outcomes.Wanted wanted = new Outcomes.Wanted(state, probabilities, counts);
            List<Outcomes> outcomes = !wanted.any()
                    ? List.of()
                    : onFile(() -> cases.cases().stream()
                            .map(c -> Outcomes.of(c, choice, wanted))
                            .toList());
            if (json) {
                Map<String, Object> all = new LinkedHashMap<>();
                all.put("cases", results.cases());
                if (wanted.any()) {
                    all.put("outcomes", outcomes);
                }
                out().println(Json.compact(all));
                return ExitCode.OK;
            }
            for (int i = 0; i < results.cases().size(); i++) {
                CircuitRun.CaseResult result = results.cases().get(i);
                out().println(result.name());
                print(observables == null ? "  <Z>     " : "  <O>     ", result.values());
                if (gradient) {
                    print("  grad x  ", result.gradX());
                    print("  grad theta", new double[][] {result.gradTheta()});
                }
                if (wanted.any()) {
                    OutcomesText.lines(outcomes.get(i)).forEach(out()::println);
                }
            }
            return ExitCode.OK;
        }

        /** With the values of the command line. */
        private CircuitFile valued(CircuitFile file) {
            if (x == null && theta == null) {
                return file;
            }
            List<CircuitFile.Case> cases = new ArrayList<>();
            for (CircuitFile.Case c : file.cases()) {
                Circuit circuit = c.circuit();
                check("--x", x, circuit.inputs(), c.name());
                check("--theta", theta, circuit.parameters(), c.name());
                cases.add(CircuitFile.Case.of(
                        c.name(), circuit, x == null ? c.x() : new double[][] {x}, theta == null ? c.theta() : theta));
            }
            return new CircuitFile(file.generator(), file.conventions(), cases);
        }

        private static void check(String option, double[] values, int expected, String name) {
            if (values != null && values.length != expected) {
                throw new IllegalArgumentException(option + " has " + values.length + " values; expected " + expected
                        + " for case '" + name + "'");
            }
        }

        private void print(String label, double[][] rows) {
            for (double[] row : rows) {
                StringBuilder line = new StringBuilder(label);
                Arrays.stream(row).forEach(v -> line.append(String.format(Locale.ROOT, " % .8f", v)));
                out().println(line);
            }
        }
    }

    @Command(
            name = "draw",
            description = "Draws a circuit as text or SVG.",
            mixinStandardHelpOptions = true,
            footerHeading = "%nExamples:%n",
            footer = {"  qexit circuit draw circuits.json", "  qexit circuit draw circuits.json --svg -o circuit.svg"})
    static final class Draw extends OnFile {
        @Option(names = "--case", paramLabel = "NAME", description = "Which case (default: the first).")
        private String name;

        @Option(names = "--svg", description = "SVG instead of text.")
        private boolean svg;

        @Option(
                names = {"-o", "--out"},
                paramLabel = "FILE",
                description = "Write to a file.")
        private Path to;

        @Override
        public Integer call() {
            CircuitDrawing drawing = onFile(() -> CircuitDrawing.of(chosen(name).circuit()));
            write(to, svg ? drawing.svg() : drawing.text());
            return ExitCode.OK;
        }
    }

    @Command(
            name = "export",
            description = "Writes a circuit as OpenQASM 3, or 2 with the angles of one sample.",
            mixinStandardHelpOptions = true,
            footerHeading = "%nExamples:%n",
            footer = {
                "  qexit circuit export circuits.json --qasm 3 -o circuit.qasm",
                "  qexit circuit export circuits.json --qasm 2 --sample 0",
                "  qexit circuit export circuits.json --qasm 2 --plain       for importers that know few gates",
                "  qexit circuit export circuits.json --for qiskit",
                "  qexit circuit export circuits.json --strange -o StrangeCircuit.java",
            })
    static final class Export extends OnFile {
        @Option(names = "--case", paramLabel = "NAME", description = "Which case (default: the first).")
        private String name;

        @Option(names = "--qasm", paramLabel = "VERSION", description = "Version, 2 or 3 (default: 3).")
        private Integer version;

        @Option(
                names = "--for",
                paramLabel = "IMPORTER",
                description =
                        "${COMPLETION-CANDIDATES}: what its importer reads rightly, in plain gates; version 3 with inputs for braket and"
                                + " qiskit (version 2 with --sample), else version 2.")
        private Importer importer;

        @Option(
                names = "--strange",
                description =
                        "Instead of OpenQASM the Java source of a program for the Strange library, StrangeCircuit.java.")
        private boolean strange;

        @Option(
                names = "--plain",
                description =
                        "Only gates that importers agree on (h x y z s t rx ry rz cx cz ccx): no definitions, no controlled"
                                + " rotations, no swap; the same up to one phase of the state.")
        private boolean plain;

        @Option(
                names = "--sample",
                description = "Fix the angles to this sample of the batch (always so in version 2: 0).")
        private Integer sample;

        @Option(
                names = {"-o", "--out"},
                paramLabel = "FILE",
                description = "Write to a file.")
        private Path to;

        @Override
        public Integer call() {
            CircuitFile.Case chosen = chosen(name);
            write(to, onFile(() -> {
                Circuit circuit = chosen.circuit();
                int row = sample == null ? 0 : sample;
                if (sample != null || bound(circuit)) {
                    if (row < 0 || row >= chosen.x().length) {
                        throw new IllegalArgumentException(
                                "sample " + row + "; expected 0 to " + (chosen.x().length - 1));
                    }
                    circuit = circuit.bind(chosen.x()[row], chosen.theta());
                }
                if (strange) {
                    return StrangeSource.of(circuit);
                }
                if (importer != null) {
                    return version == null ? importer.write(circuit) : importer.write(circuit, version);
                }
                return OpenQasm.write(plain ? PlainGates.of(circuit) : circuit, version == null ? 3 : version);
            }));
            return ExitCode.OK;
        }

        /** Whether the program can have no inputs. */
        private boolean bound(Circuit circuit) {
            if (strange && (importer != null || version != null || plain)) {
                throw new IllegalArgumentException("--strange beside --qasm, --for or --plain; expected one of them");
            }
            if (strange) {
                return true;
            }
            if (importer != null && version != null) {
                importer.check(version);
            }
            if (importer == null || version != null) {
                return version != null && version == 2;
            }
            return !importer.takesInputs() && (circuit.inputs() > 0 || circuit.parameters() > 0);
        }
    }

    @Command(
            name = "import",
            description = "Turns an OpenQASM 2 or 3 program into a circuit file.",
            mixinStandardHelpOptions = true,
            footerHeading = "%nExamples:%n",
            footer = {"  qexit circuit import circuit.qasm -o circuits.json"})
    static final class Import extends OnFile {
        @Option(
                names = {"-o", "--out"},
                paramLabel = "FILE",
                description = "Write to a file.")
        private Path to;

        @Override
        public Integer call() {
            write(to, Json.pretty(imported()));
            return ExitCode.OK;
        }
    }
}
