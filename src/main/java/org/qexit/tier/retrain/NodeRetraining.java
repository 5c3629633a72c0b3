package org.qexit.tier.retrain;

import java.util.List;
import org.qexit.common.Checks;
import org.qexit.common.RandomStreams;
import org.qexit.data.LabelledSet;
import org.qexit.nn.node.ClassTrainingConfig;
import org.qexit.nn.node.EdgeRole;
import org.qexit.nn.training.TrainedModel;
import org.qexit.nn.training.Trainer;
import org.qexit.nn.training.TrainingData;
import org.qexit.threshold.node.NodeEvents;
import org.qexit.threshold.node.NodeSearch;
import org.qexit.trace.ClassTrace;

/**
 * Trains a node's model on from its parameters. A part of the events is held out of the training: it selects the epoch, and the candidate's thresholds
 * are the cheapest by exact search that keep a share of the best class accuracy on it. Whether the candidate is any good, others test on other events.
 *
 * @param training how long, how fast, and what share is held out
 * @param accuracy the share of the best class accuracy to keep, 0 to 1
 */
public record NodeRetraining(ClassTrainingConfig training, double accuracy) {
    public NodeRetraining {
        Checks.present("training", training);
        Checks.within("accuracy", accuracy, 0, 1);
    }

    /**
     * What a training came to.
     *
     * @param version the candidate
     * @param heldOut its trace of the events that were held out
     * @param choice of its thresholds on them
     * @param bestEpoch that its parameters are from
     */
    public record Candidate(NodeVersion version, ClassTrace heldOut, NodeSearch.Choice choice, int bestEpoch) {}

    /**
     * Trains; the same arguments give the same candidate.
     *
     * @param current the version to train on from
     * @param events labelled, as the node is sent them
     * @throws org.qexit.common.UserError if the events do not do, such as for lack of critical ones, or the training diverges
     */
    public Candidate train(NodeVersion current, LabelledSet events, RandomStreams random) {
        TrainingData data = TrainingData.of(events, training.heldOutFraction(), random);
        EdgeRole role = new EdgeRole(current.role().critical(), current.role().payload(), training);
        TrainedModel trained = Trainer.ofClasses(current.model().config(), role, data, random)
                .from(current.model())
                .train();
        NodeVersion open = new NodeVersion(trained.model(), role, current.thresholds());
        ClassTrace heldOut = open.trace("held out", data.heldOut());
        NodeSearch search = NodeSearch.of(NodeEvents.all(List.of(heldOut), role.critical()), open.costs());
        NodeSearch.Choice choice =
                search.reaching(accuracy * search.best().accuracy().orThrow());
        return new Candidate(
                new NodeVersion(trained.model(), role, choice.thresholds()), heldOut, choice, trained.bestEpoch());
    }
}
