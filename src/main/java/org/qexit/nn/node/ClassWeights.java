package org.qexit.nn.node;

import java.util.Arrays;
import java.util.stream.IntStream;

/** How much an event counts by its class in the training of an edge node's model. */
public enum ClassWeights {
    /** v_c = n / (K n_c), K the number of classes that have events: all classes together count alike, however rare. */
    BALANCED {
        @Override
        public double[] of(int[] counts) {
            double events = Arrays.stream(counts).asLongStream().sum();
            long present = Arrays.stream(counts).filter(count -> count > 0).count();
            return IntStream.of(counts)
                    .mapToDouble(count -> count == 0 ? 0 : events / (present * (double) count))
                    .toArray();
        }
    },
    /** v_c = 1: all events count alike. */
    NONE {
        @Override
        public double[] of(int[] counts) {
            return IntStream.of(counts).mapToDouble(count -> 1).toArray();
        }
    };

    /**
     * v_c, {@code [class]}.
     *
     * @param counts training events of each class, {@code [class]}
     */
    public abstract double[] of(int[] counts);
}
