#!/usr/bin/env bash
# Strange 0.1.3 (org.redfx): Program.initializeQubit(i, alpha) counts qubits from the other end than everything else does: it sets qubit n - 1 - i, where
# gates, results and drawings mean i. Nothing says so, and programs of one qubit, or that start all qubits alike, do not show it.
# What one would do: begin with a rotation, or hand over n - 1 - i.
# Output seen: initializeQubit(0, 0.6): P(1) = [0.00, 0.00, 0.64]; X(0): P(1) = [1.00, 0.00, 0.00]
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mvn -q -B dependency:copy -Dartifact="org.redfx:strange:0.1.3" -DoutputDirectory="$folder/lib" >/dev/null
cat >"$folder/Finding.java" <<'JAVA'
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.redfx.strange.Program;
import org.redfx.strange.Step;
import org.redfx.strange.gate.Identity;
import org.redfx.strange.gate.X;
import org.redfx.strange.local.SimpleQuantumExecutionEnvironment;

public class Finding {
    static String ones(Program program) {
        return Arrays.stream(new SimpleQuantumExecutionEnvironment().runProgram(program).getQubits())
                .map(qubit -> String.format(Locale.ROOT, "%.2f", qubit.getProbability()))
                .collect(Collectors.joining(", ", "P(1) = [", "]"));
    }

    public static void main(String[] args) {
        Program set = new Program(3, new Step(new Identity(0)));
        set.initializeQubit(0, 0.6);
        System.out.println("initializeQubit(0, 0.6): " + ones(set) + "; X(0): " + ones(new Program(3, new Step(new X(0)))));
    }
}
JAVA
seen=$(java -cp "$folder/lib/*" "$folder/Finding.java")
echo "$seen"
test "$seen" = "initializeQubit(0, 0.6): P(1) = [0.00, 0.00, 0.64]; X(0): P(1) = [1.00, 0.00, 0.00]"
