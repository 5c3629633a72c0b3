package org.qexit.quantum;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.qexit.common.Checks;
import org.qexit.common.Json;
import org.qexit.common.UserError;

/**
 * A circuit file: cases, each a circuit with a batch of inputs. An operation is {@code [name, qubits]} or {@code [name, qubits,
 * angle]} with an angle {@code {"x": i}}, {@code {"theta": j}} (each perhaps with {@code "factor": f}) or {@code {"const": v}}.
 *
 * @param generator who computed the results in it, or null
 * @param conventions what its names mean, in words, or null
 * @param cases the cases
 */
public record CircuitFile(String generator, Map<String, String> conventions, List<Case> cases) {
    private static final String ANGLES = "{\"x\": i} or {\"theta\": j}, perhaps with \"factor\", or {\"const\": v}";

    public CircuitFile {
        if (cases == null || cases.isEmpty()) {
            throw new IllegalArgumentException("cases is empty; expected at least one case");
        }
        for (int i = 0; i < cases.size(); i++) {
            Checks.present("cases[" + i + "]", cases.get(i));
        }
        cases = List.copyOf(cases);
    }

    public static CircuitFile read(Path file) {
        return Json.read(file, CircuitFile.class);
    }

    /**
     * One circuit and one batch. The results may be present in files made for comparison; running ignores them.
     *
     * @param name what it is called
     * @param n number of qubits
     * @param batch number of samples
     * @param parameters number of parameters, or null to take the length of theta
     * @param ops the gates in order
     * @param x inputs [sample][input]
     * @param theta parameters
     * @param g upstream weights [sample][qubit], or null
     * @param values ⟨Z_i⟩ [sample][qubit], or null
     * @param gradX gradient of the inputs [sample][input], or null
     * @param gradTheta gradient of the parameters, or null
     * @param state0 amplitudes [re, im] of sample 0, qubit 0 the most significant bit, or null
     * @param extra0 further expectation values of sample 0, or null
     */
    public record Case(
            String name,
            int n,
            @JsonProperty("B") Integer batch,
            @JsonProperty("n_theta") Integer parameters,
            List<List<Object>> ops,
            double[][] x,
            double[] theta,
            double[][] g,
            double[][] values,
            @JsonProperty("grad_x") double[][] gradX,
            @JsonProperty("grad_theta") double[] gradTheta,
            double[][] state0,
            Map<String, double[]> extra0) {
        /** A file of a few bytes must not ask for gigabytes of rows. */
        private static final int MAX_BATCH = 1_000_000;

        public Case {
            name = name == null ? "" : name;
            Checks.within("case '" + name + "': n", n, 1, Circuit.MAX_QUBITS);
            if (ops == null) {
                throw new IllegalArgumentException("case '" + name + "': ops is missing");
            }
            if (batch != null) {
                Checks.within("case '" + name + "': B", batch, 0, MAX_BATCH);
            }
            x = x == null ? new double[batch == null ? 1 : batch][0] : x;
            theta = theta == null ? new double[0] : theta;
            if (batch != null && batch != x.length) {
                throw new IllegalArgumentException(
                        "case '" + name + "': x has " + x.length + " rows; expected B = " + batch);
            }
            finite("case '" + name + "': x", x);
            for (double[] row : x) {
                if (row.length != x[0].length) {
                    throw new IllegalArgumentException("case '" + name + "': rows of x differ in length");
                }
            }
            finite("case '" + name + "': theta", theta);
            if (g != null) {
                finite("case '" + name + "': g", g);
            }
            if (parameters != null && parameters != theta.length) {
                throw new IllegalArgumentException(
                        "case '" + name + "': theta has " + theta.length + " values; expected n_theta = " + parameters);
            }
        }

        /** A case of a circuit with given samples. */
        public static Case of(String name, Circuit circuit, double[][] x, double[] theta) {
            List<List<Object>> ops = new ArrayList<>();
            for (Gate gate : circuit.gates()) {
                List<Object> op = new ArrayList<>(List.of(gate.name(), gate.qubits()));
                gate.angle().ifPresent(angle -> op.add(written(angle)));
                ops.add(op);
            }
            return new Case(
                    name, circuit.qubits(), x.length, theta.length, ops, x, theta, null, null, null, null, null, null);
        }

        /** The circuit, measured in Z on every qubit. */
        public Circuit circuit() {
            List<Gate> gates = new ArrayList<>();
            for (int i = 0; i < ops.size(); i++) {
                try {
                    gates.add(gate(ops.get(i)));
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException("case '" + name + "': ops[" + i + "]: " + e.getMessage(), e);
                }
            }
            int inputs = x.length == 0 ? 0 : x[0].length;
            return new Circuit(n, inputs, theta.length, gates, Observable.allZ(n));
        }

        /** @throws IllegalArgumentException if a factor times an input or a parameter exceeds the range of numbers */
        public void checkAngles() {
            List<Gate> gates = circuit().gates();
            for (int k = 0; k < gates.size(); k++) {
                Angle angle = gates.get(k).angle().orElse(null);
                for (int s = 0; angle != null && s < x.length; s++) {
                    double radians = angle.of(x[s], theta);
                    if (!Double.isFinite(radians)) {
                        throw new IllegalArgumentException("case '" + name + "': ops[" + k + "]: the angle of sample "
                                + s + " is " + radians + "; expected a finite number");
                    }
                }
            }
        }

        /** The inputs row by row. */
        public double[] flatInputs() {
            return flat(x);
        }
    }

