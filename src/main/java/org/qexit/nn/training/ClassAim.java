package org.qexit.nn.training;

import java.util.List;
import org.qexit.common.Checks;
import org.qexit.common.Json;
import org.qexit.common.Provenance;
import org.qexit.common.UserError;
import org.qexit.nn.ModelConfig;
import org.qexit.nn.TrainingConfig;
import org.qexit.nn.TrainingEngine;
import org.qexit.nn.node.EdgeRole;
import org.qexit.nn.store.StoredModel;
import org.qexit.nn.training.utility.Multipliers;

/**
 * An edge node's model.
 *
 * @param role what it is for, and how it is trained
 */
record ClassAim(EdgeRole role) implements TrainingAim {
    ClassAim {
        Checks.present("role", role);
    }

    @Override
    public TrainingConfig.Course course() {
        return role.training().course();
    }

    @Override
    public String settings() {
        return Json.compact(
                new EdgeRole(role.critical(), role.payload(), role.training().with(TrainingEngine.QEXIT)));
    }

    @Override
    public void check(ModelConfig model) {
        String what = "training of model " + model.name() + ": ";
        if (model.binary()) {
            throw new UserError(what + "it has no classes; expected those of the data set");
        }
        try {
            role.checkClasses(model.outputs());
            role.training().weights(model.exits());
        } catch (IllegalArgumentException e) {
            throw new UserError(what + e.getMessage(), e);
        }
    }

    @Override
    public TrainingObjective begin(TrainingTask task) {
        return new ClassObjective(task, role.training());
    }

    @Override
    public TrainingState initial(int exits) {
        return new TrainingState(
                0, 0, Multipliers.ZERO, 0, null, null, 1, new double[exits], 0, EpochSums.none(exits), List.of());
    }

    @Override
    public StoredModel stored(TrainedModel trained, Provenance provenance) {
        return new StoredModel(trained.model(), null, trained.bestEpoch(), null, provenance, role);
    }

    @Override
    public boolean isOf(StoredModel stored) {
        return stored.edgeNode() != null && settings().equals(new ClassAim(stored.edgeNode()).settings());
    }

    @Override
    public String warmUp(ModelConfig model, TrainingData data, long seed) {
        throw new IllegalStateException("model " + model.name() + " is an edge node's, whose training has no warm-up");
    }
}
