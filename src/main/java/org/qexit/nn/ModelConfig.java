package org.qexit.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.qexit.common.Checks;
import org.qexit.common.UserError;
import org.qexit.data.Dataset;
import org.qexit.nn.head.HeadConfig;

/**
 * An early-exit network: blocks in a row, an exit with its head behind each.
 *
 * @param name the model's id, as in traces and reports
 * @param channels input channels; null until a data set is known
 * @param height input height [pixels]; null until a data set is known
 * @param width input width [pixels]; null until a data set is known
 * @param activation null means relu
 * @param blocks the blocks, from the input on
 * @param heads one per block
 * @param classes names of the classes that the exits tell apart, by class id; null means two, normal and critical
 */
public record ModelConfig(
        String name,
        Integer channels,
        Integer height,
        Integer width,
        Activation activation,
        List<BlockConfig> blocks,
        List<HeadConfig> heads,
        List<String> classes) {
    private static final int MAX_BLOCKS = 64;

    /** An event's probabilities at all exits fit a line of text. */
    private static final int MAX_CLASSES = 1000;

    /** Whose exits tell normal from critical. */
    public ModelConfig(
            String name,
            Integer channels,
            Integer height,
            Integer width,
            Activation activation,
            List<BlockConfig> blocks,
            List<HeadConfig> heads) {
        this(name, channels, height, width, activation, blocks, heads, null);
    }

    public ModelConfig {
        Checks.notBlank("name", name);
        if (channels != null) {
            Checks.within("channels", channels, 1, 1024);
        }
        if (height != null) {
            Checks.within("height", height, 1, 4096);
        }
        if (width != null) {
            Checks.within("width", width, 1, 65_536);
        }
        activation = activation == null ? Activation.RELU : activation;
        if (blocks == null || blocks.isEmpty() || blocks.size() > MAX_BLOCKS) {
            throw new IllegalArgumentException(
                    "blocks has " + (blocks == null ? 0 : blocks.size()) + " entries; expected 1 to " + MAX_BLOCKS);
        }
        blocks = List.copyOf(blocks);
        if (heads == null || heads.size() != blocks.size()) {
            throw new IllegalArgumentException("heads has " + (heads == null ? 0 : heads.size())
                    + " entries; expected one per block, " + blocks.size());
        }
        heads = List.copyOf(heads);
        if (classes != null) {
            classes = List.copyOf(classes);
            if (classes.size() < HeadConfig.BINARY || classes.size() > MAX_CLASSES) {
                throw new IllegalArgumentException(
                        "classes has " + classes.size() + " entries; expected 2 to " + MAX_CLASSES);
            }
            classes.forEach(each -> Checks.notBlank("classes", each));
        }
        if (channels != null && height != null && width != null) {
            checkShapes(channels, height, width, blocks);
        }
    }

    /** L. */
    public int exits() {
        return heads.size();
    }

    /** Whether the exits tell normal from critical, as a device's do. */
    public boolean binary() {
        return classes == null;
    }

    /** K, logits per exit. */
    public int outputs() {
        return classes == null ? HeadConfig.BINARY : classes.size();
    }

    /**
     * This, if it is a device's.
     *
     * @throws IllegalArgumentException if its exits tell classes apart
     */
    public ModelConfig checkBinary() {
        if (!binary()) {
            throw new IllegalArgumentException("model " + name + " tells " + classes.size()
                    + " classes apart, as an edge node's does; expected a device's, which tells normal from critical");
        }
        return this;
    }

    /** Whether the input's shape is known, so that the network can be built. */
    public boolean resolved() {
        return channels != null && height != null && width != null;
    }

    /**
     * That events of this shape are what the network reads: another of as many values would be read as a scrambled image.
     *
     * @param what names the events, such as "data set x"
     * @throws IllegalArgumentException if the shape is another
     */
    public void checkReads(String what, int inputChannels, int inputHeight, int inputWidth) {
        checkResolved();
        if (channels != inputChannels || height != inputHeight || width != inputWidth) {
            throw new IllegalArgumentException(what + " has events of " + inputChannels + " x " + inputHeight + " x "
                    + inputWidth + ", but model " + name + " expects " + channels + " x " + height + " x " + width);
        }
    }

    /** Values of one input. */
    public int features() {
        checkResolved();
        return channels * height * width;
    }

    /** @throws IllegalStateException if the input's shape is not known */
    public void checkResolved() {
        if (!resolved()) {
            throw new IllegalStateException(
                    "model " + name + ": the input's shape is not known; expected forInput first");
        }
    }

    /**
     * The same network for inputs of this shape.
     *
     * @throws IllegalArgumentException if the configuration asks for another shape, or pools down to nothing
     */
    public ModelConfig forInput(int inputChannels, int inputHeight, int inputWidth) {
        checkSame("channels", channels, inputChannels);
        checkSame("height", height, inputHeight);
        checkSame("width", width, inputWidth);
        return new ModelConfig(name, inputChannels, inputHeight, inputWidth, activation, blocks, heads, classes);
    }

    /**
     * The same network for the images of a data set.
     *
     * @throws UserError if the configuration asks for another shape, or pools down to nothing
     */
    public ModelConfig forData(Dataset images) {
        try {
            return forInput(images.channels(), images.height(), images.width());
        } catch (IllegalArgumentException e) {
            throw new UserError("model " + name + " on data set " + images.name() + ": " + e.getMessage(), e);
        }
    }

    public ModelConfig withName(String other) {
        return new ModelConfig(other, channels, height, width, activation, blocks, heads, classes);
    }

    /** The same network with a logit for each of these classes at every exit; null for normal and critical. */
    public ModelConfig withClasses(List<String> others) {
        return new ModelConfig(name, channels, height, width, activation, blocks, heads, others);
    }

    public ModelConfig withHeads(List<HeadConfig> others) {
        return new ModelConfig(name, channels, height, width, activation, blocks, others, classes);
    }

    /** Shape of the feature maps behind each block: {channels, height, width}. */
    public List<int[]> shapes() {
        checkResolved();
        return checkShapes(channels, height, width, blocks);
    }

    /** The number of features that a head sees. */
    public int headFeatures(int exit) {
        int[] shape = shapes().get(exit);
        return switch (heads.get(exit).reduce()) {
            case AVERAGE -> shape[0];
            case FLATTEN -> shape[0] * shape[1] * shape[2];
        };
    }

    private static List<int[]> checkShapes(int channels, int height, int width, List<BlockConfig> blocks) {
        List<int[]> shapes = new ArrayList<>();
        int[] shape = {channels, height, width};
        for (int b = 0; b < blocks.size(); b++) {
            for (BlockConfig part : blocks.get(b).parts()) {
                shape = part.shapeBehind(shape);
                if (shape[1] < 1 || shape[2] < 1) {
                    throw new IllegalArgumentException(String.format(
                            Locale.ROOT,
                            "blocks[%d].pool is %d, which leaves nothing of an input of %d x %d. Maybe use fewer blocks",
                            b,
                            part.pool(),
                            height,
                            width));
                }
            }
            shapes.add(shape);
        }
        return shapes;
    }

    private static void checkSame(String what, Integer configured, int actual) {
        if (configured != null && configured != actual) {
            throw new IllegalArgumentException(what + " is " + configured + " but the data has " + actual
                    + "; expected the same, or leave it out");
        }
    }
}
