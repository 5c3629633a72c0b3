package org.qexit.nn.loss;

import java.util.Arrays;

/**
 * Evaluates an {@link Objective} on a batch of logits and differentiates it, in double precision, in O(events · exits). Logits
 * are {@code [event][2 · exit + class]}, flattened; class 0 is normal, class 1 critical. Every term depends on them through the
 * margins z = z_1 − z_0 = logit C alone. Reuses its arrays: one thread at a time.
 */
public final class CoupledLoss implements LogitLoss {
    private final SoftDecisions decisions = new SoftDecisions();
    private double[] gradient = new double[0];
    private double[] margins = new double[0];
    private double[] crossEntropies = new double[0];
    private double loss;
    private double utility;
    private double offload;
    private double falsePositives;
    private double utilityShift;
    private double offloadShift;
    private double[] lowerGradients = new double[0];
    private double[] upperGradients = new double[0];
    private Objective objective;

    /** Judges by nothing until it is told by what. */
    public CoupledLoss() {}

    public CoupledLoss(Objective objective) {
        this.objective = objective;
    }

    /** What the next batches that come without an objective are judged by. */
    public void judgeBy(Objective next) {
        objective = next;
    }

    @Override
    public void evaluate(double[] logits, int[] truth, int batch) {
        byte[] labels = new byte[batch];
        for (int k = 0; k < batch; k++) {
            labels[k] = (byte) truth[k];
        }
        evaluate(objective, logits, labels, batch);
    }

    /** Computes loss and gradients; read them from the accessors before the next call. */
    public void evaluate(Objective objective, double[] logits, byte[] labels, int batch) {
        int exits = objective.exits();
        resize(batch, exits);
        for (int i = 0; i < batch * exits; i++) {
            margins[i] = logits[2 * i + 1] - logits[2 * i];
        }
        loss = 0;
        utility = Double.NaN;
        offload = Double.NaN;
        falsePositives = Double.NaN;
        utilityShift = 0;
        offloadShift = 0;
        EventTerms eventTerms = new EventTerms(exits, labels, batch);
        objective.terms().forEach(term -> term.visit(eventTerms));
        if (!eventTerms.reported) {
            addCrossEntropies(new LossTerm.CrossEntropy(0.0, null, null, null), exits, labels, batch, true);
        }
        if (objective.rewardsUtility()) {
            addUtility(objective, labels, batch);
        }
    }

    /** Adds the terms that are sums over events; what rewards utility waits for the soft decisions. */
    private final class EventTerms implements LossTerm.Cases {
        private final int exits;
        private final byte[] labels;
        private final int batch;
        private boolean reported;

        EventTerms(int exits, byte[] labels, int batch) {
            this.exits = exits;
            this.labels = labels;
            this.batch = batch;
        }

        @Override
        public void crossEntropy(LossTerm.CrossEntropy term) {
            addCrossEntropies(term, exits, labels, batch, !reported);
            reported = true;
        }

        @Override
        public void distillation(LossTerm.Distillation term) {
            addDistillation(term, exits, batch);
        }

        @Override
        public void path(LossTerm.Path term) {
            // A function of all decisions together: see addUtility.
        }

        @Override
        public void published(LossTerm.Published term) {
            // As above.
        }
    }

    private void resize(int batch, int exits) {
        int length = batch * exits;
        if (gradient.length != 2 * length) {
            gradient = new double[2 * length];
            margins = new double[length];
        }
        if (crossEntropies.length != exits) {
            crossEntropies = new double[exits];
            lowerGradients = new double[exits];
            upperGradients = new double[exits];
        }
        Arrays.fill(lowerGradients, 0);
        Arrays.fill(upperGradients, 0);
        Arrays.fill(gradient, 0);
        Arrays.fill(crossEntropies, 0);
    }

