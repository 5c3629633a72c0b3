package org.qexit.tier.cloud;

import java.io.Serializable;
import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.qexit.common.Checks;
import org.qexit.common.statistics.ClopperPearson;

/**
 * Two models on the same n events, of which the new one is right and the old one wrong on {@code won}, the other way round on {@code lost}.
 *
 * @param won events
 * @param lost events
 * @param events n
 */
public record PairedTest(int won, int lost, int events) implements Serializable {
    public PairedTest {
        Checks.within("won", won, 0, Integer.MAX_VALUE);
        Checks.within("lost", lost, 0, Integer.MAX_VALUE);
        if ((long) won + lost > events) {
            throw new IllegalArgumentException(won + " won and " + lost + " lost of " + events + " events");
        }
    }

    /**
     * The one-sided p-value of McNemar's exact test of "the new model is no better": P(Bin(won + lost, 1/2) &ge; won); 1 where no event tells them
     * apart.
     */
    public double pBetter() {
        return won == 0 ? 1 : BinomialDistribution.of(won + lost, 0.5).survivalProbability(won - 1);
    }

    /**
     * The upper 1 - &alpha; limit of what the new model loses, P(lost) - P(won): the difference of the Clopper-Pearson limits of both at &alpha;/2,
     * exact by Bonferroni's inequality; 1 without events.
     */
    public double upperLoss(double alpha) {
        return events == 0
                ? 1
                : ClopperPearson.upper(lost, events, alpha / 2) - ClopperPearson.lower(won, events, alpha / 2);
    }
}
