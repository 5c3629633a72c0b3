package org.qexit.quantum.lab;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.qexit.quantum.Circuit;
import org.qexit.quantum.CircuitFile;
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
     * @param values ⟨Z_i⟩ [sample][qubit]
     * @param gradX gradient of the inputs [sample][input]; null if not asked for
     * @param gradTheta gradient of the parameters, summed over the batch; null if not asked for
     */
    public record CaseResult(
            String name,
            double[][] values,
            @JsonProperty("grad_x") double[][] gradX,
            @JsonProperty("grad_theta") double[] gradTheta) {}

    /** Runs every case; the gradient is that of Σ g·values, with weights 1 where the file has no g. */
    public static CircuitRun of(CircuitFile file, SimulatorChoice choice, boolean gradient) {
        List<CaseResult> results = new ArrayList<>();
        for (CircuitFile.Case c : file.cases()) {
            try {
                results.add(run(c, choice, gradient));
            } catch (IllegalArgumentException e) {
                String message = String.valueOf(e.getMessage());
                String at = "case '" + c.name() + "': ";
                throw new IllegalArgumentException(message.startsWith(at) ? message : at + message, e);
            }
        }
        return new CircuitRun(results);
    }

    private static CaseResult run(CircuitFile.Case c, SimulatorChoice choice, boolean gradient) {
        c.checkAngles();
        Circuit circuit = c.circuit();
        Simulator simulator = choice.simulator(circuit);
        int batch = c.x().length;
        double[] x = c.flatInputs();
        double[] values = new double[batch * c.n()];
        simulator.forward(x, c.theta(), batch, values);
        if (!gradient) {
            return new CaseResult(c.name(), rows(values, batch, c.n()), null, null);
        }
        double[] upstream = new double[values.length];
        Arrays.fill(upstream, 1);
        if (c.g() != null) {
            upstream = CircuitFile.flat(c.g());
            if (c.g().length != batch || upstream.length != values.length) {
                throw new IllegalArgumentException("g has " + c.g().length + " rows, " + upstream.length
                        + " values; expected " + batch + " rows of " + c.n());
            }
        }
        double[] gradX = new double[x.length];
        double[] gradTheta = new double[c.theta().length];
        simulator.backward(x, c.theta(), batch, upstream, gradX, gradTheta);
        return new CaseResult(c.name(), rows(values, batch, c.n()), rows(gradX, batch, circuit.inputs()), gradTheta);
    }

    private static double[][] rows(double[] flat, int rows, int columns) {
        double[][] result = new double[rows][];
        Arrays.setAll(result, r -> Arrays.copyOfRange(flat, r * columns, (r + 1) * columns));
        return result;
    }
}
