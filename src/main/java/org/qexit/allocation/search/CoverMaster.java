package org.qexit.allocation.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.qexit.allocation.problem.Deadline;

/**
 * The master program of the node-wise decomposition as a linear program over columns,
 *
 * <pre>  min Σ_c (−value_c) λ_c   s.t.   Σ_{c ∋ n} λ_c ≥ 1 for each device n,   Σ_{c at j} λ_c ≤ 1 for each node j,   λ ≥ 0</pre>
 *
 * by the revised primal simplex method with a dense basis inverse: columns can be added at any time and the next solve goes on
 * from the last basis, which a general solver's interface does not offer. R = devices + nodes rows; a pivot costs O(R²).
 * A device's price can be held within a box [low_n, high_n]: leaving it uncovered then costs high_n, covering it twice earns low_n
 * (the trust region of du Merle and others, 1999). Right sides are relaxed by distinct tiny amounts against cycling in degenerate vertices.
 */
final class CoverMaster {
    private static final double PERTURBATION = 1e-7;
    private static final double REDUCED_COST = 1e-9;
    private static final double PIVOT = 1e-9;
    private static final int REFACTOR_EVERY = 150;

    private final int devices;
    private final int rows;
    private final double[] low;
    private final double[] high;
    private final List<Column> columns = new ArrayList<>();
    private final double[] rhs;
    /** Basic variable per row: ≥ 0 a column; −1−i artificial of device i; −1−N−i surplus of i; −1−2N−j slack of node j. */
    private final int[] basis;

    private final double[][] inverse;
    private double[] x;
    private final double[] price;
    private int pivots;

    CoverMaster(int devices, int nodes) {
        this.devices = devices;
        this.rows = devices + nodes;
        this.low = new double[devices];
        this.high = new double[devices];
        this.rhs = new double[rows];
        this.basis = new int[rows];
        this.inverse = new double[rows][rows];
        this.price = new double[rows];
        for (int i = 0; i < rows; i++) {
            // The golden ratio's multiples are spread evenly: no two rows tie.
            double spread = (i + 1) * 0.6180339887498949 % 1;
            rhs[i] = i < devices ? 1 - PERTURBATION * (0.5 + spread) : 1 + PERTURBATION * (0.5 + spread);
            basis[i] = i < devices ? -1 - i : -1 - 2 * devices - (i - devices);
            inverse[i][i] = 1;
        }
        x = rhs.clone();
    }

    void add(Column column) {
        columns.add(column);
    }

    List<Column> columns() {
        return columns;
    }

    private double cost(int variable) {
        if (variable >= 0) {
            return -columns.get(variable).value();
        }
        int code = -1 - variable;
        if (code < devices) {
            return high[code];
        }
        return code < 2 * devices ? -low[code - devices] : 0;
    }

    /** Simplex until no column improves or {@code pivotLimit}; prices and values are current afterwards. */
    void solve(int pivotLimit, Deadline deadline) {
        double[] direction = new double[rows];
        for (int k = 0; k < pivotLimit; k++) {
            computePrices();
            int entering = entering();
            if (entering == Integer.MIN_VALUE || (k & 63) == 63 && deadline.passed()) {
                return;
            }
            direction(entering, direction);
            int leaving = leaving(direction);
            if (leaving < 0) {
                return;
            }
            pivot(entering, leaving, direction);
        }
        computePrices();
    }

    private void computePrices() {
        Arrays.fill(price, 0);
        for (int i = 0; i < rows; i++) {
            double c = cost(basis[i]);
            if (c != 0) {
                double[] row = inverse[i];
                for (int k = 0; k < rows; k++) {
                    price[k] += c * row[k];
                }
            }
        }
    }

    /** The variable with the most negative reduced cost, or MIN_VALUE. */
    private int entering() {
        double least = -REDUCED_COST;
        int best = Integer.MIN_VALUE;
        for (int c = 0; c < columns.size(); c++) {
            Column column = columns.get(c);
            double d = -column.value() - price[devices + column.node()];
            for (int n : column.devices()) {
                d -= price[n];
            }
            if (d < least) {
                least = d;
                best = c;
            }
        }
        for (int i = 0; i < devices; i++) {
            if (price[i] - low[i] < least) {
                least = price[i] - low[i];
                best = -1 - devices - i;
            }
            if (high[i] - price[i] < least) {
                least = high[i] - price[i];
                best = -1 - i;
            }
        }
        for (int j = devices; j < rows; j++) {
            if (-price[j] < least) {
                least = -price[j];
                best = -1 - 2 * devices - (j - devices);
            }
        }
        return best;
    }

    private void direction(int variable, double[] out) {
        if (variable >= 0) {
            Column column = columns.get(variable);
            for (int i = 0; i < rows; i++) {
                double[] row = inverse[i];
                double sum = row[devices + column.node()];
                for (int n : column.devices()) {
                    sum += row[n];
                }
                out[i] = sum;
            }
        } else {
            int code = -1 - variable;
            boolean surplus = code >= devices && code < 2 * devices;
            int row = code < devices ? code : code - devices;
            for (int i = 0; i < rows; i++) {
                out[i] = surplus ? -inverse[i][row] : inverse[i][row];
            }
        }
    }

