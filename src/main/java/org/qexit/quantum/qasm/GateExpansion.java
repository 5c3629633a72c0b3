package org.qexit.quantum.qasm;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a call of a gate comes to: definitions in the place of their names, modifiers applied, one gate of the standard after another. */
final class GateExpansion {
    /** Definitions of definitions may double with every line. */
    private static final int MAX_GATES = 1 << 20;

    /** A gate with n controls takes about 3^n gates of a circuit. */
    private static final int MAX_CONTROLS = 10;

    private final Map<String, Statement.GateDefinition> definitions = new HashMap<>();
    private final Map<String, Statement.GateDefinition> included = new HashMap<>();
    private final Names names;
    private int made;

    /** @param names what a name in a definition stands for that is no constant of the language and no parameter */
    GateExpansion(Names names) {
        this.names = names;
    }

    /**
     * One gate of the standard, or what a power of one is.
     *
     * @param gate adds it where it has no controls; null for a phase or where {@code exact} stands
     * @param exact in the place of name, angles and qubits, or null
     * @param inverse whether it is undone
     */
    record Part(
            Token name,
            StandardGate gate,
            List<LinearAngle> angles,
            List<Integer> qubits,
            List<Primitive> exact,
            List<Integer> controls,
            boolean inverse) {
        private List<Primitive> primitives() {
            List<Primitive> all = exact;
            if (all == null) {
                all = name.is("gphase") ? List.of(Primitive.phase(angles.get(0))) : ExactGate.of(name, angles, qubits);
            }
            return inverse ? ExactGate.inverse(all) : all;
        }

        void add(GateList to) {
            if (gate == null || !controls.isEmpty()) {
                ExactGate.controlled(primitives(), controls).forEach(part -> part.add(to));
            } else if (inverse) {
                GateList forth = new GateList();
                gate.recipe().add(forth, angles, qubits);
                to.addInverse(forth);
            } else {
                gate.recipe().add(to, angles, qubits);
            }
        }

        Part undone() {
            return new Part(name, gate, angles, qubits, exact, controls, !inverse);
        }

        Part controlled(List<Integer> more) {
            List<Integer> all = new ArrayList<>(more);
            all.addAll(controls);
            if (all.size() > MAX_CONTROLS) {
                throw name.refused(
                        "gate " + name.shown() + " has " + all.size() + " controls; expected at most " + MAX_CONTROLS);
            }
            return new Part(name, gate, angles, qubits, exact, all, inverse);
        }
    }

    /** Whether it has a definition, of the program or of an include. */
    private boolean isDefined(Token name) {
        if (!definitions.containsKey(name.text())) {
            WiderIncludes.of(name).ifPresent(d -> included.putIfAbsent(name.text(), d));
        }
        return definitions.containsKey(name.text()) || included.containsKey(name.text());
    }

    private Statement.GateDefinition definition(Token name) {
        Statement.GateDefinition own = definitions.get(name.text());
        return own == null ? included.get(name.text()) : own;
    }

    /** Takes a definition whose calls are all known; it is checked whether it is ever called or not. */
    void define(Statement.GateDefinition definition, Dialect dialect) {
        Token name = definition.at();
        if (definitions.containsKey(name.text())) {
            throw name.refused("gate " + name.shown() + " is defined twice");
        }
        distinct(definition.parameters());
        distinct(definition.qubits());
        List<LinearAngle> some = new ArrayList<>();
        for (int i = 0; i < definition.parameters().size(); i++) {
            some.add(LinearAngle.of(0.3 + 0.1 * i));
        }
        List<Integer> qubits = new ArrayList<>();
        for (int i = 0; i < definition.qubits().size(); i++) {
            qubits.add(i);
        }
        int before = made;
        GateList unused = new GateList();
        body(definition, some, qubits, dialect).forEach(part -> part.add(unused));
        made = before;
        definitions.put(name.text(), definition);
    }

