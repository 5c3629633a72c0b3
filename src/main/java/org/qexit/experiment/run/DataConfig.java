package org.qexit.experiment.run;

import org.qexit.common.Checks;
import org.qexit.data.Task;

/**
 * What the models learn.
 *
 * @param dataset name of a data set ({@code qexit data list}) or a path
 * @param task which classes are critical, and how rare; null means {@link Task#DEFAULT}
 */
public record DataConfig(String dataset, Task task) {
    public DataConfig {
        Checks.notBlank("dataset", dataset);
        task = task == null ? Task.DEFAULT : task;
    }
}
