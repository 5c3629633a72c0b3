package org.qexit.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.qexit.common.Json;
import org.qexit.experiment.bench.QuantumBenchmark;
import org.qexit.onnx.GraphSession;
import org.qexit.quantum.Circuit;
import org.qexit.quantum.CircuitFile;
import org.qexit.quantum.ObservableText;
import org.qexit.quantum.lab.CircuitRun;
import org.qexit.quantum.statevector.BatchedSimulator;
import picocli.CommandLine;

class CircuitCommandTest {
    @TempDir
    private Path folder;

    private Path file;
    private String out;
    private String err;

    @BeforeEach
    void write() throws java.io.IOException {
        file = folder.resolve("circuits.json");
        CircuitFile.Case bell = new CircuitFile.Case(
                "bell",
                2,
                2,
                1,
                List.of(
                        List.of("RY", List.of(0), java.util.Map.of("x", 0)),
                        List.of("CNOT", List.of(0, 1)),
                        List.of("RX", List.of(1), java.util.Map.of("theta", 0))),
                new double[][] {{0.3}, {1.2}},
                new double[] {0.5},
                new double[][] {{1, 0}, {0, 1}},
                null,
                null,
                null,
                null,
                null);
        Files.writeString(file, Json.compact(new CircuitFile(null, null, List.of(bell))));
    }

    private int run(String... args) {
        StringWriter stdout = new StringWriter();
        StringWriter stderr = new StringWriter();
        CommandLine line = Main.commandLine();
        line.setOut(new PrintWriter(stdout)).setErr(new PrintWriter(stderr));
        int code = line.execute(args);
        out = stdout.toString();
        err = stderr.toString();
        return code;
    }

    /** ⟨Z_0⟩ = cos x, ⟨Z_1⟩ = cos x cos θ. */
    @Test
    void runPrintsValuesAndGradients() {
        assertEquals(0, run("circuit", "run", file.toString(), "--gradient", "--json"));
        CircuitRun result = Json.parse("out", out, CircuitRun.class);
        CircuitRun.CaseResult bell = result.cases().get(0);
        assertEquals("bell", bell.name());
        double c = Math.cos(0.5);
        assertArrayEquals(new double[] {Math.cos(0.3), Math.cos(0.3) * c}, bell.values()[0], 1e-14);
        assertArrayEquals(new double[] {-Math.sin(0.3)}, bell.gradX()[0], 1e-14);
        assertArrayEquals(new double[] {-Math.sin(1.2) * c}, bell.gradX()[1], 1e-14);
        assertArrayEquals(new double[] {-Math.cos(1.2) * Math.sin(0.5)}, bell.gradTheta(), 1e-14);
        assertTrue(out.contains("\"grad_x\"") && out.contains("\"grad_theta\""), out);
    }

    /** cos(x/2)|00⟩ + sin(x/2)|11⟩: ⟨ZZ⟩ = 1, ⟨XX⟩ = sin x, ⟨YY⟩ = -sin x, ⟨Z⟩ = cos x. */
    @Test
    void measuresAnyObservableOfAProgramAsItIs() throws java.io.IOException {
        Path program = folder.resolve("bell.qasm");
        Files.writeString(program, """
                OPENQASM 3.0;
                include "stdgates.inc";
                input float[64] alpha;
                gate pair(t) a, b { ry(t) a; ctrl @ x a, b; }
                qubit[2] q;
                pair(alpha) q[0], q[1];
                """);
        String[] arguments = {
            "circuit",
            "run",
            program.toString(),
            "--x",
            "0.7",
            "--observable",
            "0.5*Z0Z1 - 2 X0X1",
            "--observable",
            "Y0Y1 + Z1 + 0.25",
            "--gradient",
            "--json"
        };
        assertEquals(0, run(arguments), err);
        CircuitRun.CaseResult result =
                Json.parse("out", out, CircuitRun.class).cases().get(0);
        double s = Math.sin(0.7);
        double c = Math.cos(0.7);
        assertArrayEquals(new double[] {0.5 - 2 * s, -s + c + 0.25}, result.values()[0], 1e-12);
        assertArrayEquals(new double[] {-2 * c - c - s}, result.gradX()[0], 1e-12);
        arguments[4] = "0.7,0.8";
        assertEquals(2, run(arguments));
        assertTrue(err.contains("--x has 2 values; expected 1"), err);
        assertEquals(2, run("circuit", "run", program.toString(), "--observable", "Z0 Q1"));
        assertTrue(err.contains("at character 4"), err);
        assertEquals(2, run("circuit", "run", program.toString(), "--observable", "Z5"));
        assertEquals(1, err.strip().lines().count(), err);
    }

