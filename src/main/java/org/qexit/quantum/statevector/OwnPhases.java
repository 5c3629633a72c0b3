package org.qexit.quantum.statevector;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The phases of a permutation that differ from sample to sample, as a table that is computed once per tile for all permutations with the same. */
final class OwnPhases {
    private final List<PhaseGroup> groups;
    /** Of each group: the row of its angle by product of Z, or -1. */
    final List<int[]> slots = new ArrayList<>();
    /** Of each group: where amplitude k is in its table; null for the same place. */
    final List<int[]> places = new ArrayList<>();

    private OwnPhases(List<PhaseGroup> groups) {
        this.groups = groups;
    }

    /** Of all groups with such phases. */
    static OwnPhases of(Monomial monomial, int qubits, int width) {
        OwnPhases phases = new OwnPhases(
                monomial.groups.stream().filter(group -> !group.own.isEmpty()).toList());
        for (PhaseGroup group : phases.groups) {
            int[] rows = new int[TileKernels.slots(qubits)];
            Arrays.fill(rows, -1);
            phases.slots.add(rows);
            phases.places.add(
                    group.places == null
                            ? null
                            : Arrays.stream(group.places)
                                    .map(k -> TileKernels.rowOf(k, width))
                                    .toArray());
        }
        return phases;
    }

    boolean isEmpty() {
        return groups.isEmpty();
    }

    List<PhaseGroup> groups() {
        return groups;
    }

    /** Whether both make the same table. */
    boolean same(OwnPhases other) {
        if (groups.size() != other.groups.size()) {
            return false;
        }
        for (int i = 0; i < groups.size(); i++) {
            if (!groups.get(i).own.equals(other.groups.get(i).own)
                    || !Arrays.equals(groups.get(i).places, other.groups.get(i).places)) {
                return false;
            }
        }
        return true;
    }
}