    private void addCrossEntropies(LossTerm.CrossEntropy term, int exits, byte[] labels, int batch, boolean reported) {
        double critical = term.criticalWeight();
        double weights = 0;
        for (int k = 0; k < batch; k++) {
            weights += labels[k] == 1 ? critical : 1;
        }
        double[] sums = reported ? crossEntropies : new double[exits];
        for (int k = 0; k < batch; k++) {
            double share = (labels[k] == 1 ? critical : 1) / weights;
            for (int q = 0; q < exits; q++) {
                double margin = margins[k * exits + q];
                // −ln of the true class' probability is softplus of the margin towards the other class.
                double surprise = softplus(labels[k] == 1 ? -margin : margin);
                double error = sigmoid(margin) - labels[k];
                if (term.focal() > 0) {
                    double other = Math.abs(error);
                    double focus = StrictMath.pow(other, term.focal());
                    // d/dz of (1 − p)^γ (−ln p) is (1 − p)^γ (error ± γ p (−ln p)), away from the true class.
                    error = focus * (error + Math.copySign(term.focal() * (1 - other) * surprise, error));
                    surprise *= focus;
                }
                sums[q] += share * surprise;
                addMarginGradient(k * exits + q, term.weight() * term.exitWeight(q) * share * error);
            }
        }
        for (int q = 0; q < exits; q++) {
            loss += term.weight() * term.exitWeight(q) * sums[q];
        }
    }

    private void addDistillation(LossTerm.Distillation term, int exits, int batch) {
        double temperature = term.temperature();
        for (int k = 0; k < batch; k++) {
            double teacher = margins[k * exits + exits - 1] / temperature;
            double p = sigmoid(teacher);
            // The teacher's entropy, −Σ p ln p.
            double entropy = p * softplus(-teacher) + (1 - p) * softplus(teacher);
            for (int q = 0; q < exits - 1; q++) {
                double student = margins[k * exits + q] / temperature;
                double cross = p * softplus(-student) + (1 - p) * softplus(student);
                loss += term.weight() * temperature * temperature * (cross - entropy) / batch;
                addMarginGradient(k * exits + q, term.weight() * temperature * (sigmoid(student) - p) / batch);
            }
        }
    }

    private void addUtility(Objective objective, byte[] labels, int batch) {
        int exits = objective.exits();
        SoftRule rule = objective.rule();
        decisions.evaluate(rule, margins, exits, batch);
        int positives = 0;
        double found = 0;
        double offloaded = 0;
        for (int k = 0; k < batch; k++) {
            offloaded += decisions.critical[k];
            positives += labels[k];
            found += labels[k] * decisions.critical[k];
        }
        // The constraints of the published surrogate are the path's too: it has none of its own.
        offload = offloaded / batch;
        loss += objective.multiplier() * (offload - objective.offloadBudget());
        double perOffload = objective.multiplier() / batch;
        double perFalse = 0;
        if (positives < batch) {
            falsePositives = (offloaded - found) / (batch - positives);
            loss += objective.falsePositiveMultiplier() * (falsePositives - objective.falsePositiveCap());
            perFalse = objective.falsePositiveMultiplier() / (batch - positives);
        }
        double perFound = 0;
        if (positives > 0) {
            utility = found / positives;
            for (LossTerm term : objective.terms()) {
                if (term instanceof LossTerm.Path path) {
                    loss -= path.weight() * StrictMath.log(utility + Objective.FLOOR);
                    perFound -= path.weight() / ((utility + Objective.FLOOR) * positives);
                }
            }
        }
        for (int k = 0; k < batch; k++) {
            double upstream = perOffload + (labels[k] == 1 ? perFound : perFalse);
            double shift = 0;
            for (int q = 0; q < exits; q++) {
                int at = k * exits + q;
                addPositionGradient(rule, at, upstream * decisions.slope[at]);
                lowerGradients[q] += upstream * decisions.lowerSlope[at];
                upperGradients[q] += upstream * decisions.upperSlope[at];
                shift += decisions.lowerSlope[at] + decisions.upperSlope[at];
            }
            offloadShift += shift / batch;
            utilityShift += labels[k] == 1 ? shift / positives : 0;
        }
        if (rule.margin() == Margin.LOGIT) {
            for (int q = 0; q < exits; q++) {
                lowerGradients[q] = perProbability(lowerGradients[q], rule.lower(q));
                upperGradients[q] = perProbability(upperGradients[q], rule.upper(q));
            }
        }
        for (LossTerm term : objective.terms()) {
            if (term instanceof LossTerm.Published published && published.weight() > 0 && positives > 0) {
                addPublished(objective, published.weight(), labels, batch, positives);
            }
        }
    }

