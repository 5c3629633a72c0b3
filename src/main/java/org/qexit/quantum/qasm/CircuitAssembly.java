package org.qexit.quantum.qasm;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.qexit.quantum.Circuit;
import org.qexit.quantum.Observable;

/**
 * Makes a circuit of statements, one after another. Measurements say nothing that ⟨Z⟩ of every qubit at the end does not, as long as no
 * gate follows on the same qubit; so that is what is checked. Barriers and global phases change nothing, but must be right.
 */
final class CircuitAssembly {
    private static final Set<String> INCLUDES = Set.of("qelib1.inc", "stdgates.inc");

    private final Scope scope = new Scope();
    private final GateList gates = new GateList();
    private final Set<String> defined = new HashSet<>();
    private final Map<Integer, Token> measured = new HashMap<>();
    private Dialect dialect = Dialect.UNSTATED;
    private boolean started;

    void add(Statement statement) {
        if (statement instanceof Statement.Version version) {
            version(version);
        } else if (statement instanceof Statement.Include include) {
            include(include.file());
        } else if (statement instanceof Statement.Qubits register) {
            scope.qubits(register.at(), register.size());
        } else if (statement instanceof Statement.Bits register) {
            scope.bits(register.at(), register.size());
            if (register.measured() != null) {
                measurement(register.measured());
            }
        } else if (statement instanceof Statement.Input input) {
            scope.input(input.at(), dialect);
        } else if (statement instanceof Statement.GateDefinition definition) {
            definition(definition);
        } else if (statement instanceof Statement.Barrier barrier) {
            barrier.operands().forEach(scope::qubits);
        } else if (statement instanceof Statement.Measurement measurement) {
            measurement(measurement);
        } else if (statement instanceof Statement.GateCall call) {
            call(call);
        } else {
            throw new IllegalStateException("statement " + statement);
        }
        started = true;
    }

    OpenQasmProgram finish(Token end) {
        if (scope.qubits() == 0) {
            throw end.refused("no qubits are declared; expected 'qreg q[n];' or 'qubit[n] q;'");
        }
        int n = scope.qubits();
        return new OpenQasmProgram(
                new Circuit(n, scope.inputs(), scope.parameters(), gates.gates(), Observable.allZ(n)), scope.legend());
    }

    private void version(Statement.Version version) {
        if (started) {
            throw version.at().refused("'OPENQASM' after other statements; expected it as the first");
        }
        dialect = Dialect.of(version.number());
    }

    private static void include(Token file) {
        String name = file.text().substring(1, file.text().length() - 1);
        if (!INCLUDES.contains(name)) {
            throw file.refused(
                    "include of " + file.shown() + " is not read; expected \"qelib1.inc\" or \"stdgates.inc\"");
        }
    }

    /** Ours are known; they must be what they were when they were written. */
    private void definition(Statement.GateDefinition definition) {
        Token name = definition.at();
        String written = definition.rest().stream().map(Token::text).collect(Collectors.joining(" "));
        if (!written.equals(OpenQasm.definitionOf(name.text()))) {
            throw name.refused(
                    "the gate definition of " + name.shown() + " is not read; expected gates of the standard includes");
        }
        if (!defined.add(name.text())) {
            throw name.refused("gate " + name.shown() + " is defined twice");
        }
    }

    private void measurement(Statement.Measurement measurement) {
        int[] from = scope.qubits(measurement.from());
        if (measurement.to() != null) {
            int[] to = scope.bits(measurement.to());
            if (from.length != to.length) {
                throw measurement
                        .at()
                        .refused("a measurement of " + from.length + " qubits into " + to.length
                                + " bits; expected equal numbers");
            }
        }
        for (int qubit : from) {
            measured.putIfAbsent(qubit, measurement.at());
        }
    }

    private void call(Statement.GateCall call) {
        Token name = call.at();
        AngleEvaluation evaluation = new AngleEvaluation(dialect, scope::angle);
        if (name.is("gphase")) {
            count(name, "angle", call.angles().size(), 1);
            count(name, "qubit", call.operands().size(), 0);
            evaluation.of(call.angles().get(0));
            return;
        }
        StandardGate gate = StandardGate.of(name);
        if (name.text().startsWith(StandardGate.OWN) && !defined.contains(name.text())) {
            throw name.refused("gate " + name.shown() + " is not defined");
        }
        count(name, "angle", call.angles().size(), gate.angles());
        count(name, "qubit", call.operands().size(), gate.qubits());
        List<LinearAngle> angles = call.angles().stream().map(evaluation::of).toList();
        List<int[]> operands = call.operands().stream().map(scope::qubits).toList();
        int times = times(call, operands);
        for (int i = 0; i < times; i++) {
            List<Integer> qubits = new ArrayList<>();
            for (int k = 0; k < operands.size(); k++) {
                int[] operand = operands.get(k);
                int qubit = operand[scope.isWhole(call.operands().get(k)) ? i : 0];
                Token at = call.operands().get(k).name();
                if (qubits.contains(qubit)) {
                    throw at.refused("gate " + name.shown() + " has "
                            + call.operands().get(k).shown() + " twice; expected different qubits");
                }
                if (measured.containsKey(qubit)) {
                    throw at.refused("gate " + name.shown() + " on "
                            + call.operands().get(k).shown()
                            + " after its measurement in line "
                            + measured.get(qubit).line()
                            + "; expected measurements at the end");
                }
                qubits.add(qubit);
            }
            gate.recipe().add(gates, angles, qubits);
        }
    }

    /** A gate on whole registers is applied to their elements side by side. */
    private int times(Statement.GateCall call, List<int[]> operands) {
        int times = 1;
        Statement.Operand first = null;
        for (int k = 0; k < operands.size(); k++) {
            Statement.Operand operand = call.operands().get(k);
            if (!scope.isWhole(operand)) {
                continue;
            }
            int size = operands.get(k).length;
            if (first != null && size != times) {
                throw operand.name()
                        .refused("gate " + call.at().shown() + " on registers of " + times + " and " + size
                                + " qubits; expected equal sizes");
            }
            first = operand;
            times = size;
        }
        return times;
    }

    private static void count(Token gate, String what, int actual, int expected) {
        if (actual != expected) {
            throw gate.refused("gate " + gate.shown() + " has " + actual + " " + what + (actual == 1 ? "" : "s")
                    + "; expected " + expected);
        }
    }
}