    @Test
    void otherSimulatorsComeNear() {
        for (String[] options : new String[][] {
            {"--simulator", "strange"},
            {"--precision", "float"},
            {"--kernel", "plain", "--threads", "2"},
            {"--shots", "1000000", "--seed", "4"},
            {"--noise", "depolarising=0.00001"},
            {"--noise", "readout=0.00001", "--trajectories", "20"}
        }) {
            String[] args = java.util.stream.Stream.concat(
                            java.util.stream.Stream.of("circuit", "run", file.toString(), "--json", "--gradient"),
                            java.util.Arrays.stream(options))
                    .toArray(String[]::new);
            assertEquals(0, run(args), err);
            double[][] values =
                    Json.parse("out", out, CircuitRun.class).cases().get(0).values();
            assertEquals(Math.cos(1.2), values[1][0], 5e-3, String.join(" ", options));
        }
    }

    @Test
    void mistakesAreExplainedInOneLine() throws Exception {
        assertEquals(2, run("circuit", "run", folder.resolve("none.json").toString()));
        assertTrue(err.contains("none.json: no such file"), err);
        assertEquals(2, run("circuit", "run", file.toString(), "--noise", "heat=1"));
        assertTrue(err.contains("heat=1"), err);
        assertEquals(2, run("circuit", "run", file.toString(), "--simulator", "strange", "--noise", "readout=0.1"));
        assertEquals(2, run("circuit", "draw", file.toString(), "--case", "other"));
        assertTrue(err.contains("expected one of [bell]"), err);
        String text = Files.readString(file);
        for (String[] change : new String[][] {
            {"\"CNOT\"", "\"CNOOT\"", "unknown gate 'CNOOT'"},
            {"{\"theta\":0}", "{\"theta\":7}", "takes parameter 7"},
            {"0.3", "\"a\"", "expected"},
            {"\"n\":2", "\"n\":40", "n is 40"},
            {"\"n\":2", "\"n\":1", "qubit"},
            {"\"B\":2", "\"B\":2147483647", "B is 2147483647"},
            {"\"B\":2", "\"B\":-1", "B is -1"},
        }) {
            Path broken = folder.resolve("broken.json");
            Files.writeString(broken, text.replace(change[0], change[1]));
            assertEquals(2, run("circuit", "run", broken.toString(), "--gradient"), change[1]);
            assertTrue(err.contains("broken.json") && err.contains(change[2]), err);
            assertEquals(1, err.strip().lines().count(), err);
        }
    }

    @Test
    void drawExportImportAndCheckWork() throws Exception {
        assertEquals(0, run("circuit", "draw", file.toString()));
        assertTrue(out.startsWith("q0: ─RY(x0)──●"), out);
        Path svg = folder.resolve("a.svg");
        assertEquals(0, run("circuit", "draw", file.toString(), "--svg", "-o", svg.toString()));
        assertTrue(Files.readString(svg).startsWith("<svg"));
        Path qasm = folder.resolve("a.qasm");
        assertEquals(0, run("circuit", "export", file.toString(), "-o", qasm.toString()));
        assertEquals(0, run("circuit", "import", qasm.toString()));
        CircuitFile back = Json.parse("out", out, CircuitFile.class);
        assertEquals(
                CircuitFile.read(file).cases().get(0).circuit(),
                back.cases().get(0).circuit());
        assertEquals(0, run("circuit", "export", file.toString(), "--qasm", "2", "--sample", "1"));
        assertTrue(out.contains("ry(1.2) q[0];"), out);
        for (String importer : new String[] {"pennylane", "cirq", "qiskit", "BRAKET"}) {
            assertEquals(0, run("circuit", "export", file.toString(), "--for", importer));
            assertEquals(
                    importer.equals("qiskit") || importer.equals("BRAKET") ? "OPENQASM 3.0;" : "OPENQASM 2.0;",
                    out.lines().findFirst().orElseThrow());
        }
        assertEquals(2, run("circuit", "export", file.toString(), "--for", "braket", "--qasm", "2"));
        assertTrue(err.contains("OpenQASM version 2 for braket; expected 3"), err);
        assertEquals(2, run("circuit", "export", file.toString(), "--for", "quil"));
        assertEquals(2, run("circuit", "export", file.toString(), "--sample", "5"));
        assertEquals(0, run("circuit", "check", file.toString(), "--trials", "2"));
        assertTrue(out.contains("agrees"), out);
    }

