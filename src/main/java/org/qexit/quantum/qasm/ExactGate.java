package org.qexit.quantum.qasm;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The gates of the standard includes with their phases, which matter where they are controlled, as the language's version 3 defines them:
 * U has the phase e^{iθ/2}, u2 and u3 have e^{-i(φ+λ)/2}, before [[cos θ/2, -e^{iλ} sin θ/2], [e^{iφ} sin θ/2, e^{i(φ+λ)} cos θ/2]].
 */
final class ExactGate {
    private static final LinearAngle QUARTER = LinearAngle.of(Math.PI / 2);

    private ExactGate() {}

    /** By primitives, in the order in which they act; refuses a gate whose phase is not known. */
    static List<Primitive> of(Token name, List<LinearAngle> a, List<Integer> q) {
        List<Primitive> known = of(name.text(), a, q);
        if (known == null) {
            throw name.refused("a modifier on gate " + name.shown() + " is not read; expected a gate of the standard"
                    + " includes, or one defined by them");
        }
        return known;
    }

    private static List<Primitive> of(String name, List<LinearAngle> a, List<Integer> q) {
        int t = q.isEmpty() ? -1 : q.get(q.size() - 1);
        return switch (name) {
            case "id", "u0" -> List.of();
            case "x" -> List.of(Primitive.x(t));
            case "y" -> List.of(Primitive.p(-Math.PI / 2, t), Primitive.x(t), Primitive.p(Math.PI / 2, t));
            case "z" -> List.of(Primitive.p(Math.PI, t));
            case "s" -> List.of(Primitive.p(Math.PI / 2, t));
            case "sdg" -> List.of(Primitive.p(-Math.PI / 2, t));
            case "t" -> List.of(Primitive.p(Math.PI / 4, t));
            case "tdg" -> List.of(Primitive.p(-Math.PI / 4, t));
            // H = RY(π/4) Z RY(-π/4).
            case "h" ->
                List.of(
                        Primitive.ry(LinearAngle.of(-Math.PI / 4), t),
                        Primitive.p(Math.PI, t),
                        Primitive.ry(LinearAngle.of(Math.PI / 4), t));
            case "sx" -> between("h", List.of(Primitive.p(Math.PI / 2, t)), q);
            case "sxdg" -> between("h", List.of(Primitive.p(-Math.PI / 2, t)), q);
            case "p", "phase", "u1" -> List.of(Primitive.p(a.get(0), t));
            case "rx" -> between("h", of("rz", a, q), q);
            case "ry" -> List.of(Primitive.ry(a.get(0), t));
            case "rz" -> List.of(Primitive.phase(a.get(0).over(-2)), Primitive.p(a.get(0), t));
            case "U" -> u(a.get(0).over(2), a.get(0), a.get(1), a.get(2), t);
            case "u", "u3" -> u(a.get(1).plus(a.get(2)).over(-2), a.get(0), a.get(1), a.get(2), t);
            case "u2" -> u(a.get(0).plus(a.get(1)).over(-2), QUARTER, a.get(0), a.get(1), t);
            case "swap" -> swap(q);
            case "rxx" -> {
                List<Primitive> both = new ArrayList<>(of("h", List.of(), q.subList(0, 1)));
                both.addAll(of("h", List.of(), q.subList(1, 2)));
                List<Primitive> all = new ArrayList<>(both);
                all.addAll(of("rzz", a, q));
                all.addAll(both);
                yield all;
            }
            case "rzz" -> {
                Primitive flip = Primitive.x(t).controlled(q.subList(0, 1));
                List<Primitive> all = new ArrayList<>(List.of(flip));
                all.addAll(of("rz", a, q.subList(1, 2)));
                all.add(flip);
                yield all;
            }
            case "cu" -> {
                List<Primitive> all = new ArrayList<>(List.of(Primitive.p(a.get(3), q.get(0))));
                all.addAll(controlled(u(LinearAngle.of(0), a.get(0), a.get(1), a.get(2), t), q.subList(0, 1)));
                yield all;
            }
            case "cx", "CX", "cy", "cz", "ch", "csx", "cp", "crx", "cry", "crz", "cswap" ->
                controlled(
                        of(name.substring(1).toLowerCase(java.util.Locale.ROOT), a, q.subList(1, q.size())),
                        q.subList(0, 1));
            case "cphase", "cu1" -> controlled(of("p", a, q.subList(1, 2)), q.subList(0, 1));
            case "ccx" -> List.of(Primitive.x(t).controlled(q.subList(0, 2)));
            default -> null;
        };
    }

    private static List<Primitive> u(
            LinearAngle phase, LinearAngle theta, LinearAngle phi, LinearAngle lambda, int target) {
        return List.of(
                Primitive.phase(phase),
                Primitive.p(lambda, target),
                Primitive.ry(theta, target),
                Primitive.p(phi, target));
    }

    private static List<Primitive> swap(List<Integer> q) {
        Primitive forth = Primitive.x(q.get(1)).controlled(q.subList(0, 1));
        Primitive back = Primitive.x(q.get(0)).controlled(q.subList(1, 2));
        return List.of(forth, back, forth);
    }

    private static List<Primitive> between(String outer, List<Primitive> inner, List<Integer> q) {
        List<Primitive> side = of(outer, List.of(), q);
        List<Primitive> all = new ArrayList<>(side);
        all.addAll(inner);
        all.addAll(side);
        return all;
    }

    static List<Primitive> controlled(List<Primitive> parts, List<Integer> controls) {
        return parts.stream().map(part -> part.controlled(controls)).toList();
    }

    static List<Primitive> inverse(List<Primitive> parts) {
        List<Primitive> reversed =
                new ArrayList<>(parts.stream().map(Primitive::inverse).toList());
        Collections.reverse(reversed);
        return reversed;
    }
}
