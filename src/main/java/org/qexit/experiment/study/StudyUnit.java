package org.qexit.experiment.study;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.qexit.common.Hashing;
import org.qexit.common.Json;
import org.qexit.common.RandomStreams;
import org.qexit.common.ThreadClock;
import org.qexit.data.Dataset;
import org.qexit.data.LabelledSet;
import org.qexit.experiment.run.RunData;
import org.qexit.nn.EarlyExitModel;
import org.qexit.nn.ModelConfig;
import org.qexit.nn.TrainingConfig;
import org.qexit.nn.training.Trainer;
import org.qexit.nn.training.TrainingData;
import org.qexit.nn.training.WarmStart;
import org.qexit.threshold.BudgetSearch;
import org.qexit.trace.Confusion;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Thresholds;

/**
 * All trainings of one data set, head and seed: one warm-up, from which every loss and budget goes on. Deterministic, so that a unit
 * taken up again adds the very rows that were missing.
 */
final class StudyUnit {
    private static final int HASH_DIGITS = 12;

    private final StudyConfig config;
    private final StudyConfig.Data set;
    private final Head head;
    private final long seed;
    private final List<StudyConfig.Loss> losses;
    private final List<Double> budgets;

    StudyUnit(
            StudyConfig config,
            StudyConfig.Data set,
            Head head,
            long seed,
            List<StudyConfig.Loss> losses,
            List<Double> budgets) {
        this.config = config;
        this.set = set;
        this.head = head;
        this.seed = seed;
        this.losses = losses;
        this.budgets = budgets;
    }

    /** A data set's two parts. */
    record Images(Dataset train, Dataset test) {}

    /** One training behind the warm-up, for the budgets it serves. */
    private record Arm(StudyConfig.Loss loss, List<Double> budgets) {}

    StudyConfig.Data set() {
        return set;
    }

    @Override
    public String toString() {
        return set.name() + ", " + head.word() + ", seed " + seed;
    }

    /** The keys of its rows, in their order. */
    List<String> keys() {
        return losses.stream()
                .flatMap(loss -> budgets.stream().map(budget -> key(loss, budget)))
                .toList();
    }

    /**
     * Epochs that are still to be trained.
     *
     * @throws org.qexit.common.UserError if a row that is there is of other settings
     */
    int epochs(StudyResults results, Images images) {
        for (StudyConfig.Loss loss : losses) {
            for (double budget : budgets) {
                results.has(key(loss, budget), settings(loss, budget, images));
            }
        }
        List<Arm> missing = missing(results.keys());
        TrainingConfig any = config.training(set, losses.get(0), budgets.get(0));
        return missing.isEmpty()
                ? 0
                : any.softness().warmupEpochs()
                        + missing.size()
                                * (any.course().epochs() - any.softness().warmupEpochs());
    }

    private List<Arm> missing(Set<String> there) {
        List<Arm> arms = new ArrayList<>();
        for (StudyConfig.Loss loss : losses) {
            List<Double> left = budgets.stream()
                    .filter(budget -> !there.contains(key(loss, budget)))
                    .toList();
            if (loss.budgetFree() && !left.isEmpty()) {
                arms.add(new Arm(loss, left));
            } else {
                left.forEach(budget -> arms.add(new Arm(loss, List.of(budget))));
            }
        }
        return arms;
    }

    private String key(StudyConfig.Loss loss, double budget) {
        return set.name() + "/" + head.word() + "/" + loss.name() + "/" + budget + "/" + seed;
    }

