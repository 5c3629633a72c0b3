package org.qexit.data.guess;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.qexit.data.Dataset;

/**
 * Which classes may be the critical ones.
 *
 * @param classes ids, ascending
 * @param reason why, part of a sentence
 */
public record CriticalGuess(List<Integer> classes, String reason) {
    private static final Pattern NORMAL =
            Pattern.compile("(?i)(.*[^a-z])?(normal|ok|okay|good|healthy|benign|negative|neg"
                    + "|background|none|no|nothing|clean|regular|empty|intact|false|ham|pass|passed|n)([^a-z].*)?");
    private static final Pattern CRITICAL =
            Pattern.compile("(?i).*(anomal|abnormal|defect|fault|fail|broken|crack|damag|scratch"
                    + "|fire|smoke|fall|attack|malici|malware|fraud|spam|alarm|alert|critical|danger|emergency|positive|sick|disease"
                    + "|cancer|malignan|tumou?r|infect|arrhythm|weapon|intru|not.?ok|not.?good|leak|burn|bad).*");

    /** A class with this share of all samples is what usually happens. */
    private static final double USUAL = 0.6;

    public CriticalGuess {
        classes = List.copyOf(classes);
    }

    /** By names that speak, else by numbers: what is rare is critical. */
    public static CriticalGuess of(Dataset data) {
        int[] counts = data.classCounts();
        List<Integer> present = IntStream.range(0, counts.length)
                .filter(c -> counts[c] > 0)
                .boxed()
                .toList();
        List<Integer> critical = new ArrayList<>(present.stream()
                .filter(c -> CRITICAL.matcher(data.classNames().get(c)).matches())
                .toList());
        if (!critical.isEmpty() && critical.size() < present.size()) {
            return new CriticalGuess(critical, "by name");
        }
        List<Integer> normal = present.stream()
                .filter(c -> NORMAL.matcher(data.classNames().get(c)).matches())
                .toList();
        if (!normal.isEmpty() && normal.size() < present.size()) {
            return new CriticalGuess(
                    present.stream().filter(c -> !normal.contains(c)).toList(), "all that are not normal by name");
        }
        int most = present.stream()
                .max((a, b) -> Integer.compare(counts[a], counts[b]))
                .orElseThrow();
        if (counts[most] >= USUAL * data.size()) {
            return new CriticalGuess(
                    present.stream().filter(c -> c != most).toList(), "all but the most frequent class");
        }
        int rarest = present.get(0);
        for (int c : present) {
            rarest = counts[c] <= counts[rarest] ? c : rarest;
        }
        return new CriticalGuess(List.of(rarest), "the rarest class, or the last of several");
    }
}
