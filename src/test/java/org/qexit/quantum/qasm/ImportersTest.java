package org.qexit.quantum.qasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.qexit.common.Json;
import org.qexit.quantum.Angle;
import org.qexit.quantum.Circuit;
import org.qexit.quantum.Gate;
import org.qexit.quantum.Gate.FixedKind;
import org.qexit.quantum.Gate.RotationKind;

/**
 * What two importers from the npm registry make of our exports, gate by gate, against matrices that src/test/node/check-circuits.mjs has of
 * its own. Needs {@code npm ci --prefix src/test/node}, as .ci/run does.
 */
@Tag("slow")
class ImportersTest {
    private static final Path NODE = Path.of("src/test/node");
    private static final double[] ANGLES = {-0.7, 4.1};

    @Test
    void plainGatesAreReadRightlyEverywhereAndTheDocumentSaysWhatIsNot(@TempDir Path directory) throws Exception {
        assumeTrue(Files.isDirectory(NODE.resolve("node_modules/qsharp-lang")), "npm ci --prefix src/test/node");
        Map<String, Function<Circuit, String>> dialects = new LinkedHashMap<>();
        dialects.put("--qasm 2", c -> OpenQasm.write(c, 2));
        dialects.put("--qasm 3", c -> OpenQasm.write(c, 3));
        dialects.put("--qasm 2 --plain", c -> OpenQasm.write(PlainGates.of(c), 2));
        dialects.put("--qasm 3 --plain", c -> OpenQasm.write(PlainGates.of(c), 3));
        dialects.put("--for qiskit", Importer.QISKIT::write);
        dialects.put("--for qiskit --qasm 3", c -> Importer.QISKIT.write(c, 3));
        dialects.put("--for pennylane", Importer.PENNYLANE::write);
        dialects.put("--for cirq", Importer.CIRQ::write);
        // Braket's names, so that importers of the standard's read the rest.
        dialects.put(
                "--for braket",
                c -> Importer.BRAKET
                        .write(c)
                        .replace("\nccnot ", "\nccx ")
                        .replace("\ncnot ", "\ncx ")
                        .replace("OPENQASM 3.0;\n", "OPENQASM 3.0;\ninclude \"stdgates.inc\";\n"));
        List<Map<String, Object>> cases = new ArrayList<>();
        for (FixedKind kind : FixedKind.values()) {
            add(cases, dialects, Gate.of(kind, order(kind.arity())));
        }
        for (RotationKind kind : RotationKind.values()) {
            for (double angle : ANGLES) {
                add(cases, dialects, Gate.of(kind, Angle.constant(angle), order(kind.arity())));
            }
        }
        Path file = directory.resolve("cases.json");
        Files.writeString(file, Json.compact(cases));
        Process process = new ProcessBuilder("node", "check-circuits.mjs", file.toString())
                .directory(NODE.toFile())
                .redirectError(directory.resolve("errors.txt").toFile())
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), Files.readString(directory.resolve("errors.txt")));
        Map<?, ?> result = Json.parse("result", printed, Map.class);
        assertEquals(dialects.keySet(), result.keySet());

        String page = Files.readString(Path.of("docs/quantum.md"));
        List<String> rows = new ArrayList<>();
        result.forEach((dialect, importers) -> rows.add("| `" + dialect + "` | " + found(importers, "qsharp-lang")
                + " | " + found(importers, "quantum-circuit") + " |"));
        for (String row : rows) {
            assertTrue(page.contains(row), "docs/quantum.md lacks a row of\n" + String.join("\n", rows));
            assertFalse(row.contains("wrong"), row);
        }
    }

    private static String found(Object importers, String importer) {
        Map<?, ?> gates = (Map<?, ?>) ((Map<?, ?>) importers).get(importer);
        assertEquals(FixedKind.values().length + RotationKind.values().length, gates.size());
        Map<String, List<String>> by = new TreeMap<>();
        gates.forEach((gate, verdict) ->
                by.computeIfAbsent((String) verdict, v -> new ArrayList<>()).add((String) gate));
        if (by.keySet().equals(java.util.Set.of("right"))) {
            return "all";
        }
        List<String> parts = new ArrayList<>();
        by.forEach((verdict, names) -> {
            if (!verdict.equals("right")) {
                parts.add(verdict + ": " + (names.size() == gates.size() ? "all" : String.join(" ", names)));
            }
        });
        return String.join("; ", parts);
    }

    /** Controls and targets in an order that no swap leaves as it is. */
    private static Integer[] order(int arity) {
        return Arrays.copyOf(new Integer[] {2, 0, 1}, arity);
    }

    /** A state in which every amplitude differs, then the gate. */
    private static void add(
            List<Map<String, Object>> cases, Map<String, Function<Circuit, String>> dialects, Gate gate) {
        Circuit.Builder builder = Circuit.builder(3);
        for (int q = 0; q < 3; q++) {
            builder.add(RotationKind.RY, Angle.constant(0.4 + 0.5 * q), q);
            builder.add(RotationKind.RZ, Angle.constant(0.3 + 0.4 * q), q);
        }
        Circuit circuit = builder.add(gate).build();
        List<List<Object>> ops = new ArrayList<>();
        for (Gate each : circuit.gates()) {
            List<Object> op = new ArrayList<>(List.of(each.name(), each.qubits()));
            each.angle().ifPresent(angle -> op.add(((Angle.Constant) angle).radians()));
            ops.add(op);
        }
        dialects.forEach((dialect, write) -> cases.add(
                Map.of("dialect", dialect, "gate", gate.name(), "n", 3, "ops", ops, "program", write.apply(circuit))));
    }
}
