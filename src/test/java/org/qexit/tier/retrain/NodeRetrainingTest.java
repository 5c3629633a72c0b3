package org.qexit.tier.retrain;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.qexit.common.RandomStreams;
import org.qexit.common.UserError;
import org.qexit.data.Dataset;
import org.qexit.data.LabelledSet;
import org.qexit.data.Split;
import org.qexit.data.Task;
import org.qexit.data.catalog.Datasets;
import org.qexit.nn.Activation;
import org.qexit.nn.BlockConfig;
import org.qexit.nn.ModelConfig;
import org.qexit.nn.Tensor;
import org.qexit.nn.head.HeadConfig;
import org.qexit.nn.node.ClassTrainingConfig;
import org.qexit.nn.node.EdgeRole;
import org.qexit.nn.node.PayloadEncoder;
import org.qexit.nn.training.TrainedModel;
import org.qexit.nn.training.Trainer;
import org.qexit.nn.training.TrainingData;
import org.qexit.tier.cloud.Acceptance;
import org.qexit.tier.cloud.AcceptanceRules;
import org.qexit.tier.cloud.Example;
import org.qexit.tier.cloud.Verdict;
import org.qexit.trace.ClassThresholds;

/** On real images: after a drift the retrained model is accepted, without one it is not. */
class NodeRetrainingTest {
    private static final List<Integer> CRITICAL = List.of(2, 4, 6);
    private static final RandomStreams RANDOM = RandomStreams.of(3);

    private static Dataset images;
    private static NodeVersion current;

    private static ClassTrainingConfig training(int epochs, double rate) {
        return new ClassTrainingConfig(epochs, 32, rate, null, null, 0.25, null, null);
    }

    private static LabelledSet events(int from, int to) {
        return LabelledSet.of(
                images, Task.of(CRITICAL, 0.3), IntStream.range(from, to).toArray());
    }

    private static LabelledSet noisy(LabelledSet events, double noise) {
        SplittableRandom random = new SplittableRandom(5);
        float[][] pixels = new float[events.size()][images.features()];
        for (int k = 0; k < pixels.length; k++) {
            events.copyTo(k, pixels[k], 0);
            for (int i = 0; i < pixels[k].length; i++) {
                pixels[k][i] = (float) Math.min(1, Math.max(0, pixels[k][i] + noise * random.nextGaussian()));
            }
        }
        int[] shape = {images.channels(), images.height(), images.width()};
        Dataset changed = Dataset.ofFloats("noisy", shape, pixels, events.classes(), images.classNames());
        return new LabelledSet(changed, IntStream.range(0, pixels.length).toArray(), events.labels(), events.classes());
    }

    private static ModelConfig network() {
        return new ModelConfig(
                "en",
                null,
                null,
                null,
                Activation.RELU,
                List.of(new BlockConfig(6, null, 4, null), new BlockConfig(12, null, null, null)),
                List.of(HeadConfig.linear(), HeadConfig.linear()));
    }

    @BeforeAll
    static void trainsTheDeployedModel() {
        images = Datasets.load("fashion-mnist-12k", Split.TRAIN);
        EdgeRole role = new EdgeRole(CRITICAL, PayloadEncoder.events(images).payload(), training(4, 4e-3));
        TrainingData data = TrainingData.of(events(0, 1500), 0.25, RANDOM);
        TrainedModel trained = Trainer.ofClasses(network(), role, data, RANDOM).train();
        current = new NodeVersion(trained.model(), role, new ClassThresholds(0.2f, 0.9f));
    }

    private static Verdict verdict(NodeVersion candidate, LabelledSet tested) {
        ClassThresholds.Decision[] before = current.decide(List.of(tested))[0];
        ClassThresholds.Decision[] after = candidate.decide(List.of(tested))[0];
        List<Example> examples = new ArrayList<>();
        for (int k = 0; k < tested.size(); k++) {
            examples.add(new Example("" + k, "" + k, "ue" + k % 4, tested.classes()[k], 0));
        }
        return new Acceptance(new AcceptanceRules(0.05, 0, 0.3, null))
                .test(1, examples, one -> CRITICAL.contains(one.classId()), right(before), right(after))
                .verdict();
    }

    private static Predicate<Example> right(ClassThresholds.Decision[] decisions) {
        return example -> {
            int named = decisions[Integer.parseInt(example.event())].classId();
            return CRITICAL.contains(example.classId())
                    ? named == example.classId()
                    : named == ClassThresholds.FALSE_ALARM;
        };
    }

