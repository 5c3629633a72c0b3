package org.qexit.benchmarks;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.qexit.quantum.Ansatz;
import org.qexit.quantum.Circuit;
import org.qexit.quantum.statevector.BatchedSimulator;
import org.qexit.quantum.statevector.SimulatorOptions;

/** The standard circuit (RY encoding, 2 layers of RX RY RZ and a CNOT ring, all ⟨Z_i⟩); time per sample, one thread, batch 64. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 8, time = 2)
@Measurement(iterations = 10, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class SimulatorBenchmark {
    private static final int BATCH = 64;

    @Param({"4", "6", "8", "10"})
    public int qubits;

    @Param({"VECTOR", "PLAIN"})
    public SimulatorOptions.Kernel kernel;

    @Param({"DOUBLE", "FLOAT"})
    public SimulatorOptions.Precision precision;

    private BatchedSimulator simulator;
    private double[] inputs;
    private double[] theta;
    private double[] upstream;
    private double[] outputs;
    private double[] gradInputs;
    private double[] gradTheta;

    @Setup
    public void prepare() {
        Circuit circuit = Ansatz.of(qubits, 2).circuit();
        simulator = BatchedSimulator.of(
                circuit, SimulatorOptions.DEFAULT.with(kernel).with(precision));
        SplittableRandom random = new SplittableRandom(1);
        inputs = random.doubles(BATCH * qubits, -3, 3).toArray();
        theta = random.doubles(circuit.parameters(), -3, 3).toArray();
        upstream = random.doubles(BATCH * qubits, -1, 1).toArray();
        outputs = new double[BATCH * qubits];
        gradInputs = new double[inputs.length];
        gradTheta = new double[theta.length];
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public double[] forward() {
        simulator.forward(inputs, theta, BATCH, outputs);
        return outputs;
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public double[] gradient() {
        simulator.backward(inputs, theta, BATCH, upstream, gradInputs, gradTheta);
        return gradTheta;
    }
}
