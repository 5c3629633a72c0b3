package org.qexit.allocation.fleet;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.BiConsumer;
import org.qexit.edge.EdgeNode;

/**
 * Prices on the nodes' capacities that make the Lagrangian bound
 *
 * <pre>  Σ_j (α_j B_j + β_j W_j) + Σ_n max_{j,s} (ρ_n ln U_ns − α_j b̲_nj − β_j load_ns)</pre>
 *
 * small. The maximum over nodes is blurred by a temperature that falls: then the function is smooth, and a quasi-Newton method with few
 * passes over the devices (limited-memory BFGS, projected onto prices ≥ 0, Nocedal and Wright 2006, §7.2, started from the curvature of
 * each price alone) brings it down. The bound is always that of the sharp maximum. Prices are scaled by capacities: x = αB, βW.
 */
public final class NodePrices {
    /** Shares of the mean weight; the last one is about what the blur costs. */
    private static final double[] TEMPERATURES = {0.01, 0.001};

    private static final int STEPS = 30;
    /** Passes for a common price to begin with. */
    private static final int COMMON = 10;
    /** About as many passes as there can be. */
    public static final int MOST_PASSES = COMMON + TEMPERATURES.length * (STEPS + 10);

    private static final int MEMORY = 8;
    /** Bandwidth and compute are used but for so much, so that devices, which are whole, fit. */
    private static final double RESERVE = 0.005;
    /** Uses that differ from capacities by so little are near enough. */
    private static final double NEAR = 0.004;

    private static final double DECREASE = 1e-4;
    private static final int HALVINGS = 6;

    private final FleetWork work;
    private final int nodes;
    private final double[] capacity;
    private final BiConsumer<Integer, Double> progress;
    private int passes;
    private double bound = Double.POSITIVE_INFINITY;
    private double[] best;
    private double[] last;
    private double temperature;
    private double reserve = RESERVE;

    /**
     * @param nodes the fleet's
     * @param progress told after each pass: the passes so far, and the bound
     */
    public NodePrices(FleetWork work, List<EdgeNode> nodes, BiConsumer<Integer, Double> progress) {
        this.work = work;
        this.nodes = nodes.size();
        this.progress = progress;
        capacity = new double[2 * this.nodes];
        for (int j = 0; j < this.nodes; j++) {
            capacity[j] = nodes.get(j).bandwidthHz();
            capacity[this.nodes + j] = nodes.get(j).eventsPerPeriod();
        }
    }

    private record Point(double[] x, double value, double[] gradient, double[] curve) {}

    private Prices prices(double[] x) {
        double[] alpha = new double[nodes];
        double[] beta = new double[nodes];
        for (int j = 0; j < nodes; j++) {
            alpha[j] = capacity[j] > 0 ? x[j] / capacity[j] : 0;
            beta[j] = capacity[nodes + j] > 0 ? x[nodes + j] / capacity[nodes + j] : 0;
        }
        return new Prices(alpha, beta, temperature);
    }

    private Point at(double[] x) {
        PriceSums sums = work.price(prices(x));
        passes++;
        double price = 0;
        for (double part : x) {
            price += part;
        }
        if (sums.best + price < bound) {
            bound = sums.best + price;
            best = x.clone();
        }
        progress.accept(passes, bound);
        double[] gradient = new double[2 * nodes];
        double[] curve = new double[2 * nodes];
        for (int i = 0; i < gradient.length; i++) {
            double use = i < nodes ? sums.hertz[i] : sums.units[i - nodes];
            double own = i < nodes ? sums.hertzCurve[i] : sums.unitsCurve[i - nodes];
            double c = Math.max(capacity[i], 1e-300);
            gradient[i] = 1 - reserve(i) - use / c;
            curve[i] = own / c / c;
        }
        double value = sums.blurred;
        for (int i = 0; i < x.length; i++) {
            value += x[i] * (1 - reserve(i));
        }
        return new Point(x, value, gradient, curve);
    }

    /** Finds them. */
    public NodePrices run() {
        temperature = 1;
        PriceSums free = work.price(prices(new double[2 * nodes]));
        double weight = free.weight / Math.max(1, free.devices);
        temperature = TEMPERATURES[0] * weight;
        double[] x = common(weight);
        for (double share : TEMPERATURES) {
            temperature = share * weight;
            x = descend(x);
        }
        last = x;
        return this;
    }

    private double reserve(int i) {
        return i < nodes ? reserve : RESERVE;
    }

    /** Finds others at which more bandwidth is left free. */
    NodePrices leaving(double share) {
        reserve = share;
        last = descend(last);
        return this;
    }

