package org.qexit.data.catalog;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.qexit.common.AtomicFiles;
import org.qexit.common.Checks;
import org.qexit.common.Hashing;
import org.qexit.common.Json;
import org.qexit.data.Split;
import org.qexit.data.catalog.DatasetDescriptor.DataFile;
import org.qexit.data.catalog.DatasetDescriptor.Format;
import org.qexit.data.catalog.DatasetDescriptor.Made;
import org.qexit.data.catalog.DatasetDescriptor.Role;
import org.qexit.data.formats.Idx;
import org.qexit.data.formats.IdxType;

/**
 * Makes a data set of heart beats from the records of the MIT-BIH Arrhythmia Database: for every annotated beat the {@value #WIDTH}
 * samples of lead MLII (or the first signal) from {@value #BEFORE} before it, as levels round(128 + 50 x) of x millivolts, cut to 0 to
 * 255. Beats whose window leaves the record, or holds a sample that is marked as not valid, are left out and counted. Classes are those of
 * the AAMI standard EC57.
 */
public final class HeartBeats {
    static final int WIDTH = 256;
    static final int BEFORE = 99;

    private static final List<String> CLASSES =
            List.of("normal", "supraventricular", "ventricular", "fusion", "unknown");

    /** Patients that models learn from, and those that they are tested on: de Chazal et al., IEEE TBME 51 (2004), 1196-1206, Table I. */
    public static final List<String> TRAIN = List.of(
            "101", "106", "108", "109", "112", "114", "115", "116", "118", "119", "122", "124", "201", "203", "205",
            "207", "208", "209", "215", "220", "223", "230");

    public static final List<String> TEST = List.of(
            "100", "103", "105", "111", "113", "117", "121", "123", "200", "202", "210", "212", "213", "214", "219",
            "221", "222", "228", "231", "232", "233", "234");

    private HeartBeats() {}

    /**
     * Writes six gzipped files into a directory, and their descriptor beside it as {@code <directory>.json}.
     *
     * @param records directory of {@code NAME.hea}, {@code .dat} and {@code .atr} of every record
     */
    public static DatasetDescriptor write(Path records, List<String> train, List<String> test, Path directory) {
        return AtomicFiles.wholeOrNone(directory, () -> filled(records, train, test, directory));
    }

    private static DatasetDescriptor filled(Path records, List<String> train, List<String> test, Path directory) {
        Path last = Checks.present(
                "name of " + directory, directory.toAbsolutePath().normalize().getFileName());
        List<DataFile> files = new ArrayList<>();
        Map<String, String> sources = new TreeMap<>();
        // Everything is read before anything is written.
        Map<Split, BeatWindows> read = new EnumMap<>(Split.class);
        for (Split split : Split.values()) {
            List<String> names = split == Split.TRAIN ? train : test;
            read.put(split, BeatWindows.read(records, names, split.word(), sources));
        }
        read.forEach((split, windows) -> write(split, windows, directory, files));
        int beats = read.values().stream().mapToInt(BeatWindows::size).sum();
        DatasetDescriptor descriptor = new DatasetDescriptor(
                last.toString(),
                beats + " heart beats of " + (train.size() + test.size()) + " patients, 1 x " + WIDTH + " samples",
                "https://physionet.org/content/mitdb/1.0.0/",
                "Open Data Commons Attribution License 1.0; Moody and Mark, MIT-BIH Arrhythmia Database",
                null,
                Format.IDX,
                CLASSES,
                List.of(last.toString()),
                files,
                null,
                null,
                "record",
                new Made("qexit data beats RECORDS --out datasets/" + last, "mitdb", sources));
        Json.write(directory.resolveSibling(last + ".json"), descriptor);
        return descriptor;
    }

    private static void write(Split split, BeatWindows beats, Path directory, List<DataFile> files) {
        boolean train = split == Split.TRAIN;
        String stem = split.word();
        files.add(idx(
                train ? Role.TRAIN_IMAGES : Role.TEST_IMAGES,
                directory.resolve(stem + "-beats-idx3-ubyte.gz"),
                new int[] {beats.size(), 1, WIDTH},
                beats.windows()));
        files.add(idx(
                train ? Role.TRAIN_LABELS : Role.TEST_LABELS,
                directory.resolve(stem + "-labels-idx1-ubyte.gz"),
                new int[] {beats.size()},
                List.of(beats.labels())));
        AtomicFiles.writeString(directory.resolve(stem + "-meta.csv"), beats.table());
        files.add(new DataFile(
                Role.groups(split),
                stem + "-meta.csv",
                null,
                Hashing.sha256Hex(beats.table().getBytes(StandardCharsets.UTF_8))));
    }

    private static DataFile idx(Role role, Path file, int[] dims, List<byte[]> rows) {
        return new DataFile(role, file.getFileName().toString(), null, Idx.write(file, IdxType.UBYTE, dims, rows));
    }
}
