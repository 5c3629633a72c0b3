package org.qexit.experiment.study;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.qexit.common.Checks;
import org.qexit.common.ConfigText;
import org.qexit.common.Json;
import org.qexit.data.TaskChoice;
import org.qexit.experiment.run.DataConfig;
import org.qexit.nn.ModelConfig;
import org.qexit.nn.TrainingConfig;
import org.qexit.nn.training.WarmStart;

/**
 * What {@code qexit study} reads; see experiments/surrogate/study.yaml. Every combination of data set, head, loss, budget and
 * seed that {@code parts} asks for is a row of the results.
 *
 * @param format must be {@value #FORMAT}
 * @param name of the study
 * @param data the data sets with their models
 * @param training what all trainings share, by the names of {@link TrainingConfig}; its first {@code warmupEpochs} epochs are trained
 *     once for all losses and budgets
 * @param losses what is compared; the first is the reference of all differences
 * @param parts which combinations, in the order in which they are trained
 */
public record StudyConfig(
        String format,
        String name,
        List<Data> data,
        Map<String, Object> training,
        List<Loss> losses,
        List<Part> parts) {
    public static final String FORMAT = "qexit.study/1";

    /**
     * @param name in the results
     * @param dataset name or path
     * @param task which classes are critical
     * @param trainEvents the most training events, held-out ones included, a stratified sample of all; null for all
     * @param validationShare the share of every group's test events, its first ones, that chooses the epoch and the thresholds
     *     instead of held-out training events; null: the latter
     * @param model the model, with the heads called hybrid
     * @param training what differs for this data set; null for nothing
     */
    public record Data(
            String name,
            String dataset,
            TaskChoice task,
            Integer trainEvents,
            Double validationShare,
            ModelConfig model,
            Map<String, Object> training) {
        public Data {
            checkName(name);
            Checks.notBlank("dataset", dataset);
            task = task == null ? TaskChoice.DEFAULT : task;
            if (trainEvents != null) {
                Checks.within("trainEvents", trainEvents, 10, Integer.MAX_VALUE);
            }
            if (validationShare != null && !(validationShare > 0 && validationShare < 1)) {
                throw new IllegalArgumentException(
                        "validationShare is " + validationShare + "; expected more than 0 and less than 1");
            }
            Checks.present("model", model);
            training = training == null ? Map.of() : training;
        }

        private Data near(Path directory) {
            return new Data(
                    name, DataConfig.resolved(dataset, directory), task, trainEvents, validationShare, model, training);
        }
    }

    /**
     * @param name in the results
     * @param budgetFree whether the budget changes nothing in this training, so that one serves all; null means false
     * @param training what differs from the shared settings
     */
    public record Loss(String name, Boolean budgetFree, Map<String, Object> training) {
        public Loss {
            checkName(name);
            budgetFree = Boolean.TRUE.equals(budgetFree);
            training = training == null ? Map.of() : training;
        }
    }

    /**
     * @param heads which
     * @param losses names; null for all
     * @param budgets shares of events that may be offloaded, ascending
     * @param seeds of every random choice
     */
    public record Part(List<Head> heads, List<String> losses, List<Double> budgets, List<Long> seeds) {
        public Part {
            heads = Checks.distinct("heads", heads);
            losses = losses == null ? null : Checks.distinct("losses", losses);
            budgets = Checks.distinct("budgets", budgets);
            seeds = Checks.distinct("seeds", seeds);
            double last = 0;
            for (double budget : budgets) {
                if (!(budget > last && budget <= 1)) {
                    throw new IllegalArgumentException(
                            "budgets is " + budgets + "; expected ascending shares, more than 0 and at most 1");
                }
                last = budget;
            }
        }
    }

    public StudyConfig {
        if (!FORMAT.equals(format)) {
            throw new IllegalArgumentException("format is '" + format + "'; expected " + FORMAT);
        }
        checkName(name);
        training = training == null ? Map.of() : training;
        data = Checks.distinct("data", data);
        losses = Checks.distinct("losses", losses);
        if (parts == null || parts.isEmpty()) {
            throw new IllegalArgumentException("parts is empty; expected at least one");
        }
        parts = List.copyOf(parts);
        List<String> lossNames = losses.stream().map(Loss::name).toList();
        Checks.distinct("names of losses", lossNames);
        Checks.distinct("names of data", data.stream().map(Data::name).toList());
        for (Part part : parts) {
            for (String loss : part.losses() == null ? List.<String>of() : part.losses()) {
                if (!lossNames.contains(loss)) {
                    throw new IllegalArgumentException(
                            "parts name the loss '" + loss + "'; expected one of: " + String.join(", ", lossNames));
                }
            }
        }
        for (Data set : data) {
            for (Loss loss : losses) {
                TrainingConfig config = merged(training, set, loss, 0.5);
                config.checkWarmUp("training.");
                if (!WarmStart.shared(config, merged(training, set, losses.get(0), 0.5))) {
                    throw new IllegalArgumentException("loss " + loss.name() + " and loss "
                            + losses.get(0).name() + " differ in the warm-up on " + set.name()
                            + "; expected differences only in what acts after it");
                }
                Double weight = config.losses().surrogateWeight();
                if (loss.budgetFree() && !(weight != null && weight == 0)) {
                    throw new IllegalArgumentException("loss " + loss.name() + " is budgetFree, but surrogateWeight is "
                            + weight + "; expected 0");
                }
            }
        }
    }

    public static StudyConfig read(Path file) {
        return read(ConfigText.of(file));
    }

    /** The same with fields that were set on the command line. */
    public static StudyConfig read(ConfigText text) {
        StudyConfig read = text.as(StudyConfig.class);
        List<Data> near =
                read.data.stream().map(set -> set.near(text.directory())).toList();
        return new StudyConfig(read.format, read.name, near, read.training, read.losses, read.parts);
    }

    /** The loss that all others are compared with. */
    public Loss reference() {
        return losses.get(0);
    }

    Loss loss(String wanted) {
        return losses.stream().filter(l -> l.name().equals(wanted)).findFirst().orElseThrow();
    }

    /** The losses of a part. */
    List<Loss> losses(Part part) {
        return part.losses() == null
                ? losses
                : part.losses().stream().map(this::loss).toList();
    }

    /** How a data set's models are trained by a loss under a budget. */
    TrainingConfig training(Data set, Loss loss, double budget) {
        return merged(training, set, loss, budget);
    }

    private static TrainingConfig merged(Map<String, Object> shared, Data set, Loss loss, double budget) {
        return Json.parse(
                "training of loss " + loss.name(),
                Json.compact(settings(shared, set, loss, budget)),
                TrainingConfig.class);
    }

    private static SortedMap<String, Object> settings(Map<String, Object> shared, Data set, Loss loss, double budget) {
        SortedMap<String, Object> all = new TreeMap<>(shared);
        all.putAll(set.training());
        all.putAll(loss.training());
        if (all.put("offloadBudget", budget) != null) {
            throw new IllegalArgumentException("training sets offloadBudget; expected it in the budgets of parts only");
        }
        return all;
    }

    /** The training settings as the configuration writes them, without the defaults of this version. */
    SortedMap<String, Object> settings(Data set, Loss loss, double budget) {
        return settings(training, set, loss, budget);
    }

    private static void checkName(String name) {
        Checks.notBlank("name", name);
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
            throw new IllegalArgumentException(
                    "name is '" + name + "'; expected letters, digits, '.', '_' and '-' only");
        }
    }
}
