package org.qexit.data.bowles;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The families of synthetic sets; each has 19. */
public enum SyntheticFamily {
    LINEARLY_SEPARABLE("linearly_separable", "linearly_separable", "a plane with a margin, 2 to 20 features"),
    HIDDEN_MANIFOLD(
            "hidden_manifold", "hidden_manifold", "a random network on a manifold of 6 dimensions, 2 to 20 features"),
    HIDDEN_MANIFOLD_DIFF(
            "hidden_manifold_diff", "hidden_manifold_diff", "the same, 10 features, manifolds of 2 to 20 dimensions"),
    TWO_CURVES("two_curves", "two_curves_diff", "two curves of degree 5, 2 to 20 features"),
    TWO_CURVES_DIFF("two_curves_diff", "two_curves_diff", "two curves, 10 features, degrees 2 to 20"),
    HYPERPLANES_DIFF("hyperplanes_diff", "hyperplanes_diff", "parity of 2 to 20 planes in 3 dimensions, 10 features");

    private final String word;
    private final String directory;
    private final String what;

    SyntheticFamily(String word, String directory, String what) {
        this.word = word;
        this.directory = directory;
        this.what = what;
    }

    /** The one of that name, if there is one. */
    public static Optional<SyntheticFamily> of(String word) {
        return Arrays.stream(values())
                .filter(family -> family.word.equals(word))
                .findFirst();
    }

    /** The names of all. */
    public static List<String> words() {
        return Arrays.stream(values()).map(SyntheticFamily::word).toList();
    }

    public String word() {
        return word;
    }

    /** Where its files are published. */
    public String directory() {
        return directory;
    }

    public String what() {
        return what;
    }
}