    private static void distinct(List<Token> tokens) {
        Set<String> seen = new HashSet<>();
        for (Token token : tokens) {
            if (!seen.add(token.text())) {
                throw token.refused(token.shown() + " stands twice; expected different names");
            }
        }
    }

    /** Angles that a gate takes. */
    int angles(Token name) {
        if (isDefined(name)) {
            return definition(name).parameters().size();
        }
        return name.is("gphase") ? 1 : StandardGate.of(name).angles();
    }

    /** Qubits that a gate takes, its modifiers' controls included. */
    int qubits(Statement.GateCall call, AngleEvaluation evaluation) {
        Token name = call.at();
        int own = isDefined(name)
                ? definition(name).qubits().size()
                : name.is("gphase") ? 0 : StandardGate.of(name).qubits();
        for (Statement.Modifier modifier : call.modifiers()) {
            own += controls(modifier, evaluation);
        }
        return own;
    }

    private static int controls(Statement.Modifier modifier, AngleEvaluation evaluation) {
        if (!modifier.at().is("ctrl") && !modifier.at().is("negctrl")) {
            return 0;
        }
        if (modifier.argument() == null) {
            return 1;
        }
        double count = number(modifier, evaluation);
        if (!(count >= 1 && count <= MAX_CONTROLS && count == Math.rint(count))) {
            throw modifier.at()
                    .refused(modifier.at().shown() + " of " + count + " qubits; expected a whole number, 1 to "
                            + MAX_CONTROLS);
        }
        return (int) count;
    }

    private static double number(Statement.Modifier modifier, AngleEvaluation evaluation) {
        // A power of 1/2 is a root, as the standard's own include has it.
        boolean exponent = modifier.at().is("pow");
        LinearAngle value = (exponent ? evaluation.withQuotients() : evaluation).of(modifier.argument());
        if (!value.isConstant()) {
            throw modifier.at().refused(modifier.at().shown() + " of an input; expected a number");
        }
        return value.constant();
    }

    /** The gates of a call, in the order in which they act. */
    List<Part> expand(
            Statement.GateCall call, List<LinearAngle> angles, List<Integer> qubits, AngleEvaluation evaluation) {
        int left =
                call.modifiers().stream().mapToInt(m -> controls(m, evaluation)).sum();
        List<Part> parts = plain(call.at(), angles, qubits.subList(left, qubits.size()), evaluation.dialect());
        for (int i = call.modifiers().size() - 1; i >= 0; i--) {
            Statement.Modifier modifier = call.modifiers().get(i);
            int count = controls(modifier, evaluation);
            List<Integer> controls = qubits.subList(left - count, left);
            left -= count;
            parts = switch (modifier.at().text()) {
                case "inv" -> undone(parts);
                case "pow" -> power(modifier, number(modifier, evaluation), parts);
                case "ctrl" ->
                    parts.stream().map(part -> part.controlled(controls)).toList();
                case "negctrl" -> negated(modifier, controls, parts);
                default -> throw new IllegalStateException("modifier " + modifier.at());
            };
        }
        return parts;
    }

    private List<Part> plain(Token name, List<LinearAngle> angles, List<Integer> qubits, Dialect dialect) {
        if (isDefined(name)) {
            return body(definition(name), angles, qubits, dialect);
        }
        return List.of(part(name, name.is("gphase") ? null : StandardGate.of(name), angles, qubits, null));
    }

    private Part part(
            Token name, StandardGate gate, List<LinearAngle> angles, List<Integer> qubits, List<Primitive> exact) {
        if (++made > MAX_GATES) {
            throw name.refused("gate " + name.shown() + " makes more than " + MAX_GATES + " gates; expected fewer");
        }
        return new Part(name, gate, angles, List.copyOf(qubits), exact, List.of(), false);
    }

