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
import org.qexit.nn.Twin;
import org.qexit.nn.loss.CoupledLoss;
import org.qexit.nn.loss.LossTerm;
import org.qexit.nn.loss.Margin;
import org.qexit.nn.loss.Objective;
import org.qexit.nn.loss.SoftRule;
import org.qexit.trace.Rate;

/**
 * Times training steps of a hybrid model beside those of its twins: one step of each in turn, the order reversed every round, so that
 * whatever the machine does meets all alike. A step is forward, coupled loss with surrogate, backward and Adam on one batch.
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
     */
    public StepBenchmark(ModelConfig hybrid, List<Twin> twins, int batch, long seed) {
        hybrid.checkResolved();
        this.batch = Checks.within("batch", batch, 2, 1 << 16);
        RandomStreams random = RandomStreams.of(seed);
        contestants.add(new Contestant(hybrid, batch, random));
        for (Twin twin : twins) {
            contestants.add(new Contestant(twin.of(hybrid), batch, random));
        }
    }

    /**
     * One model's steps, medians over the rounds in milliseconds.
     *
     * @param model its name
     * @param parameters of the whole model
     * @param headParameters of each head
     * @param cpuMillis processor time of the training thread
     * @param wallMillis time on the clock
     */
    public record Times(
            String model, long parameters, List<Long> headParameters, double cpuMillis, double wallMillis) {}

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
     * @param times the hybrid's first, then the twins'
     * @param ratios one per twin
     */
    public record StepTimes(int rounds, List<Times> times, List<Ratio> ratios) {}

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
        List<Times> times = new ArrayList<>();
        List<Ratio> ratios = new ArrayList<>();
        for (int m = 0; m < models; m++) {
            ModelConfig model = contestants.get(m).network.model();
            List<ExitCost> costs = ExitCost.of(model);
            times.add(new Times(
                    model.name(),
                    costs.get(costs.size() - 1).parameters(),
                    costs.stream().map(ExitCost::headParameters).toList(),
                    Samples.median(cpu[m]),
                    Samples.median(wall[m])));
            if (m > 0) {
                double[] cpuRatios = sortedRatios(cpu[0], cpu[m]);
                int[] interval = medianInterval(rounds);
                ratios.add(new Ratio(
                        model.name(),
                        Samples.median(cpuRatios),
                        cpuRatios[interval[0]],
                        cpuRatios[interval[1]],
                        Samples.median(sortedRatios(wall[0], wall[m]))));
            }
        }
        return new StepTimes(rounds, times, ratios);
    }

    /** Where this many further steps of the hybrid model spend their time. */
    public StepProfile profile(int steps) {
        Contestant hybrid = contestants.get(0);
        return StepProfile.record(() -> {
            for (int i = 0; i < steps; i++) {
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

    /** A model that trains on random images, over and over. */
    private final class Contestant {
        private final Network network;
        private final float[] images;
        private final int[] labels = new int[batch];

        Contestant(ModelConfig model, int batch, RandomStreams random) {
            network = Network.forTraining(model, step -> LEARNING_RATE);
            network.initialise(random);
            images = new float[batch * model.features()];
            SplittableRandom stream = random.stream("bench/train");
            for (int i = 0; i < images.length; i++) {
                images[i] = (float) stream.nextDouble();
            }
            for (int k = 0; k < batch; k++) {
                labels[k] = k < Math.max(1, CRITICAL_SHARE * batch) ? 1 : 0;
            }
            network.judgeBy(new CoupledLoss(Objective.of(
                            model.exits(),
                            List.of(new LossTerm.CrossEntropy(null, null, null, null), new LossTerm.Path(null)))
                    .with(new SoftRule(Margin.PROBABILITY, 20, 0.1, 0.6))));
        }

        void step() {
            network.fit(images, labels, batch);
        }
    }
}
