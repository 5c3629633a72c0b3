package org.qexit.experiment.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.qexit.common.Checks;
import org.qexit.common.Progress;
import org.qexit.common.RandomStreams;
import org.qexit.common.ThreadClock;
import org.qexit.common.statistics.Samples;
import org.qexit.nn.ExitCost;
import org.qexit.nn.ModelConfig;
import org.qexit.nn.Network;
import org.qexit.nn.TrainingEngine;
import org.qexit.nn.Twin;
import org.qexit.nn.loss.CoupledLoss;
import org.qexit.nn.loss.LossTerm;
import org.qexit.nn.loss.Margin;
import org.qexit.nn.loss.Objective;
import org.qexit.nn.loss.SoftRule;
import org.qexit.trace.Rate;

/**
 * Times training steps of a hybrid model beside those of its twins, and of both engines beside each other: one step of each in turn, the
 * order reversed every round, so that whatever the machine does meets all alike. A step is forward, coupled loss with surrogate, backward and
 * Adam on a batch of fresh random images.
 */
public final class StepBenchmark {
    private static final double CRITICAL_SHARE = 0.1;

    private static final double LEARNING_RATE = 1e-3;

    private final int batch;
    private final List<Contestant> contestants = new ArrayList<>();

    /**
     * Prepares it.
     *
     * @param hybrid a model whose input's shape is known
     * @param twins what it is measured against
     * @param threads beside one, on which the engine qexit takes steps of the hybrid model; 1 for no others
     */
    public StepBenchmark(ModelConfig hybrid, List<Twin> twins, int batch, int threads, long seed) {
        hybrid.checkResolved();
        this.batch = Checks.within("batch", batch, 2, 1 << 16);
        Checks.within("threads", threads, 1, 1024);
        RandomStreams random = RandomStreams.of(seed);
        List<ModelConfig> models = new ArrayList<>(List.of(hybrid));
        twins.forEach(twin -> models.add(twin.of(hybrid)));
        for (TrainingEngine engine : TrainingEngine.values()) {
            for (ModelConfig model : models) {
                if (engine == TrainingEngine.DL4J || Network.obstacle(model, batch) == null) {
                    contestants.add(new Contestant(model, engine, 1, random));
                }
            }
        }
        if (threads > 1) {
            for (ModelConfig model : models) {
                if (Network.obstacle(model, batch) == null) {
                    contestants.add(new Contestant(model, TrainingEngine.QEXIT, threads, random));
                }
            }
        }
    }

    /**
     * One model's steps, medians over the rounds in milliseconds.
     *
     * @param model its name
     * @param engine what took them
     * @param threads that worked on each
     * @param parameters of the whole model
     * @param headParameters of each head
     * @param cpuMillis processor time of the training thread
     * @param wallMillis time on the clock
     */
    public record Times(
            String model,
            TrainingEngine engine,
            int threads,
            long parameters,
            List<Long> headParameters,
            double cpuMillis,
            double wallMillis) {}

    /**
     * A model's step on our engine over something else's of the same model, as medians of the rounds' ratios.
     *
     * @param model its name
     * @param over what it is compared with, such as "dl4j" or "1 thread"
     * @param ratio of processor times of the training thread; of more threads, of times on the clock
     * @param low the median is above this with 95 % confidence
     * @param high and below this
     * @param wallRatio of times on the clock
     */
    public record EngineRatio(String model, String over, double ratio, double low, double high, double wallRatio) {}

    /**
     * The hybrid model's step over a twin's, as medians of the rounds' ratios.
     *
     * @param twin the twin's name
     * @param ratio of processor times
     * @param low the median is above this with 95 % confidence
     * @param high and below this
     * @param wallRatio of times on the clock
     */
    public record Ratio(String twin, double ratio, double low, double high, double wallRatio) {}

    /**
     * What was measured.
     *
     * @param rounds how many steps of each model
     * @param times on our engine, as far as that runs the models, the hybrid's first; then on DL4J; then on more threads
     * @param ratios one per twin, on the first engine that runs them
     * @param engines our engine over DL4J, and more threads over one
     */
    public record StepTimes(int rounds, List<Times> times, List<Ratio> ratios, List<EngineRatio> engines) {}

    /**
     * Measures.
     *
     * @param warmUp rounds before, for the compiler
     * @param rounds that count
     */
    public StepTimes run(int warmUp, int rounds) {
        Checks.within("warm-up rounds", warmUp, 0, 1_000_000);
        Checks.within("rounds", rounds, 10, 1_000_000);
        int models = contestants.size();
        double[][] cpu = new double[models][rounds];
        double[][] wall = new double[models][rounds];
        try (Progress progress = Progress.start("training steps", warmUp + rounds)) {
            for (int round = -warmUp; round < rounds; round++) {
                for (int i = 0; i < models; i++) {
                    int m = Math.floorMod(round, 2) == 0 ? i : models - 1 - i;
                    contestants.get(m).prepare();
                    long wallStart = System.nanoTime();
                    long cpuStart = ThreadClock.nanos();
                    contestants.get(m).step();
                    if (round >= 0) {
                        cpu[m][round] = (ThreadClock.nanos() - cpuStart) * 1e-6;
                        wall[m][round] = (System.nanoTime() - wallStart) * 1e-6;
                    }
                }
                progress.step();
            }
        }
        return result(rounds, cpu, wall);
    }

