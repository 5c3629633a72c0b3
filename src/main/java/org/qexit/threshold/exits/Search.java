package org.qexit.threshold.exits;

import java.util.ArrayList;
import java.util.List;

/**
 * Coordinate ascent over exits, each step exact ({@link Sweep}), from several starts: the given rule, each exit alone, subsets of exits, and
 * rules that are best at a price per offload (and per unit of cost), the price moved by bisection to where the caps bind. Never
 * worse than the given rule if that meets the caps. Deterministic.
 */
final class Search {
    /** Events times exits up to which all starts are tried. */
    private static final int SMALL = 20_000;
    /** Exits up to which all their subsets are starts. */
    private static final int MOST_SUBSETS = 4;

    private static final Priced[] FIRST = {Priced.OFFLOADS};
    private static final int MOST_ROUNDS = 50;
    private static final int PRICE_ROUNDS = 3;

    /** What has a price, that one number from 0 to 1 sets. */
    private enum Priced {
        OFFLOADS,
        FALSE_POSITIVES,
        BOTH;

        Sweep.Prices at(double level, double cost) {
            double odds = level / (1 - level);
            return switch (this) {
                case OFFLOADS -> new Sweep.Prices(level, 0, cost);
                case FALSE_POSITIVES -> new Sweep.Prices(0, odds, cost);
                case BOTH -> new Sweep.Prices(level, odds, cost);
            };
        }
    }

    private final Ranks ranks;
    private final Caps caps;
    private final Sweep sweep;
    /** The best rule met, its true positives and offloads; null and -1 if none meets the caps. */
    private Places best;

    private int value = -1;
    private int used;

    Search(Ranks ranks, Caps caps) {
        this.ranks = ranks;
        this.caps = caps;
        this.sweep = new Sweep(ranks, caps);
    }

    Places best() {
        return best;
    }

    /** True positives of the best rule, or -1. */
    int value() {
        return value;
    }

    /** @param start a rule to begin at, such as the best pair */
    void run(Places start) {
        boolean small = (long) ranks.events() * ranks.exits() <= SMALL;
        ascend(start.copy());
        int exits = ranks.exits();
        for (boolean[] set : small && exits <= MOST_SUBSETS ? subsets(exits) : singles(exits, small ? 0 : exits - 1)) {
            ascend(only(start, set));
        }
        double unit = caps.costed() && caps.cost() > 0 ? ranks.events() / (double) caps.cost() : 0;
        for (double costPrice : unit > 0 ? new double[] {0, unit / 64, unit / 8, unit / 2} : new double[] {0}) {
            for (Priced priced : caps.falsePositives() < caps.offloads() ? Priced.values() : FIRST) {
                prices(small ? 14 : 5, priced, costPrice, small);
            }
        }
    }

    private static List<boolean[]> subsets(int exits) {
        List<boolean[]> sets = new ArrayList<>();
        for (int bits = 1; bits < 1 << exits; bits++) {
            boolean[] set = new boolean[exits];
            for (int q = 0; q < exits; q++) {
                set[q] = (bits >> q & 1) == 1;
            }
            sets.add(set);
        }
        return sets;
    }

    private static List<boolean[]> singles(int exits, int from) {
        List<boolean[]> sets = new ArrayList<>();
        for (int q = from; q < exits; q++) {
            boolean[] set = new boolean[exits];
            set[q] = true;
            sets.add(set);
        }
        return sets;
    }

    /** Skips all exits but those in a set. */
    private Places only(Places start, boolean[] set) {
        Places places = start.copy();
        for (int q = 0; q < ranks.exits(); q++) {
            if (!set[q]) {
                places.a[q] = 0;
                places.b[q] = ranks.places[q] + 1;
            }
        }
        return places;
    }

    private void prices(int steps, Priced priced, double costPrice, boolean all) {
        double low = 0;
        double high = 1;
        Places places = best == null ? only(new Places(ranks.exits()), new boolean[ranks.exits()]) : best.copy();
        Places last = null;
        for (int i = 0; i < steps; i++) {
            Sweep.Prices prices = priced.at((low + high) / 2, costPrice);
            for (int round = 0; round < PRICE_ROUNDS; round++) {
                for (int q = ranks.exits() - 1; q >= 0; q--) {
                    sweep.priced(Box.of(places), q, prices);
                    places.a[q] = sweep.bestA;
                    places.b[q] = sweep.bestB;
                }
            }
            if (sweep.used > caps.offloads() || sweep.used - sweep.value > caps.falsePositives()) {
                low = (low + high) / 2;
            } else {
                high = (low + high) / 2;
            }
            if (all) {
                ascend(places.copy());
            }
            last = places;
        }
        ascend(last.copy());
    }

    /** Sweeps exit after exit until none improves; keeps the best. */
    void ascend(Places places) {
        int most = -1;
        int least = Integer.MAX_VALUE;
        int unchanged = 0;
        int q = ranks.exits() - 1;
        for (int i = 0; i < MOST_ROUNDS * ranks.exits() && unchanged < ranks.exits(); i++) {
            sweep.best(Box.of(places), q, true);
            if (sweep.value > most || sweep.value == most && most >= 0 && sweep.used < least) {
                most = sweep.value;
                least = sweep.used;
                places.a[q] = sweep.bestA;
                places.b[q] = sweep.bestB;
                unchanged = 1;
            } else {
                unchanged++;
            }
            q = q == 0 ? ranks.exits() - 1 : q - 1;
        }
        if (most > value || most == value && most >= 0 && least < used) {
            value = most;
            used = least;
            best = places;
        }
    }
}
