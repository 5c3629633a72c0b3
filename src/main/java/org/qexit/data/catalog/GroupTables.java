package org.qexit.data.catalog;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.qexit.common.UserError;
import org.qexit.data.formats.PlainNumber;

/** Keeps the groups of two splits apart, however their names are spelt: {@code 1} and {@code 1.0} are one patient. */
final class GroupTables {
    private GroupTables() {}

    /**
     * @param what the descriptor's name and the groups' column, for messages
     * @param groups of the samples of one split
     * @param others those of the other split
     */
    static void checkDisjoint(String what, List<String> groups, List<String> others) {
        Map<String, String> spellings = spellings(what, groups);
        for (String other : others) {
            String shared = spellings.get(PlainNumber.key(other));
            if (shared != null) {
                throw new UserError(
                        shared.equals(other)
                                ? what + " " + shared + " is in both splits; expected disjoint groups"
                                : what + " " + PlainNumber.key(other) + " is in both splits, as " + shared + " and "
                                        + other + "; expected disjoint groups");
            }
        }
    }

    private static Map<String, String> spellings(String what, List<String> groups) {
        Map<String, String> spellings = new LinkedHashMap<>();
        for (String group : groups) {
            String before = spellings.putIfAbsent(PlainNumber.key(group), group);
            if (before != null && !before.equals(group)) {
                throw new UserError(
                        what + " " + before + " is also written " + group + "; expected one spelling of a group");
            }
        }
        return spellings;
    }
}