    @Test
    void afterADriftItIsAcceptedAndWithoutOneAWorseCandidateIsNot() {
        NodeRetraining retraining = new NodeRetraining(training(5, 2e-3), 1);
        NodeRetraining.Candidate candidate =
                retraining.train(current, noisy(events(2000, 2500), 0.3), RandomStreams.of(1));
        assertEquals(Verdict.BETTER, verdict(candidate.version(), noisy(events(3000, 3400), 0.3)));
        assertFalse(verdict(candidate.version(), events(3000, 3400)).accepted());
        assertEquals(125, candidate.heldOut().size());
        assertEquals(candidate.choice().thresholds(), candidate.version().thresholds());
        assertEquals(current.bits(), candidate.version().bits());
    }

    /** Devices that raise no false alarm send nothing else. */
    @Test
    void learnsFromCriticalEventsAlone() {
        LabelledSet events = events(2000, 2600);
        int[] critical = IntStream.range(0, events.size())
                .filter(k -> CRITICAL.contains(events.classes()[k]))
                .toArray();
        LabelledSet alone = noisy(events.select(critical), 0.3);
        NodeRetraining.Candidate candidate =
                new NodeRetraining(training(5, 2e-3), 1).train(current, alone, RandomStreams.of(1));
        LabelledSet fresh = events(3000, 3800);
        int[] tested = IntStream.range(0, fresh.size())
                .filter(k -> CRITICAL.contains(fresh.classes()[k]))
                .toArray();
        assertEquals(Verdict.BETTER, verdict(candidate.version(), noisy(fresh.select(tested), 0.3)));
    }

    @Test
    void theSameEventsAndSeedGiveTheSameCandidate() {
        NodeRetraining retraining = new NodeRetraining(training(1, 1e-3), 0.9);
        LabelledSet events = events(2000, 2120);
        NodeVersion one = retraining.train(current, events, RandomStreams.of(1)).version();
        NodeVersion two = retraining.train(current, events, RandomStreams.of(1)).version();
        assertEquals(one.sha256(), two.sha256());
        assertEquals(one.thresholds(), two.thresholds());
        assertFalse(one.sha256()
                .equals(retraining
                        .train(current, events, RandomStreams.of(2))
                        .version()
                        .sha256()));
    }

    /** It begins where the model is: with next to no learning rate it stays there. */
    @Test
    void aTrainingBeginsWithTheParametersGiven() {
        NodeVersion candidate = new NodeRetraining(training(1, 1e-9), 1)
                .train(current, events(2000, 2100), RandomStreams.of(1))
                .version();
        List<Tensor> before = current.model().tensors();
        for (int i = 0; i < before.size(); i++) {
            assertArrayEquals(
                    before.get(i).values(), candidate.model().tensors().get(i).values(), 1e-6f);
        }
        ClassThresholds.Decision[][] decisions = current.decide(List.of(events(0, 3), events(3, 5)));
        assertEquals(
                List.of(3, 2), Arrays.stream(decisions).map(own -> own.length).toList());
    }

    @Test
    void refusesWhatDoesNotFit() {
        NodeRetraining retraining = new NodeRetraining(training(1, 1e-3), 1);
        int[] normal = IntStream.range(0, 3000)
                .filter(k -> !CRITICAL.contains(images.classOf(k)))
                .limit(50)
                .toArray();
        LabelledSet none = LabelledSet.of(images, Task.of(CRITICAL, 0.3), normal);
        UserError error = assertThrows(UserError.class, () -> retraining.train(current, none, RandomStreams.of(1)));
        assertTrue(error.getMessage().contains("0 critical events"), error.getMessage());
        ModelConfig other = new ModelConfig(
                "en",
                null,
                null,
                null,
                Activation.RELU,
                List.of(new BlockConfig(3, null, 4, null)),
                List.of(HeadConfig.linear()));
        TrainingData data = TrainingData.of(events(0, 100), 0.25, RANDOM);
        Trainer trainer = Trainer.ofClasses(other, current.role(), data, RANDOM);
        assertThrows(UserError.class, () -> trainer.from(current.model()));
        assertThrows(IllegalArgumentException.class, () -> new NodeRetraining(training(1, 1e-3), 2));
    }
}
