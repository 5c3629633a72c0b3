package org.qexit.export;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.qexit.bundle.BundleEvents;
import org.qexit.common.Warning;
import org.qexit.nn.ExitCost;
import org.qexit.nn.ModelConfig;
import org.qexit.trace.Confusion;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Rate;

/** {@code model-card.md}: what the model is, was trained on, can and cannot do. */
public final class ModelCard {
    private final BundleSpec spec;
    private final StringBuilder out = new StringBuilder();

    private final Function<BundleEvents, DeviceTrace> tracer;

    private ModelCard(BundleSpec spec, Function<BundleEvents, DeviceTrace> tracer) {
        this.spec = spec;
        this.tracer = tracer;
    }

    /**
     * What only the caller knows.
     *
     * @param data lines on the data: name, task, hashes
     * @param joulesPerMemoryAccess γ of Eq. (3), or null
     * @param notes further limits, such as shots left out
     * @param warnings what will hardly do about the model
     * @param commands what made the bundle
     */
    public record Facts(
            List<String> data,
            Double joulesPerMemoryAccess,
            List<String> notes,
            List<Warning> warnings,
            List<String> commands) {
        public Facts {
            data = List.copyOf(data);
            notes = List.copyOf(notes);
            warnings = List.copyOf(warnings);
            commands = List.copyOf(commands);
        }
    }

    static String of(BundleSpec spec) {
        return new ModelCard(spec, events -> trace(spec, events)).write(List.of());
    }

    /**
     * @param tracer what the bundle's graphs say of a device's events
     * @param further sections of their own, whole lines
     */
    static String of(BundleSpec spec, Function<BundleEvents, DeviceTrace> tracer, List<String> further) {
        return new ModelCard(spec, tracer).write(further);
    }

    private String write(List<String> further) {
        ModelConfig config = spec.network().model().config();
        List<Confusion> devices = counts();
        Confusion sum = devices.isEmpty() ? null : Confusion.sum(devices);
        out.append(CardMetadata.of(spec, sum)).append('\n');
        line("# " + spec.name());
        line("");
        line("An early-exit classifier for critical events: " + config.exits() + " exits, inputs of "
                + config.channels()
                + " x " + config.height() + " x " + config.width()
                + ". At each exit in turn, a confidence at or below the"
                + " lower threshold means normal, else one at or above the upper means critical (offload it), else the next exit"
                + " looks; undecided after the last means normal.");
        line("");
        warnings();
        costs(config);
        line("## Data");
        line("");
        spec.card().data().forEach(fact -> line("- " + fact));
        line("");
        metrics(devices, sum);
        further.forEach(this::line);
        limits();
        line("## Origin");
        line("");
        line("- parameters: sha256 " + spec.network().sha256());
        line("- qexit " + spec.provenance().qexit()
                + (spec.provenance().seed() == null
                        ? ""
                        : ", seed " + spec.provenance().seed())
                + (spec.provenance().configSha256() == null
                        ? ""
                        : ", configuration sha256 " + spec.provenance().configSha256()));
        if (spec.settings().plan() != null) {
            line("- thresholds: plan of instance " + spec.settings().plan().instance() + ", method "
                    + spec.settings().plan().method() + ", "
                    + spec.settings().plan().status().name().toLowerCase(Locale.ROOT));
        }
        spec.card().commands().forEach(command -> line("- made by `" + command + "`"));
        return out.toString();
    }

    private void warnings() {
        if (spec.card().warnings().isEmpty()) {
            return;
        }
        line("## Warnings");
        line("");
        spec.card().warnings().forEach(warning -> line("- " + warning.text()));
        line("");
    }

    private void costs(ModelConfig config) {
        Double joules = spec.card().joulesPerMemoryAccess();
        line("## Exits");
        line("");
        line(
                "Sums for an event that leaves at the exit. Energy is the memory's: "
                        + (joules == null
                                ? "the energy of one access is not known here."
                                : joules
                                        + " J per access of a 32-bit word. Circuits are simulated; their cost on quantum hardware is not in it."));
        line("");
        line("| exit | head | parameters | multiply-accumulates | memory accesses | energy [J] |");
        line("|---|---|---|---|---|---|");
        for (ExitCost cost : ExitCost.of(config)) {
            line(String.format(
                    Locale.ROOT,
                    "| %d | %s | %,d | %,d | %,d | %s |",
                    cost.exit(),
                    // Cards are plain ASCII.
                    config.heads().get(cost.exit() - 1).words().replace('×', 'x'),
                    cost.parameters(),
                    cost.macs(),
                    cost.memoryAccesses(),
                    joules == null ? "-" : String.format(Locale.ROOT, "%.3g", joules * cost.memoryAccesses())));
        }
        line("");
    }

