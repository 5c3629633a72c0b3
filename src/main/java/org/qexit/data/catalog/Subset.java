package org.qexit.data.catalog;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.qexit.common.AtomicFiles;
import org.qexit.common.Checks;
import org.qexit.common.Hashing;
import org.qexit.common.Json;
import org.qexit.common.RandomStreams;
import org.qexit.common.UserError;
import org.qexit.data.Dataset;
import org.qexit.data.Split;
import org.qexit.data.catalog.DatasetDescriptor.DataFile;
import org.qexit.data.catalog.DatasetDescriptor.Format;
import org.qexit.data.catalog.DatasetDescriptor.Made;
import org.qexit.data.catalog.DatasetDescriptor.Role;
import org.qexit.data.formats.Idx;
import org.qexit.data.formats.IdxType;

/**
 * Makes a smaller data set with equally many samples of each class, chosen at random, in the order of their source. The same
 * choice gives the same bytes on every run.
 *
 * @param trainPerClass training samples of each class
 * @param testPerClass test samples of each class
 * @param seed of the choice
 */
public record Subset(int trainPerClass, int testPerClass, long seed) {
    public Subset {
        Checks.within("trainPerClass", trainPerClass, 1, Integer.MAX_VALUE);
        Checks.within("testPerClass", testPerClass, 1, Integer.MAX_VALUE);
    }

    /**
     * Writes four gzipped IDX files into a directory, and their descriptor beside it as {@code <directory>.json}.
     *
     * @return the descriptor
     */
    public DatasetDescriptor write(DatasetCatalog catalog, String source, Path directory) {
        DatasetCatalog.Located located = catalog.locate(source);
        if (isSame(located.directory(), directory)) {
            throw new UserError(directory + ": is the source itself; expected another directory");
        }
        Path last = directory.toAbsolutePath().normalize().getFileName();
        if (last == null) {
            throw new UserError(directory + ": has no name; expected a directory");
        }
        return AtomicFiles.wholeOrNone(directory, () -> filled(catalog, located, source, directory, last.toString()));
    }

    private DatasetDescriptor filled(
            DatasetCatalog catalog, DatasetCatalog.Located located, String source, Path directory, String name) {
        List<DataFile> files = new ArrayList<>();
        int images = 0;
        DatasetDescriptor from = located.descriptor();
        List<String> classNames = from.classNames();
        for (Split split : Split.values()) {
            Dataset data = catalog.load(source, split);
            int[] chosen = choose(data, split);
            images += chosen.length;
            classNames = classNames == null ? data.classNames() : classNames;
            files.addAll(writeSplit(data, chosen, split, directory));
        }
        DatasetDescriptor descriptor = new DatasetDescriptor(
                name,
                images + " images of " + from.name() + ": " + trainPerClass + " + " + testPerClass + " of each class",
                from.home(),
                from.licence(),
                null,
                Format.IDX,
                classNames,
                List.of(name),
                files,
                null,
                null,
                null,
                new Made(command(source, name), from.name(), sourceHashes(located)));
        Json.write(directory.resolveSibling(name + ".json"), descriptor);
        return descriptor;
    }

    private String command(String source, String name) {
        return "qexit data subset " + source + " --train-per-class " + trainPerClass + " --test-per-class "
                + testPerClass + " --seed " + seed + " --out datasets/" + name;
    }

    /** Samples in ascending order; the same number of each class that has any. */
    int[] choose(Dataset data, Split split) {
        int perClass = split == Split.TRAIN ? trainPerClass : testPerClass;
        int[][] byClass = data.samplesByClass();
        int[] chosen = new int[0];
        for (int c = 0; c < byClass.length; c++) {
            if (byClass[c].length == 0) {
                continue;
            }
            if (byClass[c].length < perClass) {
                throw new UserError("data set " + data.name() + ": class " + c + " ("
                        + data.classNames().get(c)
                        + ") has " + byClass[c].length + " " + split.word() + " samples; " + perClass
                        + " per class were asked for");
            }
            RandomStreams.shuffle(byClass[c], RandomStreams.of(seed).stream("subset/" + split.word() + "/class" + c));
            int from = chosen.length;
            chosen = Arrays.copyOf(chosen, from + perClass);
            System.arraycopy(byClass[c], 0, chosen, from, perClass);
        }
        Arrays.sort(chosen);
        return chosen;
    }

    private static List<DataFile> writeSplit(Dataset data, int[] chosen, Split split, Path directory) {
        if (!data.isBytes()) {
            throw new UserError("data set " + data.name() + ": pixels are decimals; expected bytes for a subset");
        }
        byte[] labels = new byte[chosen.length];
        for (int k = 0; k < chosen.length; k++) {
            if (data.classOf(chosen[k]) > 255) {
                throw new UserError("data set " + data.name() + ": class " + data.classOf(chosen[k])
                        + "; expected at most 255 for a subset");
            }
            labels[k] = (byte) data.classOf(chosen[k]);
        }
        List<byte[]> pixels = new AbstractList<>() {
            @Override
            public byte[] get(int k) {
                return data.rawBytes(chosen[k]);
            }

            @Override
            public int size() {
                return chosen.length;
            }
        };
        int[] dims = data.channels() == 1
                ? new int[] {chosen.length, data.height(), data.width()}
                : new int[] {chosen.length, data.channels(), data.height(), data.width()};
        boolean train = split == Split.TRAIN;
        String stem = train ? "train" : "t10k";
        return List.of(
                writeFile(
                        train ? Role.TRAIN_IMAGES : Role.TEST_IMAGES,
                        directory.resolve(stem + "-images-idx" + dims.length + "-ubyte.gz"),
                        dims,
                        pixels),
                writeFile(
                        train ? Role.TRAIN_LABELS : Role.TEST_LABELS,
                        directory.resolve(stem + "-labels-idx1-ubyte.gz"),
                        new int[] {chosen.length},
                        List.of(labels)));
    }

    private static DataFile writeFile(Role role, Path file, int[] dims, List<byte[]> rows) {
        String content = Idx.write(file, IdxType.UBYTE, dims, rows);
        return new DataFile(role, file.getFileName().toString(), hash(file), content);
    }

    private static Map<String, String> sourceHashes(DatasetCatalog.Located located) {
        Map<String, String> hashes = new TreeMap<>();
        for (DataFile file : located.descriptor().files()) {
            DatasetCatalog.resolve(located.directory(), file)
                    .filter(Files::isRegularFile)
                    .ifPresent(path -> hashes.put(path.getFileName().toString(), hash(path)));
        }
        return hashes;
    }

    private static String hash(Path file) {
        try {
            return Hashing.sha256Hex(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isSame(Path one, Path other) {
        try {
            return Files.exists(other) && Files.isSameFile(one, other);
        } catch (IOException e) {
            throw new UserError(other + ": cannot be read: " + e.getMessage(), e);
        }
    }
}
