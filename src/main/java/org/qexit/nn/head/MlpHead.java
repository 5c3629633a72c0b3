package org.qexit.nn.head;

import java.util.ArrayList;
import java.util.List;
import org.qexit.common.Checks;
import org.qexit.engine.RingUnit;
import org.qexit.engine.Stage;
import org.qexit.nn.layer.RingLayer;

/**
 * features → dense, tanh → dense to the logits; or residual rings in the place of the tanh.
 *
 * @param reduce how feature maps become a vector; null means flatten
 * @param hidden width of the hidden layer
 * @param rings residual rings behind the hidden layer, in place of its tanh; null means none
 * @param skips how many of them, the last ones, see the hidden layer again; null means none
 */
public record MlpHead(Reduction reduce, Integer hidden, Integer rings, Integer skips) implements HeadConfig {
    static final String KIND = "MLP";

    /** As many as a quantum head has layers. */
    private static final int MAX_RINGS = QuantumHead.MAX_LAYERS;

    /** Of a ring's first gains, as of the circuit parameters that it stands for. */
    private static final double RING_DEVIATION = QuantumHead.INITIAL_ANGLE_DEVIATION;

    public MlpHead {
        reduce = reduce == null ? Reduction.FLATTEN : reduce;
        Checks.within("hidden", Checks.present("hidden (width of an mlp head)", hidden), 1, 65_536);
        rings = rings == null || rings == 0 ? null : Checks.within("rings", rings, 0, MAX_RINGS);
        skips = skips == null || skips == 0
                ? null
                : Checks.within("skips (of the rings)", skips, 0, rings == null ? 0 : rings);
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public MlpHead with(Reduction other) {
        return new MlpHead(other, hidden, rings, skips);
    }

    @Override
    public List<HeadLayer> body(int features) {
        if (rings == null) {
            // Not the rectifier: a narrow layer of them gives every event that excites none the very same confidence.
            return List.of(HeadLayer.dense("hidden", features, hidden, 1, true));
        }
        return List.of(HeadLayer.dense("hidden", features, hidden, 1, false), ringLayer());
    }

    /** Two products per unit and ring, one per skip. Rings start as the identity plus something of every neighbour, skips as nothing. */
    private HeadLayer ringLayer() {
        int last = skips == null ? 0 : skips;
        int[] shape = {rings, hidden};
        List<ParameterTensor> tensors = new ArrayList<>();
        tensors.add(new ParameterTensor("own", shape, 1, 0));
        tensors.add(new ParameterTensor("gain", shape, 0, RING_DEVIATION));
        tensors.add(new ParameterTensor("bias", shape, 0, 0));
        if (last > 0) {
            tensors.add(new ParameterTensor("skip", new int[] {last, hidden}, 0, 0));
        }
        long products = (2L * rings + last) * hidden;
        int parameters = (3 * rings + last) * hidden;
        return new HeadLayer(
                "ring",
                hidden,
                hidden,
                products,
                tensors,
                () -> new RingLayer(hidden, rings, last),
                new Stage.Node(hidden, parameters, () -> new RingUnit(hidden, rings, last)));
    }

    @Override
    public String words() {
        return "mlp, " + hidden + " hidden";
    }

    @Override
    public <R> R match(Cases<R> cases) {
        return cases.mlp(this);
    }
}
