package org.qexit.cli.bench;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.qexit.cli.console.ExitCode;
import org.qexit.common.AtomicFiles;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.experiment.bench.GradientVariance;
import org.qexit.experiment.bench.GradientVariance.Draws;
import org.qexit.experiment.bench.GradientVariancePlot;
import org.qexit.nn.head.QuantumHead;
import org.qexit.quantum.Ansatz;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Variances of gradients: barren plateaus. */
@Command(
        name = "gradients",
        description =
                "Measures how the gradients of a quantum head's circuit vary over random angles, against qubits and layers:"
                        + " where the variance falls as 2^-n there is a barren plateau. Measured are Z of one qubit and Z of"
                        + " all, at uniform angles and at those that models start with.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  qexit bench gradients --plot variances.svg",
            "  qexit bench gradients --qubits 2,4,6,8,10,12 --layers 2 --entangler cz-ring --reupload --json",
            "  qexit bench gradients --entangler none --csv separable.csv",
        })
final class BenchGradientsCommand implements Callable<Integer> {
    @Option(
            names = "--qubits",
            split = ",",
            defaultValue = "1,2,3,4,5,6,7,8,9,10",
            description = "Numbers of qubits (default: ${DEFAULT-VALUE}).")
    private List<Integer> qubits;

    @Option(
            names = "--layers",
            split = ",",
            defaultValue = "1,2,4,8,16",
            description = "Numbers of layers (default: ${DEFAULT-VALUE}).")
    private List<Integer> layers;

    @Option(
            names = "--encoding",
            defaultValue = "ry",
            converter = EncodingName.class,
            description = "ry, rx or rz-after-h (default: ${DEFAULT-VALUE}).")
    private Ansatz.Encoding encoding;

    @Option(
            names = "--entangler",
            defaultValue = "cnot-ring",
            converter = EntanglerName.class,
            description = "cnot-ring, cz-ring or none (default: ${DEFAULT-VALUE}).")
    private Ansatz.Entangler entangler;

    @Option(names = "--reupload", description = "Inputs enter before every layer.")
    private boolean reupload;

    @Option(
            names = "--samples",
            defaultValue = "1000",
            description = "Independent draws of all angles per circuit (default: ${DEFAULT-VALUE}).")
    private int samples;

    @Option(names = "--seed", defaultValue = "1", description = "Seed (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--plot", paramLabel = "OUT.svg", description = "Draw the variances over the qubits.")
    private Path plot;

    @Option(names = "--csv", paramLabel = "OUT.csv", description = "Write one row per circuit, observable and start.")
    private Path csv;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        GradientVariance.Report report;
        try {
            Ansatz family = new Ansatz(1, 1, encoding, entangler, reupload);
            Draws draws = new Draws(QuantumHead.INITIAL_ANGLE_DEVIATION, samples, seed);
            report = GradientVariance.of(family, qubits, layers, draws);
        } catch (IllegalArgumentException e) {
            throw new UserError(e.getMessage(), e);
        }
        if (plot != null) {
            AtomicFiles.writeString(plot, GradientVariancePlot.svg(report));
        }
        if (csv != null) {
            AtomicFiles.writeString(csv, csv(report));
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.compact(report));
            return ExitCode.OK;
        }
        out.printf(
                Locale.ROOT,
                "mean variance of a derivative over %d draws; %s encoding, %s%s%n",
                samples,
                lower(encoding),
                lower(entangler),
                reupload ? ", re-uploading" : "");
        out.printf(Locale.ROOT, "%-6s  %-10s  %-8s ", "layers", "observable", "angles");
        qubits.forEach(n -> out.printf(Locale.ROOT, "%9s", "n = " + n));
        out.printf(Locale.ROOT, "  log2 per qubit%n");
        for (GradientVariance.Slope row : report.slopes()) {
            out.printf(Locale.ROOT, "%6d  %-10s  %-8s ", row.layers(), lower(row.observable()), lower(row.start()));
            report.cells().stream()
                    .filter(c -> c.at().layers() == row.layers()
                            && c.at().observable() == row.observable()
                            && c.at().start() == row.start())
                    .forEach(c -> out.printf(Locale.ROOT, "%9.2g", c.mean()));
            out.printf(
                    Locale.ROOT,
                    row.perQubit() == null ? "%16s%n" : "%16.2f%n",
                    row.perQubit() == null ? "-" : row.perQubit());
        }
        return ExitCode.OK;
    }

    private static String csv(GradientVariance.Report report) {
        StringBuilder text = new StringBuilder(
                "layers,observable,start,qubits,samples,parameters,mean,greatest,first,relative_error\n");
        for (GradientVariance.Cell c : report.cells()) {
            text.append(String.format(
                    Locale.ROOT,
                    "%d,%s,%s,%d,%d,%d,%.6e,%.6e,%.6e,%.3f%n",
                    c.at().layers(),
                    lower(c.at().observable()),
                    lower(c.at().start()),
                    c.at().qubits(),
                    c.samples(),
                    c.parameters(),
                    c.mean(),
                    c.greatest(),
                    c.first(),
                    c.relativeError()));
        }
        return text.toString();
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** As configurations write it. */
    static final class EncodingName implements ITypeConverter<Ansatz.Encoding> {
        @Override
        public Ansatz.Encoding convert(String name) {
            return checked(() -> Ansatz.Encoding.of(name));
        }
    }

    /** As configurations write it. */
    static final class EntanglerName implements ITypeConverter<Ansatz.Entangler> {
        @Override
        public Ansatz.Entangler convert(String name) {
            return checked(() -> Ansatz.Entangler.of(name));
        }
    }

    private static <T> T checked(java.util.function.Supplier<T> parse) {
        try {
            return parse.get();
        } catch (IllegalArgumentException e) {
            throw new picocli.CommandLine.TypeConversionException(e.getMessage());
        }
    }
}