    @Test
    void importSaysWhatItsNumbersAreOrWhereItStops() throws Exception {
        Path qasm = folder.resolve("a.qasm");
        String program = "OPENQASM 3.0;\ninput float alpha;\nqubit a;\nqubit[2] b;\nrx(alpha/2) b[1];\n";
        Files.writeString(qasm, program);
        assertEquals(0, run("circuit", "import", qasm.toString()), err);
        CircuitFile read = Json.parse("out", out, CircuitFile.class);
        assertEquals(
                java.util.Map.of("x[0]", "alpha", "qubit 0", "a", "qubit 1", "b[0]", "qubit 2", "b[1]"),
                read.conventions());
        Files.writeString(qasm, program + "reset b;\n");
        assertEquals(2, run("circuit", "import", qasm.toString()));
        assertTrue(err.startsWith("qexit: " + qasm + " line 6 column 1: a reset"), err);
        assertEquals(1, err.strip().lines().count(), err);
        Files.write(qasm, new byte[] {'q', (byte) 0xff, ';'});
        assertEquals(2, run("circuit", "import", qasm.toString()));
        assertTrue(err.contains("a.qasm: is no text in UTF-8"), err);
    }

    @Test
    void benchQuantumPrintsItsFigures() {
        assertEquals(
                0,
                run(
                        "bench",
                        "quantum",
                        "--qubits",
                        "2",
                        "--seconds",
                        "0.05",
                        "--no-strange",
                        "--json",
                        "--kernel",
                        "plain"),
                err);
        QuantumBenchmark.Figures figures = Json.parse("out", out, QuantumBenchmark.Figures.class);
        assertTrue(figures.forwardMicrosPerSample() > 0);
        assertTrue(figures.gradientMicrosPerSample() > 0);
        assertEquals(2, run("bench", "quantum", "--qubits", "0"));
    }

    @Test
    void benchmarkSaysHowMuchSlowerStrangeIs() {
        assertEquals(0, run("bench", "quantum", "--qubits", "3", "--seconds", "0.05", "--json"), err);
        QuantumBenchmark.Figures figures = Json.parse("out", out, QuantumBenchmark.Figures.class);
        assertEquals(figures.strangeMicrosPerSample() / figures.forwardMicrosPerSample(), figures.strangeRatio(), 1e-9);
        assertTrue(figures.forwardMedianMicrosPerSample() >= figures.forwardMicrosPerSample());
        assertTrue(figures.gradientMedianMicrosPerSample() >= figures.gradientMicrosPerSample());
        for (String field : List.of(
                "forwardMicrosPerSample", "gradientMicrosPerSample", "strangeMicrosPerSample", "strangeRatio")) {
            assertTrue(out.contains("\"" + field + "\":"), out);
        }
    }

