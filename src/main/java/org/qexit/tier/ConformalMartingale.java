package org.qexit.tier;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import org.qexit.common.Checks;

/**
 * A test of exchangeability that may be looked at after every value: the wealth of a gambler who bets against the smoothed conformal
 * p-values of a stream of whole numbers (Vovk, Gammerman, Shafer, Algorithmic Learning in a Random World, ch. 8). The p-value of a value is
 * the randomised rank among itself and all before it, so that while the order of values means nothing p-values are independent and uniform,
 * whatever the values' distribution, which need not be known; by Ville's inequality the wealth then reaches 1/&alpha; ever with probability
 * at most &alpha;.
 *
 * <p>A gambler who has lost for long is slow to win when something changes. So every {@value #BLOCK} values a new one begins with the share
 * 1/(k(k+1)) of the stake, k = 1, 2, ..., which sum to 1; each bets for {@value #LIVES} such blocks and then keeps what it has. Memory is
 * bounded. For one thread at a time.
 */
final class ConformalMartingale {
    static final int BLOCK = 250;
    static final int LIVES = 16;
    private static final double LOST = 1e-100;
    private static final double MOST = 1e100;
    private static final double[] TAILS = {0.02, 0.1, 0.3};
    private static final double[] STAKES = {-0.8, 0.15, 0.5};
    private static final double[] TILTS = {-0.9, -0.3, 0.3, 0.9};
    /** Bets on either end, two sorts of waves. */
    private static final int BETS = 2 * TAILS.length * STAKES.length + 2 * TILTS.length;

    private final long[] counts;
    private final int learning;
    private final Deque<Gambler> gamblers = new ArrayDeque<>();
    private long seen;
    private long begun;
    private double kept;

    /** One who bets: what each kind of bet has made of 1. */
    private static final class Gambler {
        private final double share;
        private final double[] products = new double[BETS];

        Gambler(double share) {
            this.share = share;
            Arrays.fill(products, 1);
        }

        /** What is all but lost is given up: that only makes the wealth smaller. */
        void bet(double[] factors) {
            for (int i = 0; i < BETS; i++) {
                double product = products[i] * factors[i];
                products[i] = product < LOST ? 0 : Math.min(product, MOST);
            }
        }

        double wealth() {
            double sum = 0;
            for (double product : products) {
                sum += product;
            }
            return share * sum / BETS;
        }
    }

    /**
     * @param values there are, 0 to {@code values - 1}
     * @param learning values that nobody bets on
     */
    ConformalMartingale(int values, int learning) {
        this.counts = new long[values];
        this.learning = learning;
    }

    /** Takes the next value; its rank is drawn at random among equal ones. */
    void see(int value, SplittableRandom random) {
        double p = rank(value, random.nextDouble());
        counts[value]++;
        seen++;
        if (seen <= learning) {
            return;
        }
        if ((seen - learning - 1) % BLOCK == 0) {
            begun++;
            gamblers.addLast(new Gambler(1.0 / (begun * (begun + 1.0))));
            if (gamblers.size() > LIVES) {
                kept += gamblers.removeFirst().wealth();
            }
        }
        double[] factors = factors(p);
        for (Gambler gambler : gamblers) {
            gambler.bet(factors);
        }
    }

    /** Share of the values seen, this one with them, that are smaller, and a random part of those that are equal. */
    private double rank(int value, double part) {
        long below = 0;
        for (int i = 0; i < value; i++) {
            below += counts[i];
        }
        return (below + part * (counts[value] + 1)) / (seen + 1);
    }

    /** What each kind of bet multiplies its stake by: 1 in the mean over a uniform p, and never below 0. */
    private static double[] factors(double p) {
        double[] factors = new double[BETS];
        int next = 0;
        for (double tail : TAILS) {
            double odds = (1 - tail) / tail;
            for (double stake : STAKES) {
                // A negative stake is on fewer values within the tail, where the share of it is lost.
                double part = stake < 0 ? stake / odds : stake;
                factors[next++] = 1 + part * (p < tail ? odds : -1);
                factors[next++] = 1 + part * (p > 1 - tail ? odds : -1);
            }
        }
        for (double tilt : TILTS) {
            factors[next++] = 1 + tilt * Math.cos(Math.PI * p);
            factors[next++] = 1 + tilt * Math.cos(2 * Math.PI * p);
        }
        return factors;
    }

    /**
     * All that it has seen and won, to go on from.
     *
     * @param counts of each value
     * @param begun gamblers
     * @param kept by those who are through
     * @param shares of the stake of those who bet, oldest first
     * @param products what each kind of bet of theirs has made of 1, one gambler after the other
     */
    record State(List<Long> counts, long begun, double kept, List<Double> shares, List<Double> products) {
        State {
            counts = List.copyOf(Checks.present("counts", counts));
            counts.forEach(count -> Checks.nonNegative("count", count));
            Checks.nonNegative("begun", begun);
            Checks.nonNegative("kept", kept);
            shares = List.copyOf(Checks.present("shares", shares));
            shares.forEach(share -> Checks.within("share", share, 0, 1));
            Checks.within("number of shares", shares.size(), 0, LIVES);
            products = List.copyOf(Checks.present("products", products));
            products.forEach(product -> Checks.within("product", product, 0, MOST));
            if (products.size() != shares.size() * BETS) {
                throw new IllegalArgumentException("products are " + products.size() + "; expected "
                        + shares.size() * BETS + ", " + BETS + " for every share");
            }
        }
    }

    State state() {
        List<Double> shares = new ArrayList<>();
        List<Double> products = new ArrayList<>();
        for (Gambler gambler : gamblers) {
            shares.add(gambler.share);
            Arrays.stream(gambler.products).forEach(products::add);
        }
        return new State(Arrays.stream(counts).boxed().toList(), begun, kept, shares, products);
    }

    /** @throws IllegalArgumentException if it is one over another number of values */
    static ConformalMartingale of(State state, int values, int learning) {
        if (state.counts().size() != values) {
            throw new IllegalArgumentException("counts are " + state.counts().size() + "; expected " + values);
        }
        ConformalMartingale martingale = new ConformalMartingale(values, learning);
        for (int i = 0; i < values; i++) {
            martingale.counts[i] = state.counts().get(i);
            martingale.seen += martingale.counts[i];
        }
        martingale.begun = state.begun();
        martingale.kept = state.kept();
        for (int g = 0; g < state.shares().size(); g++) {
            Gambler gambler = new Gambler(state.shares().get(g));
            for (int i = 0; i < BETS; i++) {
                gambler.products[i] = state.products().get(g * BETS + i);
            }
            martingale.gamblers.addLast(gambler);
        }
        return martingale;
    }

    /** What the stake of 1 has become. */
    double wealth() {
        double reserve = 1.0 / (begun + 1);
        double wealth = reserve + kept;
        for (Gambler gambler : gamblers) {
            wealth += gambler.wealth();
        }
        return wealth;
    }
}
