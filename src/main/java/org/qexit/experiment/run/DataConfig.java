package org.qexit.experiment.run;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.qexit.data.Dataset;
import org.qexit.data.Split;
import org.qexit.data.TaskChoice;
import org.qexit.data.catalog.DatasetCatalog;
import org.qexit.data.catalog.DatasetDescriptor;

/**
 * What the models learn.
 *
 * @param dataset name of a data set ({@code qexit data list}) or a path, relative to the configuration or else to the working directory;
 *     null beside a descriptor
 * @param descriptor where the samples are and how they read, instead of a name; its directories are relative to the configuration
 * @param task which classes are critical, by name or id, and how rare; null means pullover, coat and shirt of Fashion-MNIST, a tenth of all
 *     events
 */
public record DataConfig(String dataset, DatasetDescriptor descriptor, TaskChoice task) {
    public DataConfig {
        if ((dataset == null || dataset.isBlank()) == (descriptor == null)) {
            throw new IllegalArgumentException(
                    dataset == null
                            ? "dataset is missing; expected the name of a data set, a path, or a descriptor"
                            : "dataset is '" + dataset + "'; expected a name or path, or else a descriptor");
        }
        task = task == null ? TaskChoice.DEFAULT : task;
    }

    /** As messages and reports name it: of a path, what it ends with. */
    String name() {
        if (dataset == null) {
            return descriptor.name();
        }
        String[] steps = dataset.split("[/\\\\]+");
        return steps.length == 0 ? dataset : steps[steps.length - 1];
    }

    /**
     * The same with paths that lead from a configuration's directory made absolute. A bare name stays one.
     *
     * @param directory of the configuration
     */
    public DataConfig near(Path directory) {
        if (descriptor != null) {
            List<String> places = descriptor.directories().stream()
                    .map(place -> existing(directory, place).orElse(place))
                    .toList();
            return new DataConfig(null, descriptor.within(places), task);
        }
        return new DataConfig(resolved(dataset, directory), null, task);
    }

    /** A data set's path made absolute, if one leads from a configuration's directory to something; a bare name stays one. */
    public static String resolved(String dataset, Path directory) {
        boolean path = dataset.matches(".*[/\\\\].*|\\.{1,2}|.*\\.(ya?ml|json)");
        return path ? existing(directory, dataset).orElse(dataset) : dataset;
    }

    private static Optional<String> existing(Path directory, String path) {
        try {
            Path there = directory.resolve(path).toAbsolutePath().normalize();
            return Files.exists(there) ? Optional.of(there.toString()) : Optional.empty();
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    /** One part of the samples. */
    public Dataset load(DatasetCatalog catalog, Split split) {
        return dataset == null ? catalog.load(descriptor, split) : catalog.load(dataset, split);
    }
}