    private static void finite(String name, double[][] rows) {
        for (int r = 0; r < rows.length; r++) {
            finite(name + "[" + r + "]", Checks.present(name + "[" + r + "]", rows[r]));
        }
    }

    private static void finite(String name, double[] row) {
        for (int i = 0; i < row.length; i++) {
            if (!Double.isFinite(row[i])) {
                throw new IllegalArgumentException(name + "[" + i + "] is " + row[i] + "; expected a finite number");
            }
        }
    }

    /** Rows one after another. */
    public static double[] flat(double[][] rows) {
        return java.util.Arrays.stream(rows)
                .flatMapToDouble(java.util.Arrays::stream)
                .toArray();
    }

    private static Gate gate(List<Object> op) {
        if (op == null || op.size() < 2 || op.size() > 3 || !(op.get(0) instanceof String name)) {
            throw new IllegalArgumentException(op + "; expected [name, qubits] or [name, qubits, angle]");
        }
        List<Integer> qubits = new ArrayList<>();
        if (!(op.get(1) instanceof List<?> listed)) {
            throw new IllegalArgumentException(name + ": qubits are " + op.get(1) + "; expected a list");
        }
        for (Object q : listed) {
            if (!(q instanceof Integer number)) {
                throw new IllegalArgumentException(name + ": qubit " + q + "; expected a whole number");
            }
            qubits.add(number);
        }
        for (Gate.FixedKind kind : Gate.FixedKind.values()) {
            if (kind.name().equals(name)) {
                if (op.size() == 3) {
                    throw new IllegalArgumentException(name + " has an angle; expected none");
                }
                return new Gate.Fixed(kind, qubits);
            }
        }
        for (Gate.RotationKind kind : Gate.RotationKind.values()) {
            if (kind.name().equals(name)) {
                return new Gate.Rotation(kind, qubits, angle(name, op.size() == 3 ? op.get(2) : null));
            }
        }
        throw new IllegalArgumentException("unknown gate '" + name + "'; expected one of "
                + List.of(Gate.FixedKind.values()) + " or " + List.of(Gate.RotationKind.values()));
    }

    private static Map<String, Object> written(Angle angle) {
        Map<String, Object> map = new java.util.LinkedHashMap<>();
        if (angle instanceof Angle.Constant c) {
            map.put("const", c.radians());
            return map;
        }
        double factor;
        if (angle instanceof Angle.Input in) {
            map.put("x", in.index());
            factor = in.factor();
        } else {
            map.put("theta", ((Angle.Parameter) angle).index());
            factor = ((Angle.Parameter) angle).factor();
        }
        if (factor != 1) {
            map.put("factor", factor);
        }
        return map;
    }

    private static Angle angle(String gate, Object written) {
        if (!(written instanceof Map<?, ?> map)) {
            throw new IllegalArgumentException(
                    gate + ": angle is " + (written == null ? "missing" : shown(written)) + "; expected " + ANGLES);
        }
        List<String> sources =
                List.of("x", "theta", "const").stream().filter(map::containsKey).toList();
        boolean scaled = map.containsKey("factor");
        if (sources.size() != 1 || map.size() != (scaled ? 2 : 1) || scaled && sources.contains("const")) {
            throw new IllegalArgumentException(
                    gate + ": angle has the fields " + map.keySet() + "; expected " + ANGLES);
        }
        String source = sources.get(0);
        if (source.equals("const")) {
            return Angle.constant(number(gate, source, map.get(source)));
        }
        double factor = scaled ? number(gate, "factor", map.get("factor")) : 1;
        if (!(map.get(source) instanceof Integer index)) {
            throw new IllegalArgumentException(
                    gate + ": " + source + " is " + shown(map.get(source)) + "; expected a whole number");
        }
        return source.equals("x") ? new Angle.Input(index, factor) : new Angle.Parameter(index, factor);
    }

    private static double number(String gate, String field, Object written) {
        if (written instanceof Number number && Double.isFinite(number.doubleValue())) {
            return number.doubleValue();
        }
        throw new IllegalArgumentException(
                gate + ": " + field + " is " + shown(written) + "; expected a finite number");
    }

    /** As JSON has it, so that the text "2" does not look like the number 2. */
    private static String shown(Object written) {
        return UserError.shown(Json.compact(written));
    }
}
