#!/usr/bin/env bash
# Strange 0.1.3 (org.redfx): the gate RotationZ(angle, qubit) does nothing. Its matrix has e^(-i angle/2) in both places of the diagonal, a phase of the
# whole state, where a rotation about Z has e^(+i angle/2) in the second. Between two Hadamard gates it must turn |0> into |1> with probability
# sin²(angle/2) as its siblings RotationX and RotationY do; the probability stays 0 for every angle, in silence. R(angle, qubit) is right up to
# a phase. Circuits that end in a measurement of Z behind their last RotationZ do not show it: the others are just wrong.
# What one would do: use R in its place, or a SingleQubitMatrixGate of one's own.
# Output seen: sin²: 0.1176 0.7081 1.0000; RotationZ: 0.0000 0.0000 0.0000; R: 0.1176 0.7081 1.0000; RotationX: 0.1176 0.7081 1.0000
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mvn -q -B dependency:copy -Dartifact="org.redfx:strange:0.1.3" -DoutputDirectory="$folder/lib" >/dev/null
cat >"$folder/Finding.java" <<'JAVA'
import java.util.Locale;
import java.util.function.DoubleFunction;
import org.redfx.strange.Gate;
import org.redfx.strange.Program;
import org.redfx.strange.Step;
import org.redfx.strange.gate.Hadamard;
import org.redfx.strange.gate.R;
import org.redfx.strange.gate.RotationX;
import org.redfx.strange.gate.RotationZ;
import org.redfx.strange.local.SimpleQuantumExecutionEnvironment;

public class Finding {
    static double one(Gate... gates) {
        Program program = new Program(1);
        for (Gate gate : gates) {
            program.addStep(new Step(gate));
        }
        return new SimpleQuantumExecutionEnvironment().runProgram(program).getQubits()[0].getProbability();
    }

    static String all(DoubleFunction<Double> probability) {
        return String.format(Locale.ROOT, "%.4f %.4f %.4f", probability.apply(0.7), probability.apply(2), probability.apply(Math.PI));
    }

    public static void main(String[] args) {
        System.out.println("sin²: " + all(a -> Math.pow(Math.sin(a / 2), 2))
                + "; RotationZ: " + all(a -> one(new Hadamard(0), new RotationZ(a, 0), new Hadamard(0)))
                + "; R: " + all(a -> one(new Hadamard(0), new R(a, 0), new Hadamard(0)))
                + "; RotationX: " + all(a -> one(new RotationX(a, 0))));
    }
}
JAVA
seen=$(java -cp "$folder/lib/*" "$folder/Finding.java")
echo "$seen"
test "$seen" = "sin²: 0.1176 0.7081 1.0000; RotationZ: 0.0000 0.0000 0.0000; R: 0.1176 0.7081 1.0000; RotationX: 0.1176 0.7081 1.0000"
