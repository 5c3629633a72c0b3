package org.qexit.nn.loss;

import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * A {@link LogitLoss} as DL4J sees it: pre-activations are the logits of all exits side by side, labels one column of class ids,
 * the activation the identity. DL4J wants gradients and scores summed over the batch, for it divides by its size afterwards.
 * Belongs to one graph; the loss may change between batches.
 */
public final class BatchLossFunction implements ILossFunction {
    private static final long serialVersionUID = 1L;

    private transient LogitLoss loss;
    private transient double[] lastLogits = new double[0];

    public BatchLossFunction(LogitLoss loss) {
        this.loss = loss;
    }

    /** What the next batches are judged by. */
    public void judgeBy(LogitLoss next) {
        loss = next;
    }

    /** The logits of the last batch, {@code [event][K · exit + class]}, flattened; not a copy. */
    public double[] lastLogits() {
        return lastLogits;
    }

    @Override
    public double computeScore(
            INDArray labels, INDArray logits, IActivation activation, INDArray mask, boolean average) {
        evaluate(labels, logits);
        return average ? loss.loss() : loss.loss() * logits.size(0);
    }

    @Override
    public INDArray computeScoreArray(INDArray labels, INDArray logits, IActivation activation, INDArray mask) {
        throw new UnsupportedOperationException("the loss is a property of the batch, not a sum over its events");
    }

    @Override
    public INDArray computeGradient(INDArray labels, INDArray logits, IActivation activation, INDArray mask) {
        evaluate(labels, logits);
        return summedGradient(logits);
    }

    @Override
    public Pair<Double, INDArray> computeGradientAndScore(
            INDArray labels, INDArray logits, IActivation activation, INDArray mask, boolean average) {
        double score = computeScore(labels, logits, activation, mask, average);
        return Pair.of(score, summedGradient(logits));
    }

    @Override
    public String name() {
        return "BatchLoss";
    }

    private void evaluate(INDArray labels, INDArray logits) {
        int[] truth = new int[Math.toIntExact(labels.length())];
        double[] values = labels.dup('c').data().asDouble();
        for (int k = 0; k < truth.length; k++) {
            truth[k] = (int) values[k];
        }
        lastLogits = logits.dup('c').data().asDouble();
        loss.evaluate(lastLogits, truth, truth.length);
    }

    private INDArray summedGradient(INDArray logits) {
        double[] mean = loss.gradient();
        double[] sum = new double[mean.length];
        for (int i = 0; i < sum.length; i++) {
            sum[i] = mean[i] * logits.size(0);
        }
        return Nd4j.createFromArray(sum).reshape('c', logits.shape()).castTo(logits.dataType());
    }
}
