package org.qexit.quantum.lab;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.qexit.quantum.Circuit;
import org.qexit.quantum.CircuitFile;
import org.qexit.quantum.Observable;
import org.qexit.quantum.Simulator;

/**
 * The results of a circuit file.
 *
 * @param cases in the order of the file
 */
public record CircuitRun(List<CaseResult> cases) {
    public CircuitRun {
        cases = List.copyOf(cases);
    }

    /**
     * One case's results.
     *
     * @param name of the case
     * @param values ⟨Z_i⟩ [sample][qubit], or of the observables that were asked for
     * @param gradX gradient of the inputs [sample][input]; null if not asked for
     * @param gradTheta gradient of the parameters, summed over the batch; null if not asked for
     */
    public record CaseResult(
            String name,
            double[][] values,
            @JsonProperty("grad_x") double[][] gradX,
            @JsonProperty("grad_theta") double[] gradTheta) {}

    /**
     * As {@link #of(CircuitFile, SimulatorChoice, boolean)}, for other observables in the place of the Z_i; the gradient is that of their sum.
     *
     * @param observables of all cases, at least one
     */
    public static CircuitRun of(
            CircuitFile file, SimulatorChoice choice, boolean gradient, List<Observable> observables) {
        List<CaseResult> results = new ArrayList<>();
        for (CircuitFile.Case c : file.cases()) {
            results.add(named(c, () -> run(c, c.circuit().withObservables(observables), choice, gradient, null)));
        }
        return new CircuitRun(results);
    }

    /** Runs every case; the gradient is that of Σ g·values, with weights 1 where the file has no g. */
    public static CircuitRun of(CircuitFile file, SimulatorChoice choice, boolean gradient) {
        List<CaseResult> results = new ArrayList<>();
        for (CircuitFile.Case c : file.cases()) {
            results.add(named(c, () -> run(c, c.circuit(), choice, gradient, c.g())));
        }
        return new CircuitRun(results);
    }

    private static CaseResult named(CircuitFile.Case c, Supplier<CaseResult> run) {
        try {
            return run.get();
        } catch (IllegalArgumentException e) {
            String message = String.valueOf(e.getMessage());
            String at = "case '" + c.name() + "': ";
            throw new IllegalArgumentException(message.startsWith(at) ? message : at + message, e);
        }
    }

    private static CaseResult run(
            CircuitFile.Case c, Circuit circuit, SimulatorChoice choice, boolean gradient, double[][] g) {
        c.checkAngles();
        int width = circuit.observables().size();
        Simulator simulator = choice.simulator(circuit);
        int batch = c.x().length;
        double[] x = c.flatInputs();
        double[] values = new double[batch * width];
        simulator.forward(x, c.theta(), batch, values);
        if (!gradient) {
            return new CaseResult(c.name(), rows(values, batch, width), null, null);
        }
        double[] upstream = new double[values.length];
        Arrays.fill(upstream, 1);
        if (g != null) {
            upstream = CircuitFile.flat(g);
            if (g.length != batch || upstream.length != values.length) {
                throw new IllegalArgumentException("g has " + g.length + " rows, " + upstream.length
                        + " values; expected " + batch + " rows of " + width);
            }
        }
        double[] gradX = new double[x.length];
        double[] gradTheta = new double[c.theta().length];
        simulator.backward(x, c.theta(), batch, upstream, gradX, gradTheta);
        return new CaseResult(c.name(), rows(values, batch, width), rows(gradX, batch, circuit.inputs()), gradTheta);
    }

    private static double[][] rows(double[] flat, int rows, int columns) {
        double[][] result = new double[rows][];
        Arrays.setAll(result, r -> Arrays.copyOfRange(flat, r * columns, (r + 1) * columns));
        return result;
    }
}