    /** What each device's thresholds say of its test events. */
    private List<Confusion> counts() {
        return spec.events().test().stream()
                .map(events -> Confusion.of(
                        tracer.apply(events),
                        spec.settings().of(events.device()).thresholds()))
                .toList();
    }

    private void metrics(List<Confusion> devices, Confusion sum) {
        line("## Metrics");
        line("");
        if (sum == null) {
            line("No events were given: none.");
            line("");
            return;
        }
        line(
                "On test events that nothing was chosen on, each device with its own thresholds; 95 % Wilson intervals. One training"
                        + " run: the intervals cover the choice of test events, not that of the seed.");
        line("");
        line("| device | events | critical | TPR | FPR | accuracy | offloaded | exits taken |");
        line("|---|---|---|---|---|---|---|---|");
        for (int i = 0; i < devices.size(); i++) {
            row(spec.events().test().get(i).device(), devices.get(i));
        }
        row("all", sum);
        line("");
        energy(sum);
    }

    /** The network's own confidences. */
    static DeviceTrace trace(BundleSpec spec, BundleEvents events) {
        float[] pixels = events.scaled(spec.network().inputMaximum());
        return trace(events, spec.network().model().confidences(pixels, events.size()));
    }

    static DeviceTrace trace(BundleEvents events, float[][] scores) {
        long[] ids = new long[events.size()];
        Arrays.setAll(ids, k -> k);
        return new DeviceTrace(events.device(), ids, events.labels(), scores);
    }

    private void energy(Confusion counts) {
        Double joules = spec.card().joulesPerMemoryAccess();
        if (joules == null) {
            return;
        }
        List<ExitCost> costs = ExitCost.of(spec.network().model().config());
        double sum = 0;
        for (int q = 0; q < costs.size(); q++) {
            sum += (double) counts.exits().get(q) * costs.get(q).memoryAccesses();
        }
        double mean = joules * sum / counts.events();
        double whole = joules * costs.get(costs.size() - 1).memoryAccesses();
        line(String.format(
                Locale.ROOT,
                "Energy per event: %.3g J with early exit, %.3g J if all exits always ran (%.1f %% saved).",
                mean,
                whole,
                100 * (1 - mean / whole)));
        line("");
    }

    private void row(String name, Confusion counts) {
        line(metrics(name, counts));
    }

    /** A row of the table of metrics. */
    static String metrics(String name, Confusion counts) {
        return String.format(
                Locale.ROOT,
                "| %s | %d | %d | %s | %s | %s | %s | %s |",
                name.replace("|", "\\|"),
                counts.events(),
                counts.truePositives() + counts.falseNegatives(),
                text(counts.tpr()),
                text(counts.fpr()),
                text(counts.car()),
                text(counts.ofr()),
                String.join(" / ", counts.exits().stream().map(String::valueOf).toList()));
    }

    private static String text(Rate rate) {
        return rate.defined()
                ? String.format(
                        Locale.ROOT, "%.1f %% (%.1f-%.1f)", 100 * rate.value(), 100 * rate.low(), 100 * rate.high())
                : "undefined";
    }

    private void limits() {
        line("## Limits");
        line("");
        line(
                "- Trained for the data and the share of critical events above; other cameras, lights, sensors or shares change its"
                        + " rates. `qexit thresholds OLD --monitor NEW` tells whether that has happened.");
        line(
                "- The thresholds keep the offload rate near its budget on average; they guarantee nothing about a single day unless"
                        + " they were chosen with a guarantee.");
        line("- Confidences are scores, not calibrated probabilities.");
        line(
                "- Quantum heads run as exact simulations in real arithmetic; a quantum computer would add shots and noise.");
        spec.card().notes().forEach(note -> line("- " + note));
        line("");
    }

    private void line(String text) {
        out.append(text).append('\n');
    }
}
