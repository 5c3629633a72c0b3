package org.qexit.nn.training.utility;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.qexit.common.Json;
import org.qexit.nn.TrainingConfig;
import org.qexit.nn.loss.CoupledLoss;
import org.qexit.nn.loss.LossTerm;
import org.qexit.nn.loss.Margin;
import org.qexit.nn.loss.Objective;
import org.qexit.nn.loss.SoftRule;

class MultipliersTest {
    private static final int BATCH = 200;

    private static TrainingConfig config(String rule) {
        return Json.parse(
                "config",
                "{\"offloadBudget\":0.1,\"falsePositiveCap\":0.02,\"dualStep\":0.5,\"multiplier\":\"" + rule + "\"}",
                TrainingConfig.class);
    }

    /** One exit, no lower threshold: s = σ_t(z − logit u). */
    private static CoupledLoss batch(double[] margins, byte[] labels, double upper, double multiplier) {
        double[] logits = new double[2 * BATCH];
        for (int k = 0; k < BATCH; k++) {
            logits[2 * k + 1] = margins[k];
        }
        CoupledLoss loss = new CoupledLoss();
        loss.evaluate(
                new Objective(
                        1,
                        List.of(new LossTerm.Path(0.7)),
                        new SoftRule(Margin.LOGIT, 1.5, 0, upper),
                        multiplier,
                        0.1,
                        0,
                        1,
                        new double[1]),
                logits,
                labels,
                BATCH);
        return loss;
    }

    @Test
    void ascentClimbsByTheExcess() {
        SplittableRandom random = new SplittableRandom(1);
        double[] margins = random.doubles(BATCH, -3, 3).toArray();
        CoupledLoss loss = batch(margins, labels(random), 0.6, 0);
        Multipliers next =
                new Multipliers(0.3, 0.1, 0, 0, 0).after(loss, config("ascent").budget(), 0.7);
        assertEquals(Math.max(0, 0.3 + 0.5 * (loss.offload() - 0.1)), next.offload(), 1e-15);
        assertEquals(Math.max(0, 0.1 + 0.5 * (loss.falsePositives() - 0.02)), next.falsePositive(), 1e-15);
    }

    /**
     * With the implicit μ, moving all scores together changes nothing to first order: the threshold would follow them. That is what the
     * gradient of "the true-positive rate at the budget" must do, and no other μ does.
     */
    @Test
    void implicitMultiplierMakesTheLossBlindToACommonShift() {
        SplittableRandom random = new SplittableRandom(2);
        double[] margins = random.doubles(BATCH, -3, 3).toArray();
        byte[] labels = labels(random);
        CoupledLoss loss = batch(margins, labels, 0.6, 0);
        Multipliers next = Multipliers.ZERO.after(loss, config("implicit").budget(), 0.7);
        double[] gradient = batch(margins, labels, 0.6, next.offload()).gradient();
        double along = 0;
        double size = 0;
        for (int k = 0; k < BATCH; k++) {
            along += gradient[2 * k + 1];
            size += Math.abs(gradient[2 * k + 1]);
        }
        assertEquals(0, along, 1e-5 * size);
        assertEquals(0.7 * loss.utilityShift() / loss.offloadShift() / loss.utility(), next.offload(), 1e-12);
        Multipliers again = next.after(loss, config("implicit").budget(), 0.7);
        assertEquals(next.offload(), again.offload(), 1e-12);
    }

    private static byte[] labels(SplittableRandom random) {
        byte[] labels = new byte[BATCH];
        for (int k = 0; k < BATCH; k++) {
            labels[k] = (byte) (random.nextDouble() < 0.3 ? 1 : 0);
        }
        return labels;
    }
}