    private List<Part> body(
            Statement.GateDefinition definition, List<LinearAngle> angles, List<Integer> qubits, Dialect dialect) {
        Map<String, LinearAngle> values = new HashMap<>();
        for (int i = 0; i < angles.size(); i++) {
            values.put(definition.parameters().get(i).text(), angles.get(i));
        }
        Map<String, Integer> wires = new HashMap<>();
        for (int i = 0; i < qubits.size(); i++) {
            wires.put(definition.qubits().get(i).text(), qubits.get(i));
        }
        AngleEvaluation evaluation = new AngleEvaluation(dialect, new Names() {
            @Override
            public LinearAngle value(Token token) {
                return values.containsKey(token.text()) ? values.get(token.text()) : names.value(token);
            }

            @Override
            public LinearAngle element(Token token, int index) {
                return names.element(token, index);
            }
        });
        List<Part> parts = new ArrayList<>();
        for (Statement.GateCall call : definition.body()) {
            count(call.at(), "angle", call.angles().size(), angles(call.at()));
            count(call.at(), "qubit", call.operands().size(), qubits(call, evaluation));
            List<Integer> on = new ArrayList<>();
            for (Statement.Operand operand : call.operands()) {
                Integer wire =
                        operand.index() == null ? wires.get(operand.name().text()) : null;
                if (wire == null || on.contains(wire)) {
                    throw operand.name()
                            .refused(operand.shown()
                                    + (wire == null ? " is no qubit of the gate" : " stands twice")
                                    + "; expected different ones of its own");
                }
                on.add(wire);
            }
            List<LinearAngle> turned =
                    call.angles().stream().map(evaluation::of).toList();
            parts.addAll(expand(call, turned, on, evaluation));
        }
        return parts;
    }

    static void count(Token gate, String what, int actual, int expected) {
        if (actual != expected) {
            throw gate.refused("gate " + gate.shown() + " has " + actual + " " + what + (actual == 1 ? "" : "s")
                    + "; expected " + expected);
        }
    }

    private static List<Part> undone(List<Part> parts) {
        List<Part> reversed = new ArrayList<>(parts.stream().map(Part::undone).toList());
        Collections.reverse(reversed);
        return reversed;
    }

    private List<Part> negated(Statement.Modifier modifier, List<Integer> controls, List<Part> parts) {
        Token x = new Token(
                Token.Kind.WORD, "x", modifier.at().line(), modifier.at().column());
        List<Part> flips = new ArrayList<>();
        for (int control : controls) {
            flips.add(part(x, StandardGate.of(x), List.of(), List.of(control), null));
        }
        List<Part> all = new ArrayList<>(flips);
        parts.forEach(part -> all.add(part.controlled(controls)));
        all.addAll(flips);
        return all;
    }

    private List<Part> power(Statement.Modifier modifier, double exponent, List<Part> parts) {
        if (exponent != Math.rint(exponent)) {
            return List.of(root(modifier, exponent, parts));
        }
        if (Math.abs(exponent) * Math.max(1, parts.size()) > MAX_GATES - made) {
            throw modifier.at()
                    .refused("a power of " + exponent + " makes more than " + MAX_GATES + " gates; expected fewer");
        }
        List<Part> once = exponent < 0 ? undone(parts) : parts;
        List<Part> all = new ArrayList<>();
        for (int i = 0; i < Math.abs(exponent); i++) {
            all.addAll(once);
        }
        made += all.size();
        return all;
    }

    private Part root(Statement.Modifier modifier, double exponent, List<Part> parts) {
        Set<Integer> on = new HashSet<>();
        List<Primitive> primitives = new ArrayList<>();
        for (Part part : parts) {
            on.addAll(part.qubits());
            on.addAll(part.controls());
            primitives.addAll(part.primitives());
        }
        if (on.size() != 1 || primitives.stream().anyMatch(p -> !p.angle().isConstant())) {
            throw modifier.at()
                    .refused("a power of " + exponent
                            + " of a gate on several qubits, or with inputs in its angles; expected a whole exponent");
        }
        int target = on.iterator().next();
        return part(modifier.at(), null, List.of(), List.of(target), PrincipalPower.of(primitives, exponent, target));
    }
}
