package org.qexit.nn.node;

import java.util.List;
import org.qexit.common.Checks;
import org.qexit.data.Dataset;
import org.qexit.nn.Activation;
import org.qexit.nn.BlockConfig;
import org.qexit.nn.ModelConfig;
import org.qexit.nn.head.HeadConfig;

/**
 * The section {@code edgeNode} of a configuration, docs/edge-node.md: the model that edge nodes run on what devices send them. Classes and
 * input shape are the data's; which classes are critical, its task says.
 *
 * @param name of the model, before what it is sent; en
 * @param payload what devices send; event
 * @param payloads instead of {@code payload}: several, each with a model of its own, of which the first is deployed
 * @param bits per value of features, 8 or 32; 8
 * @param activation null means relu
 * @param blocks from what is sent on
 * @param heads one per block
 * @param training how it is trained; all defaults
 * @param computeUnits what an offloaded event counts at a node; full
 * @param accuracy share of its full accuracy that a node's thresholds must keep on validation events, at the least computation; 1 keeps all
 */
public record EdgeNodeConfig(
        String name,
        PayloadKind payload,
        List<PayloadKind> payloads,
        Integer bits,
        Activation activation,
        List<BlockConfig> blocks,
        List<HeadConfig> heads,
        ClassTrainingConfig training,
        ComputeUnits computeUnits,
        Double accuracy) {
    public EdgeNodeConfig {
        name = name == null ? "en" : Checks.notBlank("name", name);
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,40}")) {
            throw new IllegalArgumentException(
                    "name is '" + name + "'; expected letters, digits, '.', '_' and '-', as it names a directory");
        }
        if (payload != null && payloads != null) {
            throw new IllegalArgumentException("payload stands beside payloads; expected one of the two");
        }
        if (payloads != null) {
            payloads = List.copyOf(payloads);
            if (payloads.isEmpty() || payloads.stream().distinct().count() != payloads.size()) {
                throw new IllegalArgumentException(
                        "payloads is " + payloads + "; expected different ones of event and features");
            }
        } else if (payload == null) {
            payload = PayloadKind.EVENT;
        }
        bits = bits == null ? Byte.SIZE : Payload.checkBits(bits);
        training = training == null ? ClassTrainingConfig.DEFAULT : training;
        computeUnits = computeUnits == null ? ComputeUnits.FULL : computeUnits;
        accuracy = accuracy == null ? 1 : Checks.within("accuracy", accuracy, 0, 1);
        // Says at once what is wrong with blocks and heads.
        training.weights(new ModelConfig(name, null, null, null, activation, blocks, heads).exits());
        blocks = List.copyOf(blocks);
        heads = List.copyOf(heads);
    }

    /** All that models are trained for; the first is deployed. */
    public List<PayloadKind> all() {
        return payloads == null ? List.of(payload) : payloads;
    }

    /**
     * D of a payload [bit], before anything is trained.
     *
     * @param images what devices see
     * @param device the model whose first block makes features, for these images
     */
    public long bitsPerEvent(PayloadKind kind, Dataset images, ModelConfig device) {
        int[] shape = device.shapes().get(0);
        return switch (kind) {
            case EVENT -> PayloadEncoder.events(images).payload().bitsPerEvent();
            case FEATURES -> (long) shape[0] * shape[1] * shape[2] * bits + Payload.HEADER_BITS;
        };
    }

    /** The network for a payload, whose input shape and classes are still open. */
    public ModelConfig model(PayloadKind kind) {
        return new ModelConfig(name + "-" + kind.label(), null, null, null, activation, blocks, heads);
    }
}
