package org.qexit.cli;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.qexit.common.Json;
import org.qexit.common.Machine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says what this machine offers: JVM, CPU, natives, data sets. */
@Command(
        name = "doctor",
        description = "Shows what this machine offers: JVM, CPU flags, native libraries, data sets.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {"  qexit doctor", "  qexit doctor --json"})
final class DoctorCommand implements Callable<Integer> {
    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Map<String, Object> facts = new LinkedHashMap<>(Machine.describe());
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.compact(facts));
        } else {
            facts.forEach((name, value) -> out.printf("%-22s %s%n", name, value));
        }
        return Main.OK;
    }
}
