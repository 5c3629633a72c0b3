package org.qexit.onnx.foreign;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.qexit.common.UserError;
import org.qexit.onnx.graph.Attribute;
import org.qexit.onnx.graph.GraphBuilder;

/**
 * How an event, {@code [channels, height, width]}, becomes what a foreign model takes: x · (1 / scale), less the mean, by the deviation of
 * its channel; channels last if the model has them so; in the model's shape. In Java and, for bundles, as operators.
 *
 * @param event channels, height, width
 * @param norm what is done to values
 * @param channelsLast whether the model takes {@code [height, width, channels]}
 * @param shape what the model takes of one event
 */
public record EventInput(long[] event, Normalisation norm, boolean channelsLast, long[] shape) {
    /**
     * What is done to values before the model.
     *
     * @param scale values are divided by it
     * @param mean subtracted then, of every channel or one for all; empty for nothing
     * @param deviation divided by then, as many
     */
    public record Normalisation(float scale, float[] mean, float[] deviation) {
        public static final Normalisation NONE = new Normalisation(1, new float[0], new float[0]);

        /** @throws UserError for numbers that cannot be divided by, or as many means as deviations not */
        public Normalisation {
            if (!(scale > 0 && Float.isFinite(scale))) {
                throw new UserError("--scale is " + scale + "; expected a number above 0");
            }
            if (mean.length != deviation.length) {
                throw new UserError("--mean has " + mean.length + " numbers and --std " + deviation.length
                        + "; expected as many, one for all channels or one for each");
            }
            for (int i = 0; i < mean.length; i++) {
                if (!(Float.isFinite(mean[i]) && deviation[i] > 0 && Float.isFinite(deviation[i]))) {
                    throw new UserError("--mean is " + mean[i] + " and --std " + deviation[i]
                            + " for one channel; expected finite numbers, the second above 0");
                }
            }
        }
    }

    /**
     * How events of this shape reach the model.
     *
     * @param event channels, height, width
     * @throws UserError if they do not
     */
    public static EventInput of(ForeignModel model, long[] event, Normalisation norm) {
        long channels = event[0];
        if (norm.mean().length > 1 && norm.mean().length != channels) {
            throw new UserError("--mean has " + norm.mean().length + " numbers; expected 1 or " + channels
                    + ", one for each channel");
        }
        List<String> dims = model.input().dims();
        if (dims == null) {
            return new EventInput(event, norm, false, event);
        }
        List<String> own = dims.subList(1, dims.size());
        long[] last = {event[1], event[2], channels};
        if (fits(own, event)) {
            return new EventInput(event, norm, false, event);
        }
        if (channels > 1 && fits(own, last)) {
            return new EventInput(event, norm, true, last);
        }
        long[] flat = flattened(own, event[0] * event[1] * event[2]);
        if (flat == null || channels > 1 && own.size() == 3) {
            throw new UserError(
                    model.name() + ": takes events of " + (own.isEmpty() ? "one value" : String.join(" x ", own))
                            + "; the data's have " + channels + " x " + event[1] + " x " + event[2]
                            + " values (channels x rows x columns)");
        }
        return new EventInput(event, norm, false, flat);
    }

    private static boolean fits(List<String> dims, long[] shape) {
        if (dims.size() != shape.length) {
            return false;
        }
        for (int i = 0; i < shape.length; i++) {
            if (!dims.get(i).equals("?") && Long.parseLong(dims.get(i)) != shape[i]) {
                return false;
            }
        }
        return true;
    }

    /** The model's own dimensions if so many values fill them; at most one is free. */
    private static long[] flattened(List<String> dims, long values) {
        long[] shape = new long[dims.size()];
        long known = 1;
        int free = -1;
        for (int i = 0; i < shape.length; i++) {
            if (!dims.get(i).equals("?")) {
                shape[i] = Long.parseLong(dims.get(i));
                if (shape[i] > values) {
                    return null;
                }
                known *= shape[i];
            } else if (free >= 0) {
                return null;
            } else {
                free = i;
            }
        }
        if (free >= 0 && values % known == 0) {
            shape[free] = values / known;
            return shape;
        }
        return free < 0 && known == values ? shape : null;
    }

    /** Values per event. */
    public int size() {
        return Math.toIntExact(event[0] * event[1] * event[2]);
    }

    /** Shape of a batch as the model takes it. */
    long[] batch(int events) {
        long[] batch = new long[shape.length + 1];
        batch[0] = events;
        System.arraycopy(shape, 0, batch, 1, shape.length);
        return batch;
    }

    /** What the model takes, of events as they are. */
    float[] apply(float[] values) {
        float[] taken = new float[values.length];
        float factor = 1 / norm.scale();
        int channels = (int) event[0];
        int plane = (int) (event[1] * event[2]);
        for (int i = 0; i < values.length; i++) {
            int channel = i / plane % channels;
            float value = norm.scale() == 1 ? values[i] : values[i] * factor;
            if (norm.mean().length > 0) {
                int which = norm.mean().length == 1 ? 0 : channel;
                value = (value - norm.mean()[which]) / norm.deviation()[which];
            }
            int to = channelsLast ? i / plane / channels * plane * channels + i % plane * channels + channel : i;
            taken[to] = value;
        }
        return taken;
    }

    /** The same as operators; returns the name of what the model takes. */
    public String write(GraphBuilder graph, String input) {
        String value = input;
        if (norm.scale() != 1) {
            value = graph.node("Mul", "event.scaled", List.of(value, graph.scalar("event.scale", 1 / norm.scale())));
        }
        if (norm.mean().length > 0) {
            long[] each = {norm.mean().length, 1, 1};
            value = graph.node("Sub", "event.centred", List.of(value, graph.floats("event.mean", norm.mean(), each)));
            value = graph.node(
                    "Div", "event.normalised", List.of(value, graph.floats("event.deviation", norm.deviation(), each)));
        }
        if (channelsLast) {
            value = graph.node("Transpose", "event.channels_last", List.of(value), Attribute.of("perm", 0, 2, 3, 1));
        } else if (!Arrays.equals(shape, event)) {
            List<Long> dims = new ArrayList<>(List.of(-1L));
            Arrays.stream(shape).forEach(dims::add);
            String target = graph.longs(
                    "event.shape", dims.stream().mapToLong(Long::longValue).toArray());
            value = graph.node("Reshape", "event.shaped", List.of(value, target));
        }
        return value;
    }
}
