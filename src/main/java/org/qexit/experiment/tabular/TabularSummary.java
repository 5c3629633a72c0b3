package org.qexit.experiment.tabular;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.qexit.common.statistics.MeanInterval;

/**
 * What a study shows.
 *
 * @param sets each with its models
 * @param models those of the largest table of models and sets without holes, each over its sets
 * @param pairs circuits against their like without entanglers and their twins
 * @param agreement with the published figures; null where there is nothing to compare
 * @param measured circuits on machines with shots or noise, each over the sets where all machines are there
 * @param skipped left out for want of time
 */
public record TabularSummary(
        String name,
        TabularConfig.Protocol protocol,
        List<Line> sets,
        List<Standing> models,
        List<Pair> pairs,
        Agreement agreement,
        List<Measured> measured,
        List<TabularStudy.Skipped> skipped) {

    /**
     * A model's best points on a machine.
     *
     * @param exact mean test accuracy with exact expectation values
     * @param accuracy mean test accuracy of trainings on the machine, tested there
     * @param difference of both, one a set
     * @param failed trainings of all sets that did not settle
     */
    public record Measured(
            String model,
            String machine,
            int sets,
            double exact,
            double accuracy,
            MeanInterval difference,
            int failed) {}

    /**
     * A model on a set.
     *
     * @param point the best of the grid; null if every fit failed
     * @param accuracy of the refits that did not fail; null if none
     * @param failed fits of the grid search that failed
     * @param published their mean; null where there is none
     */
    public record Line(
            String dataset,
            int dataSeed,
            String family,
            int width,
            String model,
            String point,
            Double accuracy,
            double[] refits,
            int failed,
            Double published) {}

    /**
     * A model over all sets where every model is there.
     *
     * @param sets how many
     * @param accuracy mean over them
     * @param rank mean rank, ties shared
     * @param first sets where it is the best, or one of the best
     */
    public record Standing(String model, int sets, double accuracy, double rank, int first) {}

    /**
     * A model against another over the sets where both are there: one difference of mean test accuracy per set.
     *
     * @param family null for all
     * @param differences a set each
     */
    public record Pair(
            String first,
            String second,
            String family,
            MeanInterval difference,
            List<Double> differences,
            int wins,
            int losses,
            int ties) {}

    /**
     * With the published figures.
     *
     * @param pairs sets and models that can be compared: five refits or more there, two or more here
     * @param within how many are no farther off than a sample or half of Welch's interval
     * @param onTraining how many are left out because the published figure is the accuracy on training samples
     */
    public record Agreement(int pairs, int within, int onTraining, List<Outlier> outliers) {}

    /** One that is farther off. */
    public record Outlier(String dataset, String model, double accuracy, double published, double tolerance) {}

    static TabularSummary of(TabularConfig config, List<Search> searches, List<TabularStudy.Skipped> skipped) {
        List<Line> lines = new ArrayList<>();
        List<Outlier> outliers = new ArrayList<>();
        int compared = 0;
        int within = 0;
        int onTraining = 0;
        boolean comparable = config.protocol() == TabularConfig.Protocol.BOWLES2024
                && config.grid().isEmpty();
        for (Search search : searches) {
            if (!search.missing().isEmpty() || !search.isRefitted()) {
                continue;
            }
            double[] accuracies = search.accuracies();
            Double mean = accuracies.length == 0
                    ? null
                    : Arrays.stream(accuracies).average().orElseThrow();
            Optional<Published> published =
                    comparable ? Published.of(search.set().name(), search.contender()) : Optional.empty();
            lines.add(line(
                    search, accuracies, mean, published.map(Published::mean).orElse(null)));
            if (published.isPresent() && Published.isOnTraining(search.set().name(), search.contender())) {
                onTraining++;
            } else if (published.isPresent() && published.get().seeds() >= 5 && accuracies.length >= 2) {
                double tolerance = published.get().tolerance(accuracies);
                compared++;
                if (Math.abs(mean - published.get().mean()) <= tolerance + 1e-9) {
                    within++;
                } else {
                    outliers.add(new Outlier(
                            search.set().name(),
                            search.contender().word(),
                            mean,
                            published.get().mean(),
                            tolerance));
                }
            }
        }
        return new TabularSummary(
                config.name(),
                config.protocol(),
                lines,
                standings(widespread(lines), lines),
                pairs(lines),
                compared == 0 ? null : new Agreement(compared, within, onTraining, outliers),
                measured(config, searches),
                skipped);
    }

    private static List<Measured> measured(TabularConfig config, List<Search> searches) {
        List<Measured> all = new ArrayList<>();
        for (String word : config.models()) {
            List<Search> whole = searches.stream()
                    .filter(search -> search.contender() == Contender.of(word)
                            && !search.machines().isEmpty()
                            && search.accuracies().length > 0
                            && search.machines().stream().allMatch(machine -> search.accuracies(machine).length > 0))
                    .toList();
            for (Machine machine : whole.isEmpty() ? List.<Machine>of() : config.machines()) {
                double[] exact = whole.stream()
                        .mapToDouble(search -> mean(search.accuracies()))
                        .toArray();
                double[] here = whole.stream()
                        .mapToDouble(search -> mean(search.accuracies(machine)))
                        .toArray();
                double[] differences = new double[here.length];
                Arrays.setAll(differences, i -> here[i] - exact[i]);
                int settled = whole.stream()
                        .mapToInt(search -> search.accuracies(machine).length)
                        .sum();
                all.add(new Measured(
                        word,
                        machine.word(),
                        whole.size(),
                        mean(exact),
                        mean(here),
                        MeanInterval.student(differences),
                        whole.size() * config.refits() - settled));
            }
        }
        return all;
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    private static Line line(Search search, double[] accuracies, Double mean, Double published) {
        int failed = 0;
        for (Point point : search.points()) {
            for (int fold = 0; fold < Folds.COUNT; fold++) {
                Fit fit = search.table().get(search.key(FitTable.Stage.SEARCH, point, fold));
                failed += fit.converged() ? 0 : 1;
            }
        }
        return new Line(
                search.set().name(),
                search.dataSeed(),
                search.set().family().word(),
                search.set().width(),
                search.contender().word(),
                search.best().map(Point::toString).orElse(null),
                mean,
                accuracies,
                failed,
                published);
    }

    private static Map<String, Map<String, Double>> bySet(List<Line> lines) {
        Map<String, Map<String, Double>> sets = new LinkedHashMap<>();
        for (Line line : lines) {
            if (line.accuracy() != null) {
                sets.computeIfAbsent(line.dataset() + "/" + line.dataSeed(), key -> new LinkedHashMap<>())
                        .put(line.model(), line.accuracy());
            }
        }
        return sets;
    }

    /**
     * Models and sets are not all there while a study is under way: the models of the largest table without holes, models times sets.
     */
    private static List<String> widespread(List<Line> lines) {
        Map<String, Long> counts = lines.stream()
                .filter(line -> line.accuracy() != null)
                .collect(Collectors.groupingBy(Line::model, LinkedHashMap::new, Collectors.counting()));
        List<String> widest = List.of();
        long largest = 0;
        Collection<Map<String, Double>> sets = bySet(lines).values();
        for (long least : new TreeSet<>(counts.values())) {
            List<String> models = counts.keySet().stream()
                    .filter(model -> counts.get(model) >= least)
                    .toList();
            long whole = sets.stream()
                    .filter(set -> set.keySet().containsAll(models))
                    .count();
            if (whole * models.size() > largest) {
                largest = whole * models.size();
                widest = models;
            }
        }
        return widest;
    }

    private static List<Standing> standings(List<String> models, List<Line> lines) {
        List<Map<String, Double>> whole = bySet(lines).values().stream()
                .filter(set -> set.keySet().containsAll(models))
                .toList();
        List<Standing> standings = new ArrayList<>();
        for (String model : models) {
            double accuracy = 0;
            double rank = 0;
            int first = 0;
            for (Map<String, Double> set : whole) {
                double own = set.get(model);
                accuracy += own / whole.size();
                double better =
                        models.stream().filter(other -> set.get(other) > own).count();
                double equal =
                        models.stream().filter(other -> set.get(other) == own).count();
                rank += (better + (equal + 1) / 2) / whole.size();
                first += better == 0 ? 1 : 0;
            }
            if (!whole.isEmpty()) {
                standings.add(new Standing(model, whole.size(), accuracy, rank, first));
            }
        }
        return standings;
    }

    private static List<Pair> pairs(List<Line> lines) {
        List<Pair> pairs = new ArrayList<>();
        List<String> families = new ArrayList<>();
        families.add(null);
        lines.stream().map(Line::family).distinct().forEach(families::add);
        for (String family : families) {
            List<Line> some = lines.stream()
                    .filter(line -> family == null || line.family().equals(family))
                    .toList();
            for (Contender contender : Contender.values()) {
                for (String ending : List.of("-separable", "-twin")) {
                    String other = contender.word() + ending;
                    if (Arrays.stream(Contender.values()).anyMatch(c -> c.word().equals(other))) {
                        pair(contender.word(), other, family, apart(some, contender, ending))
                                .ifPresent(pairs::add);
                    }
                }
            }
        }
        return pairs;
    }

    /** One qubit has nothing to entangle: without sets where a circuit and its like without entanglers are the same. */
    private static List<Line> apart(List<Line> lines, Contender contender, String ending) {
        return lines.stream()
                .filter(line -> !ending.equals("-separable") || contender.qubits(line.width()) > 1)
                .toList();
    }

    private static Optional<Pair> pair(String first, String second, String family, List<Line> lines) {
        double[] differences = bySet(lines).values().stream()
                .filter(set -> set.containsKey(first) && set.containsKey(second))
                .mapToDouble(set -> set.get(first) - set.get(second))
                .toArray();
        if (differences.length == 0) {
            return Optional.empty();
        }
        int wins = (int) Arrays.stream(differences).filter(d -> d > 1e-9).count();
        int losses = (int) Arrays.stream(differences).filter(d -> d < -1e-9).count();
        return Optional.of(new Pair(
                first,
                second,
                family,
                MeanInterval.student(differences),
                Arrays.stream(differences).boxed().toList(),
                wins,
                losses,
                differences.length - wins - losses));
    }
}
