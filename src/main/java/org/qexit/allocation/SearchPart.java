package org.qexit.allocation;

import java.util.Locale;

/** Parts of the search of {@code exact} that it would be right without, only slower: to measure what each of them gains. */
public enum SearchPart {
    /** Prices are tried between the best ones and the master's. */
    SMOOTHING,
    /** Several sets of a node enter the master in a round. */
    COLUMNS,
    /** Knapsacks begin with few labels. */
    LABELS,
    /** A branch whose bound creeps is split before its columns are all found. */
    EARLY_BRANCHING,
    /** Cold annealings from what the master says. */
    REPAIR,
    /** Fixing more and more of what the master says. */
    DIVES,
    /** Dealing the devices of a few nodes anew, by a small tree of their own, where the root leaves a large gap. */
    EXCHANGES;

    /** As it is written on the command line. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
