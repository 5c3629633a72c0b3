package org.qexit.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.qexit.cli.console.ExitCode;
import org.qexit.common.Json;
import org.qexit.quantum.Circuit;
import org.qexit.quantum.CircuitFile;
import org.qexit.quantum.ObservableText;
import org.qexit.quantum.lab.GradientCheck;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Three gradients of a circuit, held against one another. */
@Command(
        name = "check",
        description =
                "Compares three gradients at random angles, adjoint, parameter shift and finite differences, of a circuit file or an"
                        + " OpenQASM program, and says whether they agree: exit code 0, or 70 where they do not. Of a program without"
                        + " inputs its constant angles are turned.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  qexit circuit check circuits.json --trials 3",
            "  qexit circuit check foreign.qasm --observable \"X0X1 + 0.5*Z2\"",
        })
final class CircuitCheckCommand extends CircuitCommand.OnFile {
    @Option(names = "--trials", defaultValue = "1", description = "Random points per case (default: ${DEFAULT-VALUE}).")
    private int trials;

    @Option(names = "--seed", defaultValue = "1", description = "Seed of the points (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--observable",
            paramLabel = "O",
            description =
                    "Instead of <Z_i>: a sum of Pauli strings, such as 0.5*Z0Z1 - X2; may be given several times.")
    private List<String> observables;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    private Circuit checked(CircuitFile.Case c) {
        Circuit circuit = c.circuit();
        if (circuit.inputs() == 0 && circuit.parameters() == 0) {
            circuit = GradientCheck.withConstantsFreed(circuit);
        }
        return observables == null
                ? circuit
                : circuit.withObservables(
                        observables.stream().map(ObservableText::parse).toList());
    }

    @Override
    public Integer call() {
        boolean agrees = true;
        List<Map<String, Object>> rows = new ArrayList<>();
        for (CircuitFile.Case c : read().cases()) {
            Circuit circuit = onFile(() -> checked(c));
            GradientCheck check = onFile(() -> GradientCheck.of(circuit, trials, seed));
            agrees &= check.agrees();
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("name", c.name());
            row.put("check", check);
            rows.add(row);
            if (!json) {
                out().printf(
                                Locale.ROOT,
                                "%-30s %s  %d angles, from shift %.1e, from differences %.1e, largest entry %.2f%n",
                                c.name(),
                                check.agrees() ? "agrees" : "DIFFERS",
                                circuit.inputs() + circuit.parameters(),
                                check.shift(),
                                check.differences(),
                                check.gradient());
            }
        }
        if (json) {
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("agrees", agrees);
            all.put("cases", rows);
            out().println(Json.compact(all));
        } else {
            out().println(
                            agrees
                                    ? "the three gradients agree: adjoint, parameter shift, finite differences"
                                    : "the three gradients DIFFER");
        }
        return agrees ? ExitCode.OK : ExitCode.BUG;
    }
}
