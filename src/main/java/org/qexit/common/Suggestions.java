package org.qexit.common;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What somebody may have meant who mistyped a name. */
public final class Suggestions {
    /** Names longer than this are compared no further: they are no slips of the finger. */
    private static final int LONGEST = 64;

    private Suggestions() {}

    /**
     * The known name that is nearest to a written one, if one is near: by the fewest insertions, deletions, replacements and swaps of
     * neighbours (optimal string alignment), at most a third of the letters and at most 3; capitals, - and _ count as nothing. The first of
     * several.
     */
    public static Optional<String> nearest(String written, Collection<String> known) {
        String plain = plain(written);
        if (plain.isEmpty() || plain.length() > LONGEST) {
            return Optional.empty();
        }
        List<String> near = new ArrayList<>();
        for (String name : known) {
            String other = plain(name);
            int most = Math.min(3, Math.max(1, Math.min(plain.length(), other.length()) / 3));
            if (other.length() <= LONGEST && distance(plain, other) <= most) {
                near.add(name);
            }
        }
        return near.stream().min(Comparator.comparingInt(name -> distance(plain, plain(name))));
    }

    /** A question to put behind a message, or nothing: " (did you mean 'training'?)". */
    public static String maybe(String written, Collection<String> known) {
        return nearest(written, known)
                .map(name -> " (did you mean '" + name + "'?)")
                .orElse("");
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[-_ ]", "");
    }

    private static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            d[i][0] = i;
        }
        for (int j = 0; j <= b.length(); j++) {
            d[0][j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            for (int j = 1; j <= b.length(); j++) {
                int other = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                d[i][j] = Math.min(d[i - 1][j - 1] + other, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
                boolean swapped =
                        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                if (swapped) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