    /** All nodes' compute at one price per event, about that at which it suffices; bandwidth for free. */
    private double[] common(double weight) {
        double total = 0;
        for (int j = 0; j < nodes; j++) {
            total += capacity[nodes + j];
        }
        double low = 0;
        double high = 0;
        double price = 0.01 * weight;
        for (int pass = 0; pass < COMMON; pass++) {
            double used = 0;
            for (double units : work.price(prices(commonly(price))).units) {
                used += units;
            }
            passes++;
            if (used > total) {
                low = price;
                price = high == 0 ? 4 * price : Math.sqrt(low * high);
            } else {
                high = price;
                price = low == 0 ? price / 4 : Math.sqrt(low * high);
            }
        }
        return commonly(price);
    }

    private double[] commonly(double price) {
        double[] x = new double[2 * nodes];
        for (int j = 0; j < nodes; j++) {
            x[nodes + j] = price * capacity[nodes + j];
        }
        return x;
    }

    private double[] descend(double[] start) {
        Deque<double[][]> pairs = new ArrayDeque<>();
        Point here = at(start);
        for (int step = 0; step < STEPS && violation(here) > NEAR; step++) {
            double[] direction = direction(here, pairs);
            Point next = null;
            double length = 1;
            for (int halving = 0; halving < HALVINGS; halving++, length *= 0.35) {
                double[] x = new double[here.x.length];
                double slope = 0;
                for (int i = 0; i < x.length; i++) {
                    x[i] = Math.max(0, here.x[i] - length * direction[i]);
                    slope += here.gradient[i] * (x[i] - here.x[i]);
                }
                Point tried = at(x);
                if (tried.value <= here.value + DECREASE * Math.min(0, slope)) {
                    next = tried;
                    break;
                }
            }
            if (next == null) {
                if (pairs.isEmpty()) {
                    break;
                }
                pairs.clear();
                continue;
            }
            double[] s = new double[start.length];
            double[] y = new double[start.length];
            double sy = 0;
            double yy = 0;
            for (int i = 0; i < s.length; i++) {
                s[i] = next.x[i] - here.x[i];
                y[i] = next.gradient[i] - here.gradient[i];
                sy += s[i] * y[i];
                yy += y[i] * y[i];
            }
            if (sy > 1e-12 * yy) {
                pairs.addLast(new double[][] {s, y, {sy}});
                if (pairs.size() > MEMORY) {
                    pairs.removeFirst();
                }
            }
            here = next;
        }
        return here.x;
    }

    /** Two loops over the pairs, among prices that are free to move. */
    private double[] direction(Point here, Deque<double[][]> pairs) {
        double[] d = here.gradient.clone();
        boolean[] held = new boolean[d.length];
        for (int i = 0; i < d.length; i++) {
            held[i] = here.x[i] <= 0 && here.gradient[i] >= 0;
            d[i] = held[i] ? 0 : d[i];
        }
        double[] weights = new double[pairs.size()];
        int k = pairs.size();
        for (Iterator<double[][]> back = pairs.descendingIterator(); back.hasNext(); ) {
            double[][] pair = back.next();
            weights[--k] = dot(pair[0], d, held) / pair[2][0];
            axpy(d, -weights[k], pair[1], held);
        }
        double typical = 0;
        int count = 0;
        for (double curve : here.curve) {
            typical += curve;
            count += curve > 0 ? 1 : 0;
        }
        typical = count == 0 ? 1 : typical / count;
        for (int i = 0; i < d.length; i++) {
            d[i] /= Math.max(here.curve[i], 0.05 * typical);
        }
        for (double[][] pair : pairs) {
            double b = dot(pair[1], d, held) / pair[2][0];
            axpy(d, weights[k++] - b, pair[0], held);
        }
        double downhill = dot(d, here.gradient, held);
        if (!(downhill > 0)) {
            pairs.clear();
            for (int i = 0; i < d.length; i++) {
                d[i] = held[i] ? 0 : here.gradient[i] / Math.max(here.curve[i], 0.05 * typical);
            }
        }
        return d;
    }

    private static double dot(double[] a, double[] b, boolean[] held) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += held[i] ? 0 : a[i] * b[i];
        }
        return sum;
    }

    private static void axpy(double[] to, double factor, double[] from, boolean[] held) {
        for (int i = 0; i < to.length; i++) {
            to[i] += held[i] ? 0 : factor * from[i];
        }
    }

    /** The mean over nodes of what uses exceed capacities by, and of what priced capacities are left unused. */
    private static double violation(Point here) {
        double sum = 0;
        for (int i = 0; i < here.x.length; i++) {
            sum += here.x[i] > 0 ? Math.abs(here.gradient[i]) : Math.max(0, -here.gradient[i]);
        }
        return sum / here.x.length;
    }

    /** The least bound met: no plan has a larger objective. */
    public double bound() {
        return bound;
    }

    /** The prices that prove it. */
    public Prices proving() {
        return prices(best);
    }

    /** The last prices, at which uses are nearest to capacities. */
    public Prices last() {
        return prices(last);
    }

    public int passes() {
        return passes;
    }
}
