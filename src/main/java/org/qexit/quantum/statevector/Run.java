package org.qexit.quantum.statevector;

import java.util.ArrayList;
import java.util.List;
import org.qexit.quantum.Angle;
import org.qexit.quantum.Gate;

/**
 * The gates on one qubit between two entanglers, rewritten as V_0, RY(x_1), V_1, …, RY(x_m), V_m with segments V that all samples share. By
 * RX(x) = RZ(-π/2) RY(x) RZ(π/2) and RZ(x) = RX(π/2) RY(x) RX(-π/2), rightmost first, every encoding is one about y.
 */
final class Run {
    private static final double QUARTER = Math.PI / 2;
    private final List<Segment> segments = new ArrayList<>(List.of(new Segment()));
    private final List<Turn> turns = new ArrayList<>();

    /**
     * RY by {@code factor * x[input]}.
     *
     * @param input which input
     * @param factor its factor
     * @param row which row of cosines and sines is its own
     */
    record Turn(int input, double factor, int row) {}

    /** V_0 … V_m. */
    List<Segment> segments() {
        return segments;
    }

    /** x_1 … x_m. */
    List<Turn> turns() {
        return turns;
    }

    boolean isTrivial() {
        return turns.isEmpty() && segments.get(0).isEmpty();
    }

    /** Appends a gate on one qubit; {@code row} is used up if it takes an input, as the answer says. */
    boolean append(Gate gate, int row) {
        Segment last = segments.get(segments.size() - 1);
        if (gate instanceof Gate.Fixed fixed) {
            switch (fixed.kind()) {
                case H -> {
                    last.add(1, Angle.constant(QUARTER));
                    last.add(0, Angle.constant(Math.PI));
                }
                case X -> last.add(0, Angle.constant(Math.PI));
                case Y -> last.add(1, Angle.constant(Math.PI));
                case Z -> last.add(2, Angle.constant(Math.PI));
                case S -> last.add(2, Angle.constant(Math.PI / 2));
                case T -> last.add(2, Angle.constant(Math.PI / 4));
                default -> throw new IllegalStateException(gate + " is not on one qubit");
            }
            return false;
        }
        Gate.Rotation rotation = (Gate.Rotation) gate;
        int axis = switch (rotation.kind()) {
            case RX -> 0;
            case RY -> 1;
            case RZ, P -> 2;
            default -> throw new IllegalStateException(gate + " is not on one qubit");
        };
        if (!(rotation.turn() instanceof Angle.Input input)) {
            last.add(axis, rotation.turn());
            return false;
        }
        if (axis != 1) {
            last.add(2 - axis, Angle.constant(axis == 0 ? QUARTER : -QUARTER));
        }
        turns.add(new Turn(input.index(), input.factor(), row));
        Segment next = new Segment();
        if (axis != 1) {
            next.add(2 - axis, Angle.constant(axis == 0 ? -QUARTER : QUARTER));
        }
        segments.add(next);
        return true;
    }
}
