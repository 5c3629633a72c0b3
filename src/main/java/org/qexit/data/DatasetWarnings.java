package org.qexit.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.qexit.common.Warning;

/** What data sets hold that models can learn, but hardly to any use. */
public final class DatasetWarnings {
    private DatasetWarnings() {}

    /** Of all classes. */
    public static List<Warning> of(Dataset train, Dataset test) {
        return of(train, test, null);
    }

    /**
     * Looks at pixels until one tells, and at all classes.
     *
     * @param task whose classes matter; null means all
     */
    public static List<Warning> of(Dataset train, Dataset test, Task task) {
        List<Warning> warnings = new ArrayList<>();
        for (Split split : Split.values()) {
            Dataset data = split == Split.TRAIN ? train : test;
            if (isUnit(data)) {
                warnings.add(new Warning(
                        "values-0-to-1",
                        "data set " + data.name() + ": all " + split.word()
                                + " values are 0 or 1, where levels 0 to 255 are expected. Maybe set csv.range: unit, or"
                                + " scale them"));
            }
        }
        int[] learnt = train.classCounts();
        int[] tested = test.classCounts();
        Set<String> unseen = new TreeSet<>();
        for (int c = 0; c < tested.length; c++) {
            boolean used = task == null
                    || task.critical().contains(c)
                    || task.normalClasses(test).contains(c);
            if (used && tested[c] > 0 && (c >= learnt.length || learnt[c] == 0)) {
                String name = test.classNames().get(c);
                unseen.add(name.equals(Integer.toString(c)) ? name : c + " (" + name + ")");
            }
        }
        if (!unseen.isEmpty()) {
            warnings.add(new Warning(
                    "class-without-training-samples",
                    "data set " + test.name() + ": no train samples of class " + String.join(", ", unseen)
                            + ", which has test samples"));
        }
        return List.copyOf(warnings);
    }

    /** Whether levels are 0 and 1 only, some of them 1: what scaled values look like when they are taken for levels. */
    private static boolean isUnit(Dataset data) {
        if (!data.isBytes()) {
            return false;
        }
        boolean any = false;
        for (int i = 0; i < data.size(); i++) {
            for (byte level : data.rawBytes(i)) {
                if ((level & 0xff) > 1) {
                    return false;
                }
                any |= level == 1;
            }
        }
        return any;
    }
}
