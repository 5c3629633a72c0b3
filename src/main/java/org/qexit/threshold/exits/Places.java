package org.qexit.threshold.exits;

/** Where the thresholds of every exit stand, as places of {@link Ranks}: normal is rank &le; a, critical rank &ge; b. */
final class Places {
    final int[] a;
    final int[] b;

    Places(int exits) {
        a = new int[exits];
        b = new int[exits];
    }

    Places copy() {
        Places copy = new Places(a.length);
        System.arraycopy(a, 0, copy.a, 0, a.length);
        System.arraycopy(b, 0, copy.b, 0, b.length);
        return copy;
    }
}
