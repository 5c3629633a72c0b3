package org.qexit.onnx.foreign;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.qexit.common.UserError;
import org.qexit.onnx.graph.OnnxNode;

/**
 * What a foreign model's exits say, as confidences "critical": the sum of the critical classes' probabilities, or of a single number that of
 * class 1 (or 0). Logits become probabilities by softmax, single ones by the logistic function.
 *
 * @param classes K, or 1 where an exit says one number
 * @param critical ids of the critical classes, ascending; of a single number 1, or 0 for its complement
 * @param probabilities whether an exit says probabilities, {@code [exit]}, else logits
 * @param doubtful whether an exit's logits might as well be probabilities, and nobody said which, {@code [exit]}
 */
public record ExitScores(int classes, List<Integer> critical, List<Boolean> probabilities, List<Boolean> doubtful) {
    /** Of float32 softmax over many classes. */
    private static final double SUM_TOLERANCE = 1e-3;
    /** Operators that change no number. */
    private static final Set<String> PASSING =
            Set.of("Identity", "Squeeze", "Unsqueeze", "Reshape", "Flatten", "Cast", "Dropout");

    /** What the user says of the numbers. */
    public enum Said {
        LOGITS,
        PROBABILITIES,
        NOTHING
    }

    /**
     * Recognises what a model's exits say: probabilities where they come from a softmax, logistic function or the like, or where all of them
     * are a distribution.
     *
     * @param scores {@code [exit][event * classes + class]}
     * @param critical ids of the critical classes
     * @throws UserError for critical classes out of range, or numbers that are not what was said
     */
    public static ExitScores of(ForeignRun run, float[][] scores, List<Integer> critical, Said said) {
        return of(
                run.graph().model().exits(),
                exit -> endsInProbabilities(run.graph(), exit),
                run.classes(),
                scores,
                critical,
                said);
    }

    /**
     * The same of numbers that a file holds. Single numbers that all lie in 0 to 1 are probabilities here: nothing else is known of them.
     *
     * @param exits their names, first exit first
     * @param classes K, or 1 where an exit says one number
     */
    public static ExitScores of(List<String> exits, int classes, float[][] scores, List<Integer> critical, Said said) {
        return of(exits, exit -> true, classes, scores, critical, said);
    }

    private static ExitScores of(
            List<String> exits,
            Predicate<String> madeAsProbabilities,
            int classes,
            float[][] scores,
            List<Integer> critical,
            Said said) {
        List<Integer> ids = critical.stream().sorted().distinct().toList();
        checkCritical(ids, classes);
        List<Boolean> probabilities = new ArrayList<>();
        List<Boolean> doubtful = new ArrayList<>();
        for (int q = 0; q < scores.length; q++) {
            String exit = exits.get(q);
            boolean distribution = isDistribution(scores[q], classes);
            if (said == Said.PROBABILITIES && !distribution) {
                throw new UserError("--probabilities: exit '" + UserError.shown(exit)
                        + "' says numbers that are no probabilities; expected 0 to 1"
                        + (classes == 1 ? "" : ", with the sum 1"));
            }
            boolean by = classes > 1 || madeAsProbabilities.test(exit);
            probabilities.add(said == Said.PROBABILITIES || said == Said.NOTHING && distribution && by);
            doubtful.add(said == Said.NOTHING && distribution && !by);
        }
        return new ExitScores(classes, ids, probabilities, doubtful);
    }

    private static void checkCritical(List<Integer> ids, int classes) {
        if (ids.isEmpty()) {
            throw new UserError("--critical is empty; expected ids of classes");
        }
        int last = Math.max(1, classes - 1);
        for (int id : ids) {
            if (id < 0 || id > last) {
                throw new UserError("--critical names class " + id + "; expected 0 to " + last
                        + ", for the model tells " + (last + 1) + " classes apart");
            }
        }
        if (ids.size() > last) {
            throw new UserError("--critical names all " + (last + 1) + " classes; expected some that are not");
        }
    }

    private static boolean isDistribution(float[] scores, int classes) {
        for (int at = 0; at < scores.length; at += classes) {
            double sum = 0;
            for (int c = at; c < at + classes; c++) {
                if (!(scores[c] >= 0 && scores[c] <= 1 + SUM_TOLERANCE)) {
                    return false;
                }
                sum += scores[c];
            }
            if (classes > 1 && Math.abs(sum - 1) > SUM_TOLERANCE) {
                return false;
            }
        }
        return true;
    }

    private static boolean endsInProbabilities(ForeignGraph graph, String exit) {
        int node = graph.producer(exit);
        while (node >= 0) {
            OnnxNode made = graph.nodes().get(node);
            if (!PASSING.contains(made.operator())) {
                return made.operator().equals("Softmax") || made.operator().equals("Sigmoid");
            }
            node = graph.producer(made.inputs().get(0));
        }
        return false;
    }

    /** Confidences {@code [exit][event]} of {@code [exit][event * classes + class]}. */
    public float[][] confidences(float[][] scores) {
        float[][] confidences = new float[scores.length][];
        for (int q = 0; q < scores.length; q++) {
            confidences[q] = new float[scores[q].length / classes];
            for (int k = 0; k < confidences[q].length; k++) {
                double[] row = new double[classes];
                for (int c = 0; c < classes; c++) {
                    row[c] = scores[q][k * classes + c];
                }
                double confidence = classes == 1 ? single(row[0], q) : several(row, q);
                confidences[q][k] = (float) Math.min(1, Math.max(0, confidence));
            }
        }
        return confidences;
    }

    private double single(double value, int exit) {
        double probability = probabilities.get(exit) ? value : 1 / (1 + Math.exp(-value));
        return critical.get(0) == 1 ? probability : 1 - probability;
    }

    private double several(double[] row, int exit) {
        double sum = 0;
        double all = 1;
        double most = Arrays.stream(row).max().orElseThrow();
        if (!probabilities.get(exit)) {
            all = Arrays.stream(row).map(value -> Math.exp(value - most)).sum();
        }
        for (int id : critical) {
            sum += probabilities.get(exit) ? row[id] : Math.exp(row[id] - most);
        }
        return sum / all;
    }
}
