package org.qexit.experiment.rules;

import java.nio.file.Path;
import java.util.List;
import org.qexit.common.Checks;
import org.qexit.common.ConfigText;
import org.qexit.data.streams.FleetStreamSpec;
import org.qexit.experiment.run.DataConfig;
import org.qexit.experiment.run.TrainingRun;
import org.qexit.nn.ModelConfig;
import org.qexit.nn.TrainingConfig;

/**
 * What {@code qexit study} reads to compare decision rules; see experiments/thresholds/study.yaml. For every set and seed there are
 * devices with validation events, on which rules are chosen, and test events, on which they are counted.
 *
 * @param format must be {@value #FORMAT}
 * @param name of the study
 * @param sets where the events come from
 * @param budgets shares of events that may be offloaded
 * @param seeds of every random choice
 */
public record RuleStudyConfig(String format, String name, List<EventSet> sets, List<Double> budgets, List<Long> seeds) {
    public static final String FORMAT = "qexit.rules/1";

    /**
     * One source of events: a model that is trained and the streams of its devices, or scores that are drawn.
     *
     * @param name in the results
     * @param data what is learnt; null for drawn scores
     * @param streams the devices' events; null means all defaults
     * @param model the model; null for drawn scores
     * @param training how; null means all defaults
     * @param drawn the scores' law; null for a model
     */
    public record EventSet(
            String name,
            DataConfig data,
            FleetStreamSpec streams,
            ModelConfig model,
            TrainingConfig training,
            DrawnScores drawn) {
        public EventSet {
            if (!Checks.notBlank("name", name).matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
                throw new IllegalArgumentException(
                        "name is '" + name + "'; expected letters, digits, '.', '_' and '-' only");
            }
            if ((drawn == null) != (data != null && model != null)
                    || drawn != null && (data != null || streams != null || model != null || training != null)) {
                throw new IllegalArgumentException(
                        "set " + name + ": expected either data and model, or drawn scores alone");
            }
            streams = streams == null ? FleetStreamSpec.DEFAULT : streams;
            training = training == null ? TrainingConfig.DEFAULT : training;
            if (model != null) {
                model.checkBinary();
            }
        }

        private EventSet near(Path directory) {
            return data == null ? this : new EventSet(name, data.near(directory), streams, model, training, null);
        }

        TrainingRun run(long seed) {
            return new TrainingRun(TrainingRun.FORMAT, name, seed, data, streams, null, model, training, null);
        }
    }

    public RuleStudyConfig {
        if (!FORMAT.equals(format)) {
            throw new IllegalArgumentException("format is '" + format + "'; expected " + FORMAT);
        }
        Checks.notBlank("name", name);
        sets = Checks.distinct("sets", sets);
        Checks.distinct("names of sets", sets.stream().map(EventSet::name).toList());
        budgets = Checks.distinct("budgets", budgets);
        for (double budget : budgets) {
            if (!(budget > 0 && budget <= 1)) {
                throw new IllegalArgumentException(
                        "budgets is " + budgets + "; expected shares, more than 0 and at most 1");
            }
        }
        seeds = Checks.distinct("seeds", seeds);
    }

    public static RuleStudyConfig read(Path file) {
        return read(ConfigText.of(file));
    }

    /** The same with fields that were set on the command line; paths of data sets are beside the file. */
    public static RuleStudyConfig read(ConfigText text) {
        RuleStudyConfig read = text.as(RuleStudyConfig.class);
        return new RuleStudyConfig(
                read.format,
                read.name,
                read.sets.stream().map(set -> set.near(text.directory())).toList(),
                read.budgets,
                read.seeds);
    }
}
