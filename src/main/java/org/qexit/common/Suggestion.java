package org.qexit.common;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;

/** What a mistyped name was probably meant to be. */
public final class Suggestion {
    private Suggestion() {}

    /** ". Maybe 'name' was meant" for the closest of some names, or nothing where none is close. */
    public static String of(String typed, Collection<String> names) {
        int most = Math.max(1, typed.length() / 3);
        return names.stream()
                .filter(name -> distance(typed, name) <= most)
                .min(Comparator.comparingInt(name -> distance(typed, name)))
                .map(name -> ". Maybe '" + UserError.shown(name) + "' was meant")
                .orElse("");
    }

    /** Letters to insert, delete or change, whatever their case (Levenshtein's distance). */
    private static int distance(String typed, String name) {
        String a = typed.toLowerCase(Locale.ROOT);
        String b = name.toLowerCase(Locale.ROOT);
        int[] row = new int[b.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
