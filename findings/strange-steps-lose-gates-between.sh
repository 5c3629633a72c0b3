#!/usr/bin/env bash
# Strange 0.1.3 (org.redfx): a step may hold several gates on qubits of their own. Where one of them has two qubits that are not neighbours, a gate on a
# qubit between them is left out, in silence, in either order; Cnot(0, 2) with X(1) gives qubit 1 as 0. A gate outside of the two is kept, and
# the same gates in two steps are right.
# What one would do: give every gate of two qubits a step of its own.
# Output seen: Cnot(0,2) X(1) in a step: [1, 0, 1]; X(1) Cnot(0,2): [1, 0, 1]; in two steps: [1, 1, 1]; Cnot(0,2) X(3) in a step: [1, 0, 1, 1]
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mvn -q -B dependency:copy -Dartifact="org.redfx:strange:0.1.3" -DoutputDirectory="$folder/lib" >/dev/null
cat >"$folder/Finding.java" <<'JAVA'
import java.util.Arrays;
import org.redfx.strange.Program;
import org.redfx.strange.Step;
import org.redfx.strange.gate.Cnot;
import org.redfx.strange.gate.X;
import org.redfx.strange.local.SimpleQuantumExecutionEnvironment;

public class Finding {
    static String qubits(int count, Step... behindX0) {
        Program program = new Program(count, new Step(new X(0)));
        program.addSteps(behindX0);
        return Arrays.toString(Arrays.stream(new SimpleQuantumExecutionEnvironment().runProgram(program).getQubits())
                .mapToLong(qubit -> Math.round(qubit.getProbability()))
                .toArray());
    }

    public static void main(String[] args) {
        System.out.println("Cnot(0,2) X(1) in a step: " + qubits(3, new Step(new Cnot(0, 2), new X(1)))
                + "; X(1) Cnot(0,2): " + qubits(3, new Step(new X(1), new Cnot(0, 2)))
                + "; in two steps: " + qubits(3, new Step(new Cnot(0, 2)), new Step(new X(1)))
                + "; Cnot(0,2) X(3) in a step: " + qubits(4, new Step(new Cnot(0, 2), new X(3))));
    }
}
JAVA
seen=$(java -cp "$folder/lib/*" "$folder/Finding.java")
echo "$seen"
test "$seen" = "Cnot(0,2) X(1) in a step: [1, 0, 1]; X(1) Cnot(0,2): [1, 0, 1]; in two steps: [1, 1, 1]; Cnot(0,2) X(3) in a step: [1, 0, 1, 1]"
