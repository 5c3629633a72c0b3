package org.qexit.quantum;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.qexit.common.Checks;

/**
 * A parameterised circuit: |ψ(x, θ)⟩ = G_m … G_1 |0…0⟩ and what is measured of it. Qubit 0 is the least significant bit of the
 * basis index (see the package page; docs/maths.md §9).
 *
 * @param qubits number of qubits n
 * @param inputs number of inputs x, which differ from sample to sample
 * @param parameters number of parameters θ, shared by all samples
 * @param gates G_1 … G_m in the order they are applied
 * @param observables the outputs are their expectation values, in this order
 */
public record Circuit(int qubits, int inputs, int parameters, List<Gate> gates, List<Observable> observables) {
    /** 2^24 amplitudes of one sample are 256 MB in double precision; the simulator says no where memory is smaller. */
    public static final int MAX_QUBITS = 24;

    public Circuit {
        Checks.within("number of qubits", qubits, 1, MAX_QUBITS);
        Checks.within("number of inputs", inputs, 0, 1 << 20);
        Checks.within("number of parameters", parameters, 0, 1 << 20);
        gates = List.copyOf(gates);
        observables = List.copyOf(observables);
        for (int g = 0; g < gates.size(); g++) {
            check(g, gates.get(g), qubits, inputs, parameters);
        }
        if (observables.isEmpty()) {
            throw new IllegalArgumentException("circuit has no observables; expected at least one");
        }
        for (Observable observable : observables) {
            if (observable.highestQubit() >= qubits) {
                throw new IllegalArgumentException(
                        "observable " + observable + "; expected qubits 0 to " + (qubits - 1));
            }
        }
    }

    /** An empty circuit to add gates to. */
    public static Builder builder(int qubits) {
        return new Builder(qubits);
    }

    /** The same gates, measured otherwise. */
    public Circuit withObservables(List<Observable> others) {
        return new Circuit(qubits, inputs, parameters, gates, others);
    }

    /** The circuit that undoes this one: inverse gates in reverse order. */
    public Circuit inverse() {
        List<Gate> reversed = new ArrayList<>(gates);
        Collections.reverse(reversed);
        reversed.replaceAll(Gate::inverse);
        return new Circuit(qubits, inputs, parameters, reversed, observables);
    }

    /** This circuit, then {@code next} on the same qubits, inputs and parameters; measured as {@code next} is. */
    public Circuit then(Circuit next) {
        if (next.qubits != qubits) {
            throw new IllegalArgumentException(
                    "circuits of " + qubits + " and " + next.qubits + " qubits; expected equal");
        }
        List<Gate> all = new ArrayList<>(gates);
        all.addAll(next.gates);
        return new Circuit(
                qubits, Math.max(inputs, next.inputs), Math.max(parameters, next.parameters), all, next.observables);
    }

    /** The circuit with all angles fixed to their values at one sample. */
    public Circuit bind(double[] sample, double[] theta) {
        List<Gate> bound = new ArrayList<>();
        for (Gate gate : gates) {
            bound.add(
                    gate instanceof Gate.Rotation r
                            ? new Gate.Rotation(
                                    r.kind(),
                                    r.qubits(),
                                    Angle.constant(r.turn().of(sample, theta)))
                            : gate);
        }
        return new Circuit(qubits, 0, 0, bound, observables);
    }

    private static void check(int index, Gate gate, int qubits, int inputs, int parameters) {
        for (int q : gate.qubits()) {
            if (q >= qubits) {
                throw new IllegalArgumentException("gate " + index + " (" + gate.name() + ") is on qubit " + q
                        + "; expected 0 to " + (qubits - 1));
            }
        }
        Angle angle = gate.angle().orElse(null);
        if (angle instanceof Angle.Input in && in.index() >= inputs) {
            throw new IllegalArgumentException("gate " + index + " (" + gate.name() + ") takes input " + in.index()
                    + "; expected an index below " + inputs);
        }
        if (angle instanceof Angle.Parameter p && p.index() >= parameters) {
            throw new IllegalArgumentException("gate " + index + " (" + gate.name() + ") takes parameter " + p.index()
                    + "; expected an index below " + parameters);
        }
    }

    /** Collects gates; inputs and parameters are counted from the angles used. */
    public static final class Builder {
        private final int qubits;
        private final List<Gate> gates = new ArrayList<>();
        private int inputs;
        private int parameters;
        private List<Observable> observables;

        private Builder(int qubits) {
            this.qubits = Checks.within("number of qubits", qubits, 1, MAX_QUBITS);
            this.observables = Observable.allZ(qubits);
        }

        public Builder add(Gate gate) {
            gates.add(gate);
            Angle angle = gate.angle().orElse(null);
            if (angle instanceof Angle.Input in) {
                inputs = Math.max(inputs, in.index() + 1);
            } else if (angle instanceof Angle.Parameter p) {
                parameters = Math.max(parameters, p.index() + 1);
            }
            return this;
        }

        public Builder add(Gate.FixedKind kind, Integer... on) {
            return add(Gate.of(kind, on));
        }

        public Builder add(Gate.RotationKind kind, Angle angle, Integer... on) {
            return add(Gate.of(kind, angle, on));
        }

        /** Replaces the default, ⟨Z_i⟩ of every qubit. */
        public Builder observe(List<Observable> measured) {
            observables = measured;
            return this;
        }

        /** At least this many inputs, whether all are used or not. */
        public Builder inputs(int count) {
            inputs = Math.max(inputs, count);
            return this;
        }

        /** At least this many parameters, whether all are used or not. */
        public Builder parameters(int count) {
            parameters = Math.max(parameters, count);
            return this;
        }

        public Circuit build() {
            return new Circuit(qubits, inputs, parameters, gates, observables);
        }
    }
}