    private int leaving(double[] direction) {
        int best = -1;
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < rows; i++) {
            if (direction[i] > PIVOT) {
                double ratio = Math.max(0, x[i]) / direction[i];
                if (ratio < least - 1e-12 || ratio <= least + 1e-12 && best >= 0 && direction[i] > direction[best]) {
                    least = Math.min(least, ratio);
                    best = i;
                }
            }
        }
        return best;
    }

    private void pivot(int entering, int leaving, double[] direction) {
        double[] pivotRow = inverse[leaving];
        double scale = 1 / direction[leaving];
        for (int k = 0; k < rows; k++) {
            pivotRow[k] *= scale;
        }
        double step = Math.max(0, x[leaving]) * scale;
        for (int i = 0; i < rows; i++) {
            double factor = direction[i];
            if (i != leaving && factor != 0) {
                double[] row = inverse[i];
                for (int k = 0; k < rows; k++) {
                    row[k] -= factor * pivotRow[k];
                }
                x[i] -= factor * step;
            }
        }
        x[leaving] = step;
        basis[leaving] = entering;
        if (++pivots % REFACTOR_EVERY == 0) {
            refactor();
        }
    }

    /** Recomputes the inverse from the basis by Gauss-Jordan elimination with row pivoting. */
    private void refactor() {
        double[][] work = new double[rows][2 * rows];
        for (int k = 0; k < rows; k++) {
            int variable = basis[k];
            if (variable >= 0) {
                Column column = columns.get(variable);
                work[devices + column.node()][k] = 1;
                for (int n : column.devices()) {
                    work[n][k] = 1;
                }
            } else {
                int code = -1 - variable;
                boolean surplus = code >= devices && code < 2 * devices;
                work[code < devices ? code : code - devices][k] = surplus ? -1 : 1;
            }
        }
        for (int i = 0; i < rows; i++) {
            work[i][rows + i] = 1;
        }
        for (int k = 0; k < rows; k++) {
            int best = k;
            for (int i = k + 1; i < rows; i++) {
                if (Math.abs(work[i][k]) > Math.abs(work[best][k])) {
                    best = i;
                }
            }
            if (Math.abs(work[best][k]) < 1e-11) {
                return;
            }
            double[] swapped = work[k];
            work[k] = work[best];
            work[best] = swapped;
            double scale = 1 / work[k][k];
            for (int c = k; c < 2 * rows; c++) {
                work[k][c] *= scale;
            }
            for (int i = 0; i < rows; i++) {
                double factor = work[i][k];
                if (i != k && factor != 0) {
                    for (int c = k; c < 2 * rows; c++) {
                        work[i][c] -= factor * work[k][c];
                    }
                }
            }
        }
        for (int i = 0; i < rows; i++) {
            System.arraycopy(work[i], rows, inverse[i], 0, rows);
            double sum = 0;
            for (int k = 0; k < rows; k++) {
                sum += inverse[i][k] * rhs[k];
            }
            x[i] = Math.max(0, sum);
        }
    }

    /** Holds every device's price within centre ± radius (and ≥ 0), or frees it up to {@code big} if centre is null. */
    void box(double[] centre, double radius, double big) {
        for (int n = 0; n < devices; n++) {
            low[n] = centre == null ? 0 : Math.max(0, centre[n] - radius);
            high[n] = centre == null ? big : Math.min(Math.max(big, centre[n]), centre[n] + radius);
        }
    }

    /** Whether the box holds a price back: then the master's value is not that of the free program. */
    boolean boxed(double big) {
        for (int i = 0; i < rows; i++) {
            int code = -1 - basis[i];
            if (code >= 0 && code < 2 * devices && x[i] > 1e-6) {
                int n = code < devices ? code : code - devices;
                if (code < devices ? high[n] < big : low[n] > 0) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Optimal value of the program at the current basis, with the true right sides: an upper limit on the master's cost. */
    double cost() {
        double sum = 0;
        for (int i = 0; i < rows; i++) {
            sum += price[i];
        }
        return sum;
    }

    /** Price of covering device n, clipped at 0. */
    double[] devicePrices() {
        double[] y = new double[devices];
        for (int n = 0; n < devices; n++) {
            y[n] = Math.max(0, price[n]);
        }
        return y;
    }

    /** What node j earns from its best column at the current prices. */
    double nodeProfit(int j) {
        return Math.max(0, -price[devices + j]);
    }

    /** Σ of the artificial variables: how many devices are not covered. */
    double uncovered() {
        double sum = 0;
        for (int i = 0; i < rows; i++) {
            if (basis[i] < 0 && -1 - basis[i] < devices) {
                sum += Math.max(0, x[i]);
            }
        }
        return sum;
    }

    /** λ per column. */
    double[] weights() {
        double[] lambda = new double[columns.size()];
        for (int i = 0; i < rows; i++) {
            if (basis[i] >= 0) {
                lambda[basis[i]] = Math.max(0, x[i]);
            }
        }
        return lambda;
    }
}
