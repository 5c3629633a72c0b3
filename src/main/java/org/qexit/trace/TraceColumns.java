package org.qexit.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The columns of a trace file beside device, event and label.
 *
 * @param exits L
 * @param classes K of a multi-class trace, or 0 for one of confidences
 * @param origins whether class and source are there
 */
record TraceColumns(int exits, int classes, boolean origins) {
    static final String CLASS = "class";
    static final String SOURCE = "source";

    private static final Pattern SCORE = Pattern.compile("c[1-9][0-9]*|p[1-9][0-9]*_[0-9]+");

    static boolean isScore(String name) {
        return SCORE.matcher(name).matches();
    }

    /** Score columns per row. */
    int scores() {
        return exits * Math.max(1, classes);
    }

    String score(int index) {
        return classes == 0 ? "c" + (index + 1) : "p" + (index / classes + 1) + "_" + index % classes;
    }

    List<String> scoreNames() {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < scores(); i++) {
            names.add(score(i));
        }
        return names;
    }

    /** In their own order: event, label and the scores, whose cells may be bad. */
    List<String> numbers() {
        List<String> names = new ArrayList<>(List.of("event", "label"));
        names.addAll(scoreNames());
        return names;
    }
}