    private StepTimes result(int rounds, double[][] cpu, double[][] wall) {
        List<Times> times = new ArrayList<>();
        List<Ratio> ratios = new ArrayList<>();
        List<EngineRatio> engines = new ArrayList<>();
        int[] interval = medianInterval(rounds);
        for (int m = 0; m < contestants.size(); m++) {
            Contestant each = contestants.get(m);
            ModelConfig model = each.network.model();
            List<ExitCost> costs = ExitCost.of(model);
            times.add(new Times(
                    model.name(),
                    each.network.engine(),
                    each.threads,
                    costs.get(costs.size() - 1).parameters(),
                    costs.stream().map(ExitCost::headParameters).toList(),
                    Samples.median(cpu[m]),
                    Samples.median(wall[m])));
            if (m > 0 && each.isLike(contestants.get(0))) {
                double[] cpuRatios = sortedRatios(cpu[0], cpu[m]);
                ratios.add(new Ratio(
                        model.name(),
                        Samples.median(cpuRatios),
                        cpuRatios[interval[0]],
                        cpuRatios[interval[1]],
                        Samples.median(sortedRatios(wall[0], wall[m]))));
            }
            for (int o = 0; o < m; o++) {
                Contestant ours = contestants.get(o);
                if (!ours.network.model().equals(model) || ours.network.engine() != TrainingEngine.QEXIT) {
                    continue;
                }
                boolean threaded = each.threads > 1;
                double[] walls = threaded ? sortedRatios(wall[m], wall[o]) : sortedRatios(wall[o], wall[m]);
                double[] all = threaded ? walls : sortedRatios(cpu[o], cpu[m]);
                engines.add(new EngineRatio(
                        model.name(),
                        threaded ? "1 thread" : "dl4j",
                        Samples.median(all),
                        all[interval[0]],
                        all[interval[1]],
                        Samples.median(walls)));
            }
        }
        return new StepTimes(rounds, times, ratios, engines);
    }

    /** Where this many further steps of the hybrid model spend their time. */
    public StepProfile profile(int steps) {
        Contestant hybrid = contestants.get(0);
        return StepProfile.record(() -> {
            for (int i = 0; i < steps; i++) {
                hybrid.prepare();
                hybrid.step();
            }
        });
    }

    private static double[] sortedRatios(double[] numerators, double[] denominators) {
        double[] ratios = new double[numerators.length];
        Arrays.setAll(ratios, i -> numerators[i] / denominators[i]);
        Arrays.sort(ratios);
        return ratios;
    }

    /** Ranks (from 0) of a 95 % interval of the median of n values, by the normal approximation of the binomial: n/2 ± 1.96 √n / 2. */
    static int[] medianInterval(int n) {
        int margin = (int) Math.ceil(Rate.Z * Math.sqrt(n) / 2);
        int low = Math.max(0, (n - 1) / 2 - margin);
        return new int[] {low, n - 1 - low};
    }

    /** A model that trains on random images. */
    private final class Contestant {
        private final Network network;
        private final int threads;
        private final float[] images;
        private final int[] labels = new int[batch];
        private final SplittableRandom stream;

        Contestant(ModelConfig model, TrainingEngine engine, int threads, RandomStreams random) {
            this.threads = threads;
            network = Network.forTraining(model, step -> LEARNING_RATE, engine, threads);
            network.initialise(random);
            images = new float[batch * model.features()];
            stream = random.stream("bench/train");
            for (int k = 0; k < batch; k++) {
                labels[k] = k < Math.max(1, CRITICAL_SHARE * batch) ? 1 : 0;
            }
            network.judgeBy(new CoupledLoss(Objective.of(
                            model.exits(),
                            List.of(new LossTerm.CrossEntropy(null, null, null, null), new LossTerm.Path(null)))
                    .with(new SoftRule(Margin.PROBABILITY, 20, 0.1, 0.6))));
        }

        boolean isLike(Contestant other) {
            return network.engine() == other.network.engine() && threads == other.threads;
        }

        /** Fresh images, outside of what is timed: who trains on one batch for ever ends among the smallest of numbers, which are slow. */
        void prepare() {
            for (int i = 0; i < images.length; i++) {
                images[i] = (stream.nextInt() >>> 8) * 0x1p-24f;
            }
        }

        void step() {
            network.fit(images, labels, batch);
        }
    }
}
