package org.qexit.experiment.rules;

import java.util.List;
import java.util.SplittableRandom;
import org.qexit.common.Checks;
import org.qexit.trace.DeviceTrace;

/**
 * Devices whose exits' scores are drawn: the logit of exit q is N(&plusmn; d_q / 2, 1), + for critical events, its noise in part that of the event, so that
 * exits err together: &radic;&rho; z + &radic;(1 - &rho;) z_q.
 *
 * @param devices how many
 * @param events per device in either part, validation and test
 * @param critical probability of a critical event
 * @param separations d_q, how well each exit tells the kinds apart, in standard deviations
 * @param shared &rho; in [0, 1]
 * @param costs of an event up to each exit, not falling, whole numbers of any unit
 */
public record DrawnScores(
        Integer devices, Integer events, Double critical, List<Double> separations, Double shared, List<Long> costs) {
    public DrawnScores {
        Checks.within("devices", Checks.present("devices", devices), 1, 100_000);
        Checks.within("events", Checks.present("events", events), 1, 1 << 22);
        Checks.within("critical", Checks.present("critical", critical), 0, 1);
        Checks.within("shared", Checks.present("shared", shared), 0, 1);
        separations = List.copyOf(Checks.present("separations", separations));
        costs = List.copyOf(Checks.present("costs", costs));
        Checks.within("separations", separations.size(), 1, 1000);
        separations.forEach(d -> Checks.nonNegative("separations", d));
        if (costs.size() != separations.size()) {
            throw new IllegalArgumentException(
                    costs.size() + " costs for " + separations.size() + " separations; expected as many");
        }
    }

    DeviceTrace draw(String device, SplittableRandom random) {
        long[] ids = new long[events];
        byte[] labels = new byte[events];
        float[][] scores = new float[separations.size()][events];
        for (int k = 0; k < events; k++) {
            ids[k] = k;
            labels[k] = (byte) (random.nextDouble() < critical ? 1 : 0);
            double own = random.nextGaussian();
            for (int q = 0; q < scores.length; q++) {
                double noise = Math.sqrt(shared) * own + Math.sqrt(1 - shared) * random.nextGaussian();
                double logit = (labels[k] - 0.5) * separations.get(q) + noise;
                scores[q][k] = (float) (1 / (1 + Math.exp(-logit)));
            }
        }
        return new DeviceTrace(device, ids, labels, scores);
    }
}
