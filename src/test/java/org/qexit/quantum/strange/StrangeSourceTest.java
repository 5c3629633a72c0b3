package org.qexit.quantum.strange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.qexit.quantum.Circuit;
import org.qexit.quantum.Observable;
import org.qexit.quantum.RandomCircuits;
import org.qexit.quantum.statevector.BatchedSimulator;
import org.redfx.strange.Program;
import org.redfx.strange.Qubit;
import org.redfx.strange.Result;
import org.redfx.strange.local.SimpleQuantumExecutionEnvironment;

class StrangeSourceTest {
    /** Compiled, and run by Strange itself: the probabilities of every qubit. */
    @Test
    void strangeRunsWhatWasWritten(@TempDir Path folder) throws Exception {
        SplittableRandom random = new SplittableRandom(3);
        Circuit open = RandomCircuits.of(3, 40, random).withObservables(Observable.allZ(3));
        Circuit circuit = open.bind(
                RandomCircuits.values(open.inputs(), random), RandomCircuits.values(open.parameters(), random));
        Path source = folder.resolve("StrangeCircuit.java");
        Files.writeString(source, StrangeSource.of(circuit));
        int compiled = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-proc:none",
                        "-cp",
                        Path.of(Program.class
                                        .getProtectionDomain()
                                        .getCodeSource()
                                        .getLocation()
                                        .toURI())
                                .toString(),
                        "-d",
                        folder.toString(),
                        source.toString());
        assertEquals(0, compiled);
        double[] expected = new double[3];
        BatchedSimulator.of(circuit).forward(new double[0], new double[0], 1, expected);
        double[] found = new double[3];
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
            Program program = (Program)
                    loader.loadClass("StrangeCircuit").getMethod("program").invoke(null);
            Result result = new SimpleQuantumExecutionEnvironment().runProgram(program);
            Qubit[] qubits = result.getQubits();
            for (int q = 0; q < 3; q++) {
                found[q] = 1 - 2 * qubits[q].getProbability();
            }
            // Read back, it is the circuit up to a phase.
            double[] again = new double[3];
            BatchedSimulator.of(StrangePrograms.circuit(program)).forward(new double[0], new double[0], 1, again);
            assertArrayEquals(expected, again, 1e-5);
        }
        assertArrayEquals(expected, found, 1e-4);
        assertThrows(IllegalArgumentException.class, () -> StrangeSource.of(open));
    }
}