    @Test
    void showsStateProbabilitiesAndCounts() throws Exception {
        Path bell = folder.resolve("bell.qasm");
        Files.writeString(bell, "OPENQASM 3.0;\nqubit[2] q;\nh q[0]; cx q[0], q[1]; s q[1];\n");
        assertEquals(0, run("circuit", "run", bell.toString(), "--state", "--probabilities"));
        assertTrue(
                out.contains("|00>   0.70710678 + 0.00000000i") && out.contains("|11>   0.00000000 + 0.70710678i"),
                out);
        assertTrue(out.contains("    00  0.50000000\n    11  0.50000000"), out);
        assertEquals(0, run("circuit", "run", bell.toString(), "--counts", "--shots", "1000", "--json"));
        Map<?, ?> counts = (Map<?, ?>) ((List<?>) ((Map<?, ?>)
                                ((List<?>) Json.parse("out", out, Map.class).get("outcomes")).get(0))
                        .get("counts"))
                .get(0);
        assertEquals(java.util.Set.of("00", "11"), counts.keySet());
        int zeros = ((Number) counts.get("00")).intValue();
        assertEquals(1000, zeros + ((Number) counts.get("11")).intValue());
        assertTrue(Math.abs(zeros - 500) < 80, out);
        // Readout errors of 10 % on both: 0.5 (0.9 0.9 + 0.1 0.1) = 0.41.
        assertEquals(0, run("circuit", "run", bell.toString(), "--probabilities", "--noise", "readout=0.1"));
        assertTrue(out.contains("00  0.41000000") && out.contains("01  0.09000000"), out);
        assertEquals(2, run("circuit", "run", bell.toString(), "--state", "--noise", "readout=0.1"));
        assertEquals(2, run("circuit", "run", bell.toString(), "--counts"));
        Files.writeString(bell, "OPENQASM 3.0;\nqubit[17] q;\nh q;\n");
        assertEquals(2, run("circuit", "run", bell.toString(), "--probabilities"));
        Files.writeString(bell, "OPENQASM 3.0;\nqubit[7] q;\nh q;\n");
        assertEquals(0, run("circuit", "run", bell.toString(), "--probabilities"));
        assertTrue(out.contains("and 64 more; all with --json"), out);
    }

    @Test
    void programsWithoutInputsAreCheckedByTheirConstants() throws Exception {
        Path foreign = folder.resolve("foreign.qasm");
        Files.writeString(
                foreign,
                "OPENQASM 2.0;\nqreg q[2];\nrx(0.3) q[0]; crz(1.1) q[0],q[1]; cu1(0.2) q[1],q[0]; ry(2) q[1];\n");
        assertEquals(0, run("circuit", "check", foreign.toString(), "--observable", "X0X1 + 0.5*Z0"));
        assertTrue(out.contains("4 angles") && out.contains("the three gradients agree"), out);
        assertEquals(0, run("circuit", "check", foreign.toString(), "--json"));
        assertEquals(true, Json.parse("out", out, Map.class).get("agrees"));
    }

    @Test
    void foreignCircuitsBecomeOnnxGraphs() throws Exception {
        Path foreign = folder.resolve("foreign.qasm");
        Files.writeString(
                foreign,
                "OPENQASM 3.0;\ninput float a; input float w; input float theta_0;\nqubit[2] q;\n"
                        + "ry(a) q[0]; crx(2*w - a) q[0], q[1]; cp(theta_0) q[1], q[0]; rxx(a) q[0], q[1];\n");
        Path onnx = folder.resolve("f.onnx");
        String[] words = {"circuit", "to-onnx", foreign.toString(), "-o", onnx.toString()};
        assertEquals(2, run(words));
        assertTrue(err.contains("has 1 parameters; expected --theta"), err);
        assertEquals(0, run(with(words, "--theta", "0.7", "--weights", "1=0.4", "--observable", "Z0Z1 - 0.5*Z0")));
        double[] values = new double[1];
        Circuit circuit = org.qexit.quantum.qasm.OpenQasmReader.read("f", Files.readString(foreign))
                .circuit()
                .withObservables(List.of(ObservableText.parse("Z0Z1 - 0.5*Z0")));
        BatchedSimulator.of(circuit).forward(new double[] {0.9, 0.4}, new double[] {0.7}, 1, values);
        try (GraphSession session = GraphSession.open("f", Files.readAllBytes(onnx))) {
            assertEquals(
                    values[0],
                    session.run(new float[] {0.9f}, 1, 1).get("expectations").floats()[0],
                    1e-6);
        }
        assertEquals(2, run(with(words, "--theta", "0.7", "--weights", "7=0.4")));
        assertEquals(2, run(with(words, "--theta", "0.7,0.1")));
        assertEquals(2, run(with(words, "--theta", "0.7", "--observable", "X0")));
    }

    private static String[] with(String[] words, String... more) {
        return java.util.stream.Stream.concat(java.util.Arrays.stream(words), java.util.Arrays.stream(more))
                .toArray(String[]::new);
    }
}
