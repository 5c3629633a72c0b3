package org.qexit.quantum.statevector;

import java.util.ArrayList;
import java.util.List;
import org.qexit.quantum.Angle;
import org.qexit.quantum.Block;
import org.qexit.quantum.Circuit;
import org.qexit.quantum.Gate;

/** One gate as the kernels want it: its blocks, and where its angle comes from. */
record Step(Source source, int index, double factor, List<Block> blocks) {
    /** What kind of angle; FIXED has none. */
    enum Source {
        FIXED,
        CONSTANT,
        INPUT,
        PARAMETER
    }

    static List<Step> of(Circuit circuit) {
        List<Step> steps = new ArrayList<>();
        for (Gate gate : circuit.gates()) {
            steps.add(of(gate));
        }
        return List.copyOf(steps);
    }

    private static Step of(Gate gate) {
        Angle angle = gate.angle().orElse(null);
        if (angle == null) {
            return new Step(Source.FIXED, 0, 0, gate.blocks());
        }
        if (angle instanceof Angle.Input in) {
            return new Step(Source.INPUT, in.index(), in.factor(), gate.blocks());
        }
        if (angle instanceof Angle.Parameter p) {
            return new Step(Source.PARAMETER, p.index(), p.factor(), gate.blocks());
        }
        return new Step(Source.CONSTANT, 0, ((Angle.Constant) angle).radians(), gate.blocks());
    }

    /** Whether a gradient is asked of it. */
    boolean trainable() {
        return source == Source.INPUT || source == Source.PARAMETER;
    }

    /** The angle of one sample; {@code at} is where its row of inputs begins. */
    double angle(double[] inputs, int at, double[] theta) {
        return switch (source) {
            case FIXED -> 0;
            case CONSTANT -> factor;
            case INPUT -> factor * inputs[at + index];
            case PARAMETER -> factor * theta[index];
        };
    }
}
