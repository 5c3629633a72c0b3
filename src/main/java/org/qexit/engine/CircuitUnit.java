package org.qexit.engine;

import java.util.Arrays;
import org.qexit.quantum.Simulator;

/**
 * A circuit of n qubits: pre-angles z in, expectation values out. With scaling, input ui of the circuit is x_{ui} = π/2 + s_{ui} z_i, the
 * parameters are its θ, then s; without, s = 1 and the parameters are θ.
 */
public final class CircuitUnit implements Unit {
    private final Simulator simulator;
    private final int qubits;
    private final int inputs;
    private final int angles;
    private final boolean scaled;
    private final double[] theta;
    private double[] entering = new double[0];
    private double[] toEntering = new double[0];
    private final double[] toTheta;

    /**
     * Makes it.
     *
     * @param qubits n; the circuit's inputs are a multiple of them
     * @param scaled whether pre-angles have trained factors
     */
    public CircuitUnit(Simulator simulator, int qubits, boolean scaled) {
        this.simulator = simulator;
        this.qubits = qubits;
        this.inputs = simulator.circuit().inputs();
        this.angles = simulator.circuit().parameters();
        this.scaled = scaled;
        this.theta = new double[angles];
        this.toTheta = new double[angles];
    }

    /** The angle that a pre-angle enters by, π/2 + s z [rad]; s = 1 where there are no trained factors. */
    public static double angle(double preAngle, double scale) {
        return Math.PI / 2 + scale * preAngle;
    }

    @Override
    public void forward(double[] parameters, double[] preAngles, int batch, double[] outputs) {
        if (enter(parameters, preAngles, batch)) {
            simulator.forward(entering, theta, batch, outputs);
        } else {
            // A diverged network: let the loss show it, for the trainer knows what to say.
            Arrays.fill(outputs, Double.NaN);
        }
    }

    @Override
    public void backward(
            double[] parameters,
            double[] preAngles,
            int batch,
            double[] upstream,
            double[] gradInputs,
            double[] gradParameters) {
        boolean finite = enter(parameters, preAngles, batch);
        for (int i = 0; i < batch * qubits; i++) {
            finite &= Double.isFinite(upstream[i]);
        }
        if (finite) {
            simulator.backward(entering, theta, batch, upstream, toEntering, toTheta);
        } else {
            Arrays.fill(toEntering, Double.NaN);
            Arrays.fill(toTheta, Double.NaN);
        }
        System.arraycopy(toTheta, 0, gradParameters, 0, angles);
        if (!scaled) {
            System.arraycopy(toEntering, 0, gradInputs, 0, batch * qubits);
            return;
        }
        Arrays.fill(gradInputs, 0, batch * qubits, 0);
        Arrays.fill(gradParameters, angles, angles + inputs, 0);
        for (int k = 0; k < batch; k++) {
            for (int i = 0; i < inputs; i++) {
                double up = toEntering[k * inputs + i];
                gradParameters[angles + i] += up * preAngles[k * qubits + i % qubits];
                gradInputs[k * qubits + i % qubits] += up * parameters[angles + i];
            }
        }
    }

    /** Whether all that enters the circuit is a number. */
    private boolean enter(double[] parameters, double[] preAngles, int batch) {
        if (entering.length < batch * inputs) {
            entering = new double[batch * inputs];
            toEntering = new double[batch * inputs];
        }
        System.arraycopy(parameters, 0, theta, 0, angles);
        boolean finite = true;
        for (int j = 0; j < angles; j++) {
            finite &= Double.isFinite(theta[j]);
        }
        for (int k = 0; k < batch; k++) {
            for (int i = 0; i < inputs; i++) {
                double z = preAngles[k * qubits + i % qubits];
                double x = angle(z, scaled ? parameters[angles + i] : 1);
                entering[k * inputs + i] = x;
                finite &= Double.isFinite(x);
            }
        }
        return finite;
    }
}
