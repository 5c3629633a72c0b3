package org.qexit.experiment.run;

import java.nio.file.Path;
import org.qexit.common.Checks;
import org.qexit.common.RandomStreams;
import org.qexit.common.UserError;
import org.qexit.data.LabelledSet;
import org.qexit.nn.node.EdgeNodeConfig;
import org.qexit.nn.node.EdgeRole;
import org.qexit.nn.node.PayloadEncoder;
import org.qexit.nn.node.PayloadKind;
import org.qexit.nn.store.StoredModel;
import org.qexit.nn.training.TrainedModel;
import org.qexit.nn.training.Trainer;
import org.qexit.nn.training.TrainingData;
import org.qexit.nn.training.TrainingListener;

/**
 * The training of an edge node's model as a configuration says, on the events that the devices' models learn from, as the devices would send
 * them. What is held out of the one is held out of the other where both hold out the same share.
 */
public final class EdgeNodeTraining {
    private final EdgeNodeConfig config;
    private final RunData data;

    /** @param config the section {@code edgeNode} */
    EdgeNodeTraining(EdgeNodeConfig config, RunData data) {
        this.config = Checks.present("edgeNode", config);
        this.data = data;
    }

    /** @throws UserError if the configuration has no section {@code edgeNode} */
    public static EdgeNodeTraining of(TrainingRun run, RunData data) {
        if (run.edgeNode() == null) {
            throw new UserError("run " + run.name() + ": has no section edgeNode, which says what to train");
        }
        return new EdgeNodeTraining(run.edgeNode(), data);
    }

    /** What is trained if nobody asks for another. */
    public PayloadKind deployed() {
        return config.all().get(0);
    }

    /**
     * Trains the model for a payload.
     *
     * @param device the model of the devices that send features, else null
     * @param directory the model directory; kept whole after every epoch
     * @param resume whether to take up the unfinished training there; does no harm where there is none, or it is over
     */
    public TrainedModel train(
            PayloadKind kind, StoredModel device, Path directory, boolean resume, TrainingListener listener) {
        return TrainingRun.train(trainer(kind, device).with(listener), directory, resume);
    }

    /** The trainer of the model for a payload. */
    private Trainer trainer(PayloadKind kind, StoredModel device) {
        return trainer(kind, device, config.model(kind).name());
    }

    /** The same under another name. */
    Trainer trainer(PayloadKind kind, StoredModel device, String name) {
        TrainingData events = data.learning(config.training().heldOutFraction());
        PayloadEncoder encoder = encoder(kind, device, events.train());
        TrainingData sent = new TrainingData(encoder.encode(events.train()), encoder.encode(events.heldOut()));
        EdgeRole role = new EdgeRole(data.critical(), encoder.payload(), config.training());
        // Its own streams, so that no choice of one model's training is the other's.
        RandomStreams random = RandomStreams.of(data.random().seed("edge-node"));
        return Trainer.ofClasses(config.model(kind).withName(name), role, sent, random);
    }

    private PayloadEncoder encoder(PayloadKind kind, StoredModel device, LabelledSet train) {
        return switch (kind) {
            case EVENT -> PayloadEncoder.events(train.dataset());
            case FEATURES -> {
                if (device == null) {
                    throw new UserError(
                            "payload features: the edge node's model is trained on what the first block of a"
                                    + " device's model makes. Maybe name that model's directory with --ue");
                }
                data.fitting(device.model().config());
                yield PayloadEncoder.features(config.bits(), device.model(), device.parametersSha256(), train);
            }
        };
    }
}
