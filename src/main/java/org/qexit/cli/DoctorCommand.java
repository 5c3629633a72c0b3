package org.qexit.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.qexit.cli.console.ExitCode;
import org.qexit.common.Json;
import org.qexit.common.Machine;
import org.qexit.data.catalog.DatasetCatalog;
import org.qexit.nn.Backend;
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
        facts.putAll(Backend.describe());
        facts.put("quantumKernels", Machine.vectorModule() ? "Vector API" : "plain Java");
        DatasetCatalog catalog = DatasetCatalog.standard(null);
        Map<String, String> dataSets = new TreeMap<>();
        for (DatasetCatalog.Entry entry : catalog.entries()) {
            dataSets.put(
                    entry.descriptor().name(),
                    catalog.find(entry).map(Path::toString).orElse("not here"));
        }
        facts.put("dataSets", dataSets);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.compact(facts));
        } else {
            facts.forEach((name, value) -> out.printf(Locale.ROOT, "%-22s %s%n", name, value));
        }
        return ExitCode.OK;
    }
}
