package org.qexit.threshold.exits;

/** A set of rules: a of each exit from {@code aLow} to {@code aHigh}, b from {@code bLow} to {@code bHigh}, a &lt; b. */
final class Box {
    final int[] aLow;
    final int[] aHigh;
    final int[] bLow;
    final int[] bHigh;

    private Box(int[] aLow, int[] aHigh, int[] bLow, int[] bHigh) {
        this.aLow = aLow;
        this.aHigh = aHigh;
        this.bLow = bLow;
        this.bHigh = bHigh;
    }

    /** All rules; at the last exit a changes nothing, for what stays undecided there is normal, and is 0. */
    static Box all(Ranks ranks) {
        int n = ranks.exits();
        Box box = new Box(new int[n], new int[n], new int[n], new int[n]);
        for (int q = 0; q < n; q++) {
            box.aHigh[q] = q == n - 1 ? 0 : ranks.places[q];
            box.bLow[q] = 1;
            box.bHigh[q] = ranks.places[q] + 1;
        }
        return box;
    }

    /** The one rule. Shares its arrays: the box follows when the places change. */
    static Box of(Places places) {
        return new Box(places.a, places.a, places.b, places.b);
    }

    private Box copy() {
        return new Box(aLow.clone(), aHigh.clone(), bLow.clone(), bHigh.clone());
    }

    /**
     * One half.
     *
     * @param dimension twice the exit for its a, one more for its b
     * @param high which half
     */
    Box half(int dimension, boolean high) {
        Box half = copy();
        int q = dimension / 2;
        int[] low = dimension % 2 == 0 ? half.aLow : half.bLow;
        int[] top = dimension % 2 == 0 ? half.aHigh : half.bHigh;
        int middle = (low[q] + top[q]) >>> 1;
        if (high) {
            low[q] = middle + 1;
        } else {
            top[q] = middle;
        }
        half.aHigh[q] = Math.min(half.aHigh[q], half.bHigh[q] - 1);
        half.bLow[q] = Math.max(half.bLow[q], half.aLow[q] + 1);
        return half;
    }

    /** A rule in the middle of the box. */
    Places centre() {
        Places centre = new Places(aLow.length);
        for (int q = 0; q < aLow.length; q++) {
            centre.a[q] = (aLow[q] + aHigh[q]) >>> 1;
            centre.b[q] = Math.max(centre.a[q] + 1, (bLow[q] + bHigh[q]) >>> 1);
        }
        return centre;
    }
}
