package org.qexit.allocation.energy;

import java.util.Arrays;

/** Sets of devices as increasing arrays. */
final class Sets {
    private Sets() {}

    static int[] without(int[] members, int n) {
        int[] fewer = new int[members.length - 1];
        int count = 0;
        for (int m : members) {
            if (m != n) {
                fewer[count++] = m;
            }
        }
        return fewer;
    }

    static int[] with(int[] members, int n) {
        int[] more = Arrays.copyOf(members, members.length + 1);
        int at = members.length;
        while (at > 0 && more[at - 1] > n) {
            more[at] = more[at - 1];
            at--;
        }
        more[at] = n;
        return more;
    }
}
