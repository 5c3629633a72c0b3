package org.qexit.experiment;

import org.qexit.common.Checks;
import org.qexit.data.Task;

/**
 * What the models learn.
 *
 * @param dataset name of a data set ({@code qexit data list}) or a path
 * @param task which classes are critical, and how rare; null means {@link Task#DEFAULT}
 * @param heldOutFraction share of the training images held out to choose epochs and thresholds; null means 0.2
 */
public record DataConfig(String dataset, Task task, Double heldOutFraction) {
    private static final double DEFAULT_HELD_OUT = 0.2;

    public DataConfig {
        Checks.notBlank("dataset", dataset);
        task = task == null ? Task.DEFAULT : task;
        heldOutFraction = heldOutFraction == null ? DEFAULT_HELD_OUT : heldOutFraction;
        Checks.within("heldOutFraction", heldOutFraction, 0.01, 0.9);
    }
}
