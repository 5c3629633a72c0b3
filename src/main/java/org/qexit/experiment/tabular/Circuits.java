package org.qexit.experiment.tabular;

import org.qexit.quantum.Angle;
import org.qexit.quantum.Circuit;
import org.qexit.quantum.Gate;

/** What the circuits of this package share. */
final class Circuits {
    private Circuits() {}

    static Angle input(int index) {
        return new Angle.Input(index, 1);
    }

    static Angle parameter(int index) {
        return new Angle.Parameter(index, 1);
    }

    /** Rot(a, b, c) = RZ(c) RY(b) RZ(a): three parameters from {@code first} on. */
    static void rot(Circuit.Builder builder, int qubit, int first) {
        builder.add(Gate.RotationKind.RZ, parameter(first), qubit);
        builder.add(Gate.RotationKind.RY, parameter(first + 1), qubit);
        builder.add(Gate.RotationKind.RZ, parameter(first + 2), qubit);
    }

    /** The same by three inputs. */
    static void rotByInputs(Circuit.Builder builder, int qubit, int first) {
        builder.add(Gate.RotationKind.RZ, input(first), qubit);
        builder.add(Gate.RotationKind.RY, input(first + 1), qubit);
        builder.add(Gate.RotationKind.RZ, input(first + 2), qubit);
    }
}