    /** All that a row depends on, beside its key and the program's version. */
    String settings(StudyConfig.Loss loss, double budget, Images images) {
        String all = String.join(
                "\n",
                Json.compact(set.task().on(images.train)),
                String.valueOf(set.trainEvents()),
                String.valueOf(set.validationShare()),
                Json.compact(set.model()),
                Json.compact(config.settings(set, loss, budget)),
                images.train.sha256(),
                images.test.sha256());
        return Hashing.sha256Hex(all.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .substring(0, HASH_DIGITS);
    }

    private ModelConfig model(Images images) {
        Dataset train = images.train;
        return head.of(set.model().forInput(train.channels(), train.height(), train.width()));
    }

    /**
     * Trains what is missing.
     *
     * @param there keys of the rows that are not
     * @param kept given the rows of each training as it ends
     * @param tick called after every epoch
     */
    void run(Set<String> there, Images images, Consumer<List<StudyRow>> kept, Runnable tick) {
        List<Arm> missing = missing(there);
        if (missing.isEmpty()) {
            return;
        }
        RandomStreams random = RandomStreams.of(seed);
        ModelConfig model = model(images);
        TrainingConfig shared = config.training(set, losses.get(0), budgets.get(0));
        Evaluation evaluation = new Evaluation(images.test, random);
        LabelledSet events = trainingEvents(images.train, random);
        TrainingData data = evaluation.validation == null
                ? TrainingData.of(events, shared, random)
                : new TrainingData(events, evaluation.validation);
        BestEpochs warmUp = new BestEpochs(budgets, tick);
        WarmStart start =
                Trainer.of(model, shared, data, random, warmUp).with(warmUp).warmUp();
        for (Arm arm : missing) {
            double cpuStart = cpuSeconds();
            BestEpochs epochs = new BestEpochs(arm.budgets, tick);
            epochs.offer(warmUp.last());
            TrainingConfig training = config.training(set, arm.loss, arm.budgets.get(0));
            Trainer.of(model, training, data, random, epochs).with(epochs).train(start);
            double cpu = cpuSeconds() - cpuStart;
            kept.accept(arm.budgets.stream()
                    .map(budget -> evaluation.row(
                            arm.loss, budget, epochs.best(budget), cpu, settings(arm.loss, budget, images)))
                    .toList());
        }
    }

    private LabelledSet trainingEvents(Dataset train, RandomStreams random) {
        LabelledSet all = RunData.learnt(set.task().on(train), train, random);
        Integer most = set.trainEvents();
        return most == null || most >= all.size()
                ? all
                : all.holdOut((double) most / all.size(), random, "study/events")
                        .heldOut();
    }

    private static double cpuSeconds() {
        return ThreadClock.nanos() * 1e-9;
    }

    /** The test events of the unit, what models do on them, and the validation events if they come from the same groups. */
    private final class Evaluation {
        private final LabelledSet validation;
        private final LabelledSet test;
        private final Map<EarlyExitModel, DeviceTrace> tests = new IdentityHashMap<>();

        Evaluation(Dataset data, RandomStreams random) {
            LabelledSet all = set.task().on(data).apply(data, random, "study/test");
            if (set.validationShare() == null) {
                validation = null;
                test = all;
                return;
            }
            boolean[] first = firstOfGroups(all, set.validationShare());
            validation = all.select(
                    IntStream.range(0, all.size()).filter(k -> first[k]).toArray());
            test = all.select(
                    IntStream.range(0, all.size()).filter(k -> !first[k]).toArray());
        }

        StudyRow row(StudyConfig.Loss loss, double budget, BestEpochs.Epoch epoch, double cpu, String settings) {
            DeviceTrace chosenOn = epoch.heldOut();
            Thresholds thresholds = BudgetSearch.of(chosenOn)
                    .within(BestEpochs.offloads(budget, chosenOn.size()))
                    .thresholds();
            DeviceTrace trace = tests.computeIfAbsent(epoch.model(), m -> m.trace("test", test));
            ScoreQuality quality = ScoreQuality.of(trace);
            return new StudyRow(
                    set.name(),
                    head.word(),
                    loss.name(),
                    budget,
                    seed,
                    settings,
                    epoch.number(),
                    thresholds.lower(),
                    thresholds.upper(),
                    counts(Confusion.of(chosenOn, thresholds)),
                    counts(Confusion.of(trace, thresholds)),
                    BudgetSearch.of(trace)
                            .within(BestEpochs.offloads(budget, trace.size()))
                            .truePositives(),
                    quality.crossEntropy(),
                    quality.calibrationError(),
                    cpu);
        }

        private static StudyRow.Counts counts(Confusion c) {
            return new StudyRow.Counts(
                    c.events(), c.truePositives() + c.falseNegatives(), c.truePositives(), c.falsePositives());
        }
    }

    /** Which events are among the first of their group, {@code [event]}. */
    static boolean[] firstOfGroups(LabelledSet events, double share) {
        boolean[] first = new boolean[events.size()];
        int[] position = new int[events.dataset().size()];
        java.util.Arrays.fill(position, -1);
        for (int k = 0; k < events.size(); k++) {
            position[events.indices()[k]] = k;
        }
        events.dataset().samplesByGroup().values().forEach(samples -> {
            int[] present = IntStream.of(samples)
                    .map(i -> position[i])
                    .filter(k -> k >= 0)
                    .toArray();
            for (int i = 0; i < Math.round(share * present.length); i++) {
                first[present[i]] = true;
            }
        });
        return first;
    }
}
