package org.qexit.experiment.results;

import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import org.qexit.common.ConfigText;
import org.qexit.common.task.ConfigSource;
import org.qexit.common.task.TaskRunner;
import org.qexit.data.catalog.DatasetCatalog;

/** Where a study is done: what its tasks are run by, and what other processes need to know to do their part of it. */
public final class StudyPlace implements Serializable {
    private static final long serialVersionUID = 1L;

    private final transient DatasetCatalog catalog;
    private final transient TaskRunner runner;
    private final ConfigSource source;
    private final List<String> dataDirectories;

    private StudyPlace(DatasetCatalog catalog, TaskRunner runner, ConfigSource source) {
        this.catalog = catalog;
        this.runner = runner;
        this.source = source;
        this.dataDirectories = catalog == null
                ? List.of()
                : catalog.roots().stream()
                        .map(root -> root.toAbsolutePath().normalize().toString())
                        .toList();
    }

    /**
     * This process alone.
     *
     * @param catalog null if the study reads no data sets
     */
    public static StudyPlace here(DatasetCatalog catalog, int threads) {
        return new StudyPlace(catalog, TaskRunner.here(threads), null);
    }

    /**
     * Wherever the runner has its tasks done.
     *
     * @param config of the study
     */
    public static StudyPlace of(DatasetCatalog catalog, TaskRunner runner, ConfigText config) {
        return new StudyPlace(catalog, runner, ConfigSource.of(config));
    }

    /** Only where the study was begun. */
    public TaskRunner runner() {
        return runner;
    }

    /** The study's configuration, for other processes. */
    public ConfigText config() {
        return source.config();
    }

    /** The data sets, wherever this is. */
    public DatasetCatalog catalog() {
        return runner != null
                ? catalog
                : DatasetCatalog.of(dataDirectories.stream().map(Path::of).toList());
    }
}
