package org.qexit.quantum;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.qexit.quantum.Gate.FixedKind;
import org.qexit.quantum.Gate.RotationKind;

/** Seeded circuits over all gates, all kinds of angles and several observables. */
public final class RandomCircuits {
    private RandomCircuits() {}

    public static Circuit of(int qubits, int gates, SplittableRandom random) {
        int inputs = qubits;
        int parameters = Math.max(1, gates / 2);
        List<Gate> list = new ArrayList<>();
        while (list.size() < gates) {
            boolean fixed = random.nextInt(3) == 0;
            int which = random.nextInt(fixed ? FixedKind.values().length : RotationKind.values().length);
            int arity = fixed ? FixedKind.values()[which].arity() : RotationKind.values()[which].arity();
            if (arity > qubits) {
                continue;
            }
            List<Integer> on = new ArrayList<>();
            while (on.size() < arity) {
                int q = random.nextInt(qubits);
                if (!on.contains(q)) {
                    on.add(q);
                }
            }
            list.add(
                    fixed
                            ? new Gate.Fixed(FixedKind.values()[which], on)
                            : new Gate.Rotation(RotationKind.values()[which], on, angle(inputs, parameters, random)));
        }
        return new Circuit(qubits, inputs, parameters, list, observables(qubits, random));
    }

    private static Angle angle(int inputs, int parameters, SplittableRandom random) {
        double factor = random.nextBoolean() ? 1 : random.nextDouble() * 4 - 2;
        return switch (random.nextInt(5)) {
            case 0 -> new Angle.Constant(uniform(random));
            case 1, 2 -> new Angle.Input(random.nextInt(inputs), factor);
            default -> new Angle.Parameter(random.nextInt(parameters), factor);
        };
    }

    private static List<Observable> observables(int qubits, SplittableRandom random) {
        List<Observable> all = new ArrayList<>(Observable.allZ(qubits));
        all.add(Observable.x(random.nextInt(qubits)));
        all.add(Observable.y(random.nextInt(qubits)));
        int x = random.nextInt(1 << qubits);
        int z = random.nextInt(1 << qubits);
        all.add(Observable.of(new PauliString(x, z))
                .times(0.7)
                .plus(Observable.of(new PauliString(z, x)).times(-1.3)));
        return all;
    }

    /** {@code count} values between -π and π. */
    public static double[] values(int count, SplittableRandom random) {
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = uniform(random);
        }
        return values;
    }

    private static double uniform(SplittableRandom random) {
        return (random.nextDouble() * 2 - 1) * Math.PI;
    }
}