    /** A derivative by a threshold's logit as one by the threshold; 0 where the logit is infinite. */
    private static double perProbability(double perLogit, double threshold) {
        return threshold > 0 && threshold < 1 ? perLogit / (threshold * (1 - threshold)) : 0;
    }

    private void addPublished(Objective objective, double weight, byte[] labels, int batch, int positives) {
        boolean alone = objective.terms().stream().noneMatch(LossTerm.Path.class::isInstance);
        PublishedReward reward = new PublishedReward(objective);
        double found = 0;
        for (int k = 0; k < batch; k++) {
            found += labels[k] == 1 ? reward.of(margins, k) : 0;
        }
        double rate = found / positives;
        if (alone) {
            utility = rate;
        }
        loss -= weight * StrictMath.log(rate + Objective.FLOOR);
        double perFound = -weight / ((rate + Objective.FLOOR) * positives);
        for (int k = 0; k < batch; k++) {
            if (labels[k] == 1) {
                reward.differentiate(margins, k);
                for (int q = 0; q < objective.exits(); q++) {
                    double slope = perFound * reward.slope(q);
                    double c = sigmoid(margins[k * objective.exits() + q]);
                    addMarginGradient(k * objective.exits() + q, slope * c * (1 - c));
                    lowerGradients[q] += perFound * reward.lowerSlope(q);
                    upperGradients[q] += perFound * reward.upperSlope(q);
                }
            }
        }
    }

    private void addMarginGradient(int index, double g) {
        gradient[2 * index + 1] += g;
        gradient[2 * index] -= g;
    }

    /** ∂C/∂z1 = C (1 − C) = −∂C/∂z0. */
    private void addPositionGradient(SoftRule rule, int index, double upstream) {
        if (rule.margin() == Margin.LOGIT) {
            addMarginGradient(index, upstream);
        } else {
            double c = sigmoid(margins[index]);
            addMarginGradient(index, upstream * c * (1 - c));
        }
    }

    /** The confidence "critical" of the two logits from {@code at} on, Eq. (1). */
    public static double confidence(double[] logits, int at) {
        return confidence(logits[at + 1] - logits[at]);
    }

    /** The confidence of a margin z = logit C. */
    public static double confidence(double margin) {
        return sigmoid(margin);
    }

    static double sigmoid(double x) {
        if (x >= 0) {
            return 1 / (1 + StrictMath.exp(-x));
        }
        double e = StrictMath.exp(x);
        return e / (1 + e);
    }

    static double softplus(double x) {
        return Math.max(x, 0) + StrictMath.log1p(Math.exp(-Math.abs(x)));
    }

    @Override
    public double loss() {
        return loss;
    }

    /** CE_q of the last batch, {@code [exit]}, of the first cross-entropy term with its focus; not a copy. */
    @Override
    public double[] crossEntropies() {
        return crossEntropies;
    }

    /** Ũ of the last batch; NaN without critical events or without a term that rewards utility. */
    public double utility() {
        return utility;
    }

    /** Õ of the last batch; NaN without a term that rewards utility. */
    public double offload() {
        return offload;
    }

    /** F̃ of the last batch; NaN without normal events or without a term that rewards utility. */
    public double falsePositives() {
        return falsePositives;
    }

    /** ∂Ũ/∂τ of the path surrogate where both thresholds move by τ in the margin's unit; 0 without critical events. */
    public double utilityShift() {
        return utilityShift;
    }

    /** ∂Õ/∂τ, likewise. */
    public double offloadShift() {
        return offloadShift;
    }

    /** logit C of the last batch, {@code [event · exits + exit]}; not a copy. */
    public double[] margins() {
        return margins;
    }

    @Override
    public double[] gradient() {
        return gradient;
    }

    /** ∂L/∂l of the last batch, where all exits share l. */
    public double lowerGradient() {
        return Arrays.stream(lowerGradients).sum();
    }

    /** ∂L/∂u of the last batch, where all exits share u. */
    public double upperGradient() {
        return Arrays.stream(upperGradients).sum();
    }

    /** ∂L/∂l_q of the last batch; 0 where the test never or always fires. */
    public double lowerGradient(int exit) {
        return lowerGradients[exit];
    }

    /** ∂L/∂u_q of the last batch; 0 where the test never or always fires. */
    public double upperGradient(int exit) {
        return upperGradients[exit];
    }
}
