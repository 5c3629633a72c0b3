package org.qexit.experiment.tracking;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.common.Version;
import org.qexit.experiment.report.Interval;
import org.qexit.experiment.run.RunSummary;

/** Tells an MLflow server of a finished run: a run there for each model, with its settings, every epoch's metrics, and the test's rates. */
public final class MlflowReport {
    private static final int LONGEST_VALUE = 500;

    private MlflowReport() {}

    /**
     * Sends all models.
     *
     * @param experiment its number
     * @param name of the run
     * @throws UserError if the server is out of reach, or refuses
     */
    public static void send(MlflowServer server, String experiment, String name, RunSummary summary) {
        long end = System.currentTimeMillis();
        long start = end - Math.round(1_000 * summary.seconds());
        List<String> models =
                summary.rows().stream().map(RunSummary.Row::model).distinct().toList();
        for (String model : models) {
            Path directory = summary.directory().resolve("models").resolve(model);
            String run = server.begin(
                    experiment,
                    name + "/" + model,
                    start,
                    Map.of("qexit.version", Version.current(), "qexit.run", name));
            server.parameters(run, parameters(directory));
            List<MlflowServer.Metric> metrics = epochs(directory.resolve("metrics.csv"), end);
            summary.rows().stream()
                    .filter(row -> row.model().equals(model) && row.found())
                    .forEach(row -> rates(row, metrics, end));
            server.metrics(run, metrics);
            server.end(run, end);
        }
    }

    private static Map<String, String> parameters(Path directory) {
        Map<String, String> values = new TreeMap<>();
        Path file = directory.resolve("model.json");
        try {
            Map<?, ?> model = Json.parse(file.toString(), Files.readString(file), Map.class);
            for (String group : List.of("training", "model")) {
                if (model.get(group) instanceof Map<?, ?> settings) {
                    settings.forEach((key, value) -> {
                        if (value != null) {
                            String text = value instanceof String word ? word : Json.compact(value);
                            values.put(group + "." + key, text.substring(0, Math.min(LONGEST_VALUE, text.length())));
                        }
                    });
                }
            }
        } catch (IOException e) {
            throw new UserError(file + ": cannot be read: " + e.getMessage(), e);
        }
        return values;
    }

    private static List<MlflowServer.Metric> epochs(Path file, long time) {
        List<MlflowServer.Metric> metrics = new ArrayList<>();
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (IOException e) {
            throw new UserError(file + ": cannot be read: " + e.getMessage(), e);
        }
        String[] names = lines.get(0).split(",", -1);
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split(",", -1);
            for (int c = 1; c < names.length; c++) {
                if (!cells[c].isEmpty()) {
                    metrics.add(new MlflowServer.Metric(
                            names[c], Double.parseDouble(cells[c]), time, Long.parseLong(cells[0])));
                }
            }
        }
        return metrics;
    }

    private static void rates(RunSummary.Row row, List<MlflowServer.Metric> metrics, long time) {
        Map<String, Interval> rates = new LinkedHashMap<>();
        rates.put("tpr", row.tpr());
        rates.put("fpr", row.fpr());
        rates.put("accuracy", row.car());
        rates.put("offload_rate", row.ofr());
        rates.forEach((name, rate) -> {
            if (rate != null && rate.value() != null) {
                metrics.add(new MlflowServer.Metric("test/" + row.method() + "/" + name, rate.value(), time, 0));
            }
        });
        if (row.objective() != null) {
            metrics.add(new MlflowServer.Metric("test/" + row.method() + "/objective", row.objective(), time, 0));
        }
    }
}
