package org.qexit.allocation.problem;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The projected problem as bare arrays, for the kernels: choose for each device n a node j and a step s,
 *
 * <pre>  max Σ_n value[n][s_n]   s.t.   Σ_{n at j} need[n][j] ≤ bandwidth[j],   Σ_{n at j} load[n][s_n] ≤ compute[j]</pre>
 *
 * less a penalty per device and node where there is one. Values are shifted so that each device's best is 0: all values ≤ 0, and leaving a
 * device out of a set never lowers the set's value. Everything is read-only after construction.
 */
public final class JointModel {
    /** Sums of loads and bandwidths may exceed a capacity by this share: it covers the rounding of the sums, nothing more. */
    public static final double ROUNDING = 1e-11;

    public final int devices;
    public final int nodes;
    /** {@code [device][link]}: nodes that can serve the device, in increasing order. */
    public final int[][] allowed;
    /** {@code [device][node]}: least bandwidth, +∞ where the pair cannot work. */
    public final double[][] need;
    /** {@code [device][step]}: strictly increasing. */
    public final double[][] load;
    /** {@code [device][step]}: strictly increasing, last one 0. */
    public final double[][] value;
    /** {@code [device][...]}: steps on the upper concave envelope of (load, value), first and last included. */
    public final int[][] hull;

    public final double[] bandwidth;
    public final double[] compute;
    /** {@code [device]}: its best raw value, by which its values are shifted. */
    public final double[] top;
    /** True objective = Σ value + offset. */
    public final double offset;

    /** Whether all loads are whole numbers. */
    public final boolean wholeLoads;

    /** {@code [device][node]} ≥ 0: what serving a device there costs, whatever its step; null = nothing anywhere. */
    private final double[][] penalty;

    public JointModel(double[][] need, double[][] load, double[][] rawValue, double[] bandwidth, double[] compute) {
        this.penalty = null;
        this.devices = need.length;
        this.nodes = bandwidth.length;
        this.need = need;
        this.load = load;
        this.bandwidth = bandwidth.clone();
        this.compute = compute.clone();
        for (int j = 0; j < nodes; j++) {
            this.bandwidth[j] *= 1 + ROUNDING;
            this.compute[j] *= 1 + ROUNDING;
        }
        this.value = new double[devices][];
        this.hull = new int[devices][];
        this.allowed = new int[devices][];
        this.top = new double[devices];
        double shift = 0;
        for (int n = 0; n < devices; n++) {
            int steps = rawValue[n].length;
            top[n] = rawValue[n][steps - 1];
            shift += top[n];
            value[n] = new double[steps];
            for (int s = 0; s < steps; s++) {
                value[n][s] = rawValue[n][s] - top[n];
            }
            hull[n] = envelope(load[n], value[n]);
            int count = 0;
            int[] links = new int[nodes];
            for (int j = 0; j < nodes; j++) {
                if (need[n][j] <= this.bandwidth[j] && load[n][0] <= this.compute[j]) {
                    links[count++] = j;
                }
            }
            allowed[n] = java.util.Arrays.copyOf(links, count);
        }
        this.offset = shift;
        this.wholeLoads = java.util.Arrays.stream(load)
                .flatMapToDouble(java.util.Arrays::stream)
                .allMatch(units -> units == Math.rint(units));
    }

    private JointModel(JointModel free, double[][] penalty) {
        this.penalty = penalty;
        this.devices = free.devices;
        this.nodes = free.nodes;
        this.allowed = free.allowed;
        this.need = free.need;
        this.load = free.load;
        this.value = free.value;
        this.hull = free.hull;
        this.bandwidth = free.bandwidth;
        this.compute = free.compute;
        this.top = free.top;
        this.offset = free.offset;
        this.wholeLoads = free.wholeLoads;
    }

    private JointModel(JointModel whole, int[] some, int[] at) {
        this.devices = some.length;
        this.nodes = at.length;
        this.bandwidth = Arrays.stream(at).mapToDouble(j -> whole.bandwidth[j]).toArray();
        this.compute = Arrays.stream(at).mapToDouble(j -> whole.compute[j]).toArray();
        this.need = new double[devices][];
        this.load = new double[devices][];
        this.value = new double[devices][];
        this.hull = new int[devices][];
        this.allowed = new int[devices][];
        this.top = new double[devices];
        this.penalty = whole.penalty == null ? null : new double[devices][];
        for (int i = 0; i < devices; i++) {
            int n = some[i];
            need[i] = Arrays.stream(at).mapToDouble(j -> whole.need[n][j]).toArray();
            load[i] = Arrays.stream(whole.hull[n])
                    .mapToDouble(s -> whole.load[n][s])
                    .toArray();
            value[i] = Arrays.stream(whole.hull[n])
                    .mapToDouble(s -> whole.value[n][s])
                    .toArray();
            hull[i] = IntStream.range(0, load[i].length).toArray();
            allowed[i] = IntStream.range(0, nodes)
                    .filter(k -> whole.canServe(n, at[k]))
                    .toArray();
            top[i] = whole.top[n];
            if (penalty != null) {
                penalty[i] =
                        Arrays.stream(at).mapToDouble(j -> whole.penalty(n, j)).toArray();
            }
        }
        this.offset = Arrays.stream(top).sum();
        this.wholeLoads = whole.wholeLoads;
    }

    /**
     * Some devices and nodes by themselves, and of the devices' steps those on the envelopes: what is found there fits into the whole, and is
     * worth at least as much there.
     *
     * @param some devices, {@code [device of the part]}
     * @param at nodes, {@code [node of the part]}
     */
    public JointModel part(int[] some, int[] at) {
        return new JointModel(this, some, at);
    }

    /** The same model less {@code charge[device][node]} ≥ 0 for each device where it is. */
    JointModel withPenalty(double[][] charge) {
        return new JointModel(this, charge);
    }

    public static int[] envelope(double[] x, double[] y) {
        int[] stack = new int[x.length];
        int size = 0;
        for (int s = 0; s < x.length; s++) {
            while (size >= 2) {
                int a = stack[size - 2];
                int b = stack[size - 1];
                if ((y[b] - y[a]) * (x[s] - x[b]) > (y[s] - y[b]) * (x[b] - x[a])) {
                    break;
                }
                size--;
            }
            stack[size++] = s;
        }
        return java.util.Arrays.copyOf(stack, size);
    }

    /** The hull step that maximises value − price · load; the smallest such load on ties. Binary search over slopes. */
    public int bestStep(int n, double price) {
        int[] h = hull[n];
        double[] x = load[n];
        double[] y = value[n];
        int low = 0;
        int high = h.length - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            int a = h[middle];
            int b = h[middle + 1];
            if (y[b] - y[a] > price * (x[b] - x[a])) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return h[low];
    }

    public boolean canServe(int n, int j) {
        return need[n][j] <= bandwidth[j] && load[n][0] <= compute[j];
    }

    /** A lower limit on any plan's total value: every device at its smallest step. */
    public double worstValue() {
        double sum = 0;
        for (double[] v : value) {
            sum += v[0];
        }
        if (penalty != null) {
            for (double[] row : penalty) {
                sum -= java.util.Arrays.stream(row).max().orElse(0);
            }
        }
        return sum;
    }

    /** What serving device n at node j costs. */
    public double penalty(int n, int j) {
        return penalty == null ? 0 : penalty[n][j];
    }
}
