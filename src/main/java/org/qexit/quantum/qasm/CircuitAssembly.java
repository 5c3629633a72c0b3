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
    private final GateExpansion expansion = new GateExpansion(scope::angle);
    private final Set<Integer> used = new HashSet<>();
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
        } else if (statement instanceof Statement.Constant constant) {
            constant(constant);
        } else if (statement instanceof Statement.Reset reset) {
            reset(reset);
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
        if (!name.text().startsWith(StandardGate.OWN)) {
            expansion.define(definition, dialect);
            return;
        }
        String written = definition.rest().stream().map(Token::text).collect(Collectors.joining(" "));
        if (!written.equals(OpenQasm.definitionOf(name.text()))) {
            throw name.refused("the gate definition of " + name.shown()
                    + " is not ours; expected another name than those that qexit writes");
        }
        if (!defined.add(name.text())) {
            throw name.refused("gate " + name.shown() + " is defined twice");
        }
    }

    /** Qubits begin as 0, so that a reset before all gates does nothing. */
    private void reset(Statement.Reset reset) {
        for (int qubit : scope.qubits(reset.operand())) {
            if (used.contains(qubit) || measured.containsKey(qubit)) {
                throw reset.at()
                        .refused("a reset of " + reset.operand().shown()
                                + " after gates or a measurement is not read; expected resets at the beginning");
            }
        }
    }

    private void constant(Statement.Constant constant) {
        LinearAngle value = new AngleEvaluation(dialect, scope::angle).of(constant.value());
        if (!value.isConstant()) {
            throw constant.at()
                    .refused("the constant " + constant.at().shown() + " depends on an input; expected a number");
        }
        if (constant.whole() && value.constant() != Math.rint(value.constant())) {
            throw constant.at()
                    .refused("the constant " + constant.at().shown() + " is " + value.constant()
                            + ", but of a whole type; expected a whole number");
        }
        scope.constant(constant.at(), value.withWhole(constant.whole()), dialect);
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
        if (name.text().startsWith(StandardGate.OWN) && !defined.contains(name.text())) {
            throw name.refused("gate " + name.shown() + " is not defined");
        }
        GateExpansion.count(name, "angle", call.angles().size(), expansion.angles(name));
        GateExpansion.count(name, "qubit", call.operands().size(), expansion.qubits(call, dialect));
        AngleEvaluation evaluation = new AngleEvaluation(dialect, scope::angle);
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
            used.addAll(qubits);
            expansion.expand(call, angles, qubits, dialect).forEach(part -> part.add(gates));
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
}
