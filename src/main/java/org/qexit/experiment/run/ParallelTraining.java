package org.qexit.experiment.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.qexit.common.Provenance;
import org.qexit.common.RandomStreams;
import org.qexit.common.Waiting;
import org.qexit.nn.ExitCost;
import org.qexit.nn.ModelConfig;
import org.qexit.nn.TrainingConfig;
import org.qexit.nn.store.ModelDirectory;
import org.qexit.nn.training.EpochRecord;
import org.qexit.nn.training.TrainedModel;
import org.qexit.nn.training.Trainer;
import org.qexit.nn.training.TrainingData;

/** Trains the models of a run, side by side, as many as there are cores; cores that are left over share their steps. */
final class ParallelTraining {
    private ParallelTraining() {}

    /**
     * @param training how all of them are trained
     * @param directory each model's checkpoints and parameters go to {@code <directory>/<name>}
     * @return in the order of {@code models}
     */
    static List<TrainedNetwork> trainAll(
            TrainingConfig training,
            Map<String, ModelConfig> models,
            TrainingData data,
            RandomStreams random,
            Provenance provenance,
            Path directory) {
        int processors = Runtime.getRuntime().availableProcessors();
        int trainings = Math.min(models.size(), processors);
        ExecutorService pool = Executors.newFixedThreadPool(trainings);
        try {
            List<Future<TrainedNetwork>> futures = new ArrayList<>();
            models.forEach((name, model) -> futures.add(pool.submit(() -> train(
                    training,
                    name,
                    Trainer.of(model, training, data, random, TrainingRun.chooser(training))
                            .onThreads(processors / trainings),
                    model,
                    provenance,
                    directory.resolve(name)))));
            List<TrainedNetwork> networks = new ArrayList<>();
            for (Future<TrainedNetwork> future : futures) {
                networks.add(Waiting.resultOf(future));
            }
            return networks;
        } finally {
            pool.shutdownNow();
        }
    }

    /** Every model starts from the same named streams: what two of them share is initialised alike. */
    private static TrainedNetwork train(
            TrainingConfig training,
            String name,
            Trainer trainer,
            ModelConfig model,
            Provenance provenance,
            Path directory) {
        long start = System.nanoTime();
        TrainedModel trained = trainer.complete(directory, provenance);
        double seconds = (System.nanoTime() - start) * 1e-9;
        double epochs =
                trained.history().stream().mapToDouble(EpochRecord::seconds).sum();
        ModelDirectory.write(directory, trained.stored(training, provenance));
        return new TrainedNetwork(
                name,
                trained,
                training,
                trained.model().sha256(),
                ExitCost.of(model),
                // Of a training that was taken up again, the part before counts too.
                Math.max(seconds, epochs));
    }
}
