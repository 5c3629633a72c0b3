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
    /** Loops may double with every level. */
    private static final int MAX_STEPS = 1 << 18;

    private static final Set<String> INCLUDES = Set.of("qelib1.inc", "stdgates.inc");

    private final Scope scope = new Scope();
    private final GateList gates = new GateList();
    private final GateExpansion expansion = new GateExpansion(scope.global());
    private final Set<Integer> used = new HashSet<>();
    private final Set<String> defined = new HashSet<>();
    private final Map<Integer, Token> measured = new HashMap<>();
    private Dialect dialect = Dialect.UNSTATED;
    private boolean started;
    private int steps;

    void add(Statement statement) {
        if (statement instanceof Statement.Version version) {
            version(version);
        } else if (statement instanceof Statement.Include include) {
            include(include.file());
        } else if (statement instanceof Statement.GateDefinition definition) {
            definition(definition);
        } else if (statement instanceof Statement.Reset reset) {
            reset(reset);
        } else if (statement instanceof Statement.Barrier barrier) {
            barrier.operands().forEach(scope::qubits);
        } else if (statement instanceof Statement.Delay delay) {
            scope.checkTime(delay.time());
            delay.operands().forEach(scope::qubits);
        } else if (statement instanceof Statement.Measurement measurement) {
            measurement(measurement);
        } else if (statement instanceof Statement.GateCall call) {
            call(call);
        } else if (!declared(statement) && !controlled(statement)) {
            throw new IllegalStateException("statement " + statement);
        }
        started = true;
    }

    private boolean declared(Statement statement) {
        if (statement instanceof Statement.Qubits register) {
            scope.qubits(register.at(), register.size());
        } else if (statement instanceof Statement.Bits register) {
            scope.bits(register.at(), register.size());
            if (register.measured() != null) {
                measurement(register.measured());
            } else if (register.value() != null) {
                scope.initial(register.at(), register.value());
            }
        } else if (statement instanceof Statement.Input input) {
            type(input.type());
            scope.input(input.at());
        } else if (statement instanceof Statement.Constant constant) {
            constant(constant);
        } else if (statement instanceof Statement.Variable variable) {
            scope.variable(
                    variable.at(),
                    type(variable.type()),
                    variable.value() == null ? null : scope.evaluation().of(variable.value()));
        } else if (statement instanceof Statement.Assignment assignment) {
            scope.assign(assignment.target(), assignment.operator(), assignment.value());
        } else if (statement instanceof Statement.Alias alias) {
            scope.alias(alias.at(), alias.parts());
        } else if (statement instanceof Statement.Time time) {
            scope.time(time.at(), time.value());
        } else {
            return false;
        }
        return true;
    }

    private Type type(Statement.Written written) {
        return Type.of(written.type(), written.width(), scope.evaluation());
    }

    private boolean controlled(Statement statement) {
        if (statement instanceof Statement.If choice) {
            block(choice.at(), scope.evaluation().holds(choice.condition()) ? choice.body() : choice.otherwise());
        } else if (statement instanceof Statement.While loop) {
            while (scope.evaluation().holds(loop.condition())) {
                block(loop.at(), loop.body());
            }
        } else if (statement instanceof Statement.For loop) {
            // Without a type, as in drafts of version 3, it is a whole number.
            Type type = loop.type() == null
                    ? new Type(
                            new Token(
                                    Token.Kind.WORD,
                                    "int",
                                    loop.at().line(),
                                    loop.at().column()),
                            0)
                    : type(loop.type());
            for (int value : scope.numbers(loop.domain(), "the bound of a loop", 0)) {
                scope.enter();
                scope.variable(loop.variable(), type, LinearAngle.of(value).withWhole(true));
                block(loop.at(), loop.body());
                scope.leave();
            }
        } else if (statement instanceof Statement.Box box) {
            if (box.time() != null) {
                scope.checkTime(box.time());
            }
            block(box.at(), box.body());
        } else {
            return false;
        }
        return true;
    }

    private void block(Token at, List<Statement> body) {
        steps += 1 + body.size();
        if (steps > MAX_STEPS) {
            throw at.refused("more than " + MAX_STEPS + " statements in blocks and loops; expected fewer");
        }
        scope.enter();
        body.forEach(this::add);
        scope.leave();
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
        scope.dialect(dialect);
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
        for (int qubit : scope.qubits(reset.operand()).numbers()) {
            if (used.contains(qubit) || measured.containsKey(qubit)) {
                throw reset.at()
                        .refused("a reset of " + reset.operand().shown()
                                + " after gates or a measurement is not read; expected resets at the beginning");
            }
        }
    }

    private void constant(Statement.Constant constant) {
        LinearAngle value = scope.evaluation().of(constant.value());
        if (!value.isConstant()) {
            throw constant.at()
                    .refused("the constant " + constant.at().shown() + " depends on an input; expected a number");
        }
        scope.constant(constant.at(), type(constant.type()).fit(value, constant.at()));
    }

    private void measurement(Statement.Measurement measurement) {
        int[] from = scope.qubits(measurement.from()).numbers();
        if (measurement.to() != null) {
            int to = scope.measured(measurement.to(), measurement.at());
            if (from.length != to) {
                throw measurement
                        .at()
                        .refused("a measurement of " + from.length + " qubits into " + to
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
        GateExpansion.count(name, "qubit", call.operands().size(), expansion.qubits(call, scope.evaluation()));
        AngleEvaluation evaluation = scope.evaluation();
        List<LinearAngle> angles = call.angles().stream().map(evaluation::of).toList();
        List<Scope.Elements> operands =
                call.operands().stream().map(scope::qubits).toList();
        int times = times(call, operands);
        for (int i = 0; i < times; i++) {
            List<Integer> qubits = new ArrayList<>();
            for (int k = 0; k < operands.size(); k++) {
                Scope.Elements operand = operands.get(k);
                int qubit = operand.numbers()[operand.single() ? 0 : i];
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
            expansion.expand(call, angles, qubits, evaluation).forEach(part -> part.add(gates));
        }
    }

    /** A gate on whole registers is applied to their elements side by side. */
    private static int times(Statement.GateCall call, List<Scope.Elements> operands) {
        int times = 1;
        Statement.Operand first = null;
        for (int k = 0; k < operands.size(); k++) {
            Statement.Operand operand = call.operands().get(k);
            if (operands.get(k).single()) {
                continue;
            }
            int size = operands.get(k).numbers().length;
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
